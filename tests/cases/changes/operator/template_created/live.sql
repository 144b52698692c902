-- as superuser
CREATE TEXT SEARCH TEMPLATE app.second (lexize = dsimple_lexize)

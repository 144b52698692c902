-- as superuser
DROP TEXT SEARCH TEMPLATE app.template;
CREATE TEXT SEARCH TEMPLATE app.template (lexize = dsimple_lexize)

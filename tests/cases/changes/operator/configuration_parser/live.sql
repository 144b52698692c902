-- as superuser
DROP TEXT SEARCH CONFIGURATION app.search;
CREATE TEXT SEARCH CONFIGURATION app.search (parser = app.parser);
ALTER TEXT SEARCH CONFIGURATION app.search ADD MAPPING FOR word WITH app.words, simple

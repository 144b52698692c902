-- as superuser
DROP TEXT SEARCH PARSER app.parser

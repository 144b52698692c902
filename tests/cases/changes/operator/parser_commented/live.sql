-- as superuser
COMMENT ON TEXT SEARCH PARSER app.parser IS 'said by hand'

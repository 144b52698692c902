-- as superuser
COMMENT ON TEXT SEARCH DICTIONARY app.words IS 'said by hand'

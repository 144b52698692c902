-- as superuser
COMMENT ON TEXT SEARCH CONFIGURATION app.search IS 'said by hand'

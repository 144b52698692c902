-- as superuser
COMMENT ON TEXT SEARCH TEMPLATE app.template IS 'said by hand'

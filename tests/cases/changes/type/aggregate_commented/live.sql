-- as superuser
COMMENT ON AGGREGATE app.longest(text) IS 'said by hand'

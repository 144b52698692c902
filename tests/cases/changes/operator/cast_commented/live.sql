-- as superuser
COMMENT ON CAST (app.celsius AS numeric) IS 'said by hand'

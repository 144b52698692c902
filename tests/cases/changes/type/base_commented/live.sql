-- as superuser
COMMENT ON TYPE app.token IS 'said by hand'

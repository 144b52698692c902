-- as superuser
COMMENT ON TYPE app.address IS 'said by hand'

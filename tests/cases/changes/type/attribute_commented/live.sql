-- as superuser
COMMENT ON COLUMN app.address.zip IS 'said by hand'

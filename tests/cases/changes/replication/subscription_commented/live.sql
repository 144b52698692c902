-- as superuser
COMMENT ON SUBSCRIPTION s IS 'said by hand'

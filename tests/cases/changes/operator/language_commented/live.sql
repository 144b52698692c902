-- as superuser
COMMENT ON LANGUAGE mylang IS 'said by hand'

-- as superuser
COMMENT ON PUBLICATION p IS 'said by hand'

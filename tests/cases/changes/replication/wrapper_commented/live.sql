-- as superuser
COMMENT ON FOREIGN DATA WRAPPER w IS 'said by hand'

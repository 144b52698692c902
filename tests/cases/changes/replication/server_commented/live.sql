-- as superuser
COMMENT ON SERVER remote IS 'said by hand'

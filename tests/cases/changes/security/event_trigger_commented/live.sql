-- as superuser
COMMENT ON EVENT TRIGGER watch IS 'said by hand'

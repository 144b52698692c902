-- as superuser
COMMENT ON ACCESS METHOD heap2 IS 'said by hand'

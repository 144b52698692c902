-- as superuser
COMMENT ON OPERATOR app.=== (integer, integer) IS 'said by hand'

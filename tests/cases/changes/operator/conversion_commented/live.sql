-- as superuser
COMMENT ON CONVERSION app.latin IS 'said by hand'

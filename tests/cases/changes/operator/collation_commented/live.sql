-- as superuser
COMMENT ON COLLATION app.plain IS 'said by hand'

-- as superuser
COMMENT ON OPERATOR FAMILY app.loose USING btree IS 'said by hand'

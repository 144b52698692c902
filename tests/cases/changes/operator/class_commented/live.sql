-- as superuser
COMMENT ON OPERATOR CLASS app.backwards USING btree IS 'said by hand'

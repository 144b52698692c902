-- as superuser
COMMENT ON RULE keep ON app.log IS 'said by hand'

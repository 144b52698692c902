-- as superuser
COMMENT ON POLICY own ON app.notes IS 'said by hand'

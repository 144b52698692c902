-- as superuser
COMMENT ON STATISTICS app.pairs IS 'said by hand'

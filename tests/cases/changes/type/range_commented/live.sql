-- as superuser
COMMENT ON TYPE app.money_range IS 'said by hand'

-- as superuser
COMMENT ON TRANSFORM FOR app.celsius LANGUAGE sql IS 'said by hand'

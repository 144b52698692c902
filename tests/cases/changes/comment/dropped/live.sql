COMMENT ON COLUMN app.users.phone IS NULL;

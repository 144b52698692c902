ALTER RULE keep ON app.log RENAME TO hold

DROP RULE keep ON app.log

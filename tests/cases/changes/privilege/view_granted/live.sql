GRANT SELECT ON app.v TO other

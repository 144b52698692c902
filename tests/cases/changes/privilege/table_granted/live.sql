GRANT SELECT ON app.u TO other

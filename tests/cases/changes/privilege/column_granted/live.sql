GRANT SELECT (id) ON app.u TO other

-- as superuser
ALTER FOREIGN TABLE app.far OPTIONS (SET path '/b')

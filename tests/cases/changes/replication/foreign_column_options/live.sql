-- as superuser
ALTER FOREIGN TABLE app.far ALTER COLUMN id OPTIONS (SET name 'y')

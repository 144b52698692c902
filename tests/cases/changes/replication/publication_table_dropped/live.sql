-- as superuser
ALTER PUBLICATION p DROP TABLE app.a

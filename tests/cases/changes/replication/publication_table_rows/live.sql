-- as superuser
ALTER PUBLICATION p SET TABLE app.a (id, b) WHERE (id > 1)

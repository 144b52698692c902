-- as superuser
ALTER PUBLICATION p SET TABLE app.a (id) WHERE (id > 0)

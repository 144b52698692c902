-- as superuser --@ >=15
ALTER PUBLICATION p SET TABLE app.a (id) WHERE (id > 0) --@ >=15

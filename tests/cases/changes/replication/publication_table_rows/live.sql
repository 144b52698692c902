-- as superuser --@ >=15
ALTER PUBLICATION p SET TABLE app.a (id, b) WHERE (id > 1) --@ >=15

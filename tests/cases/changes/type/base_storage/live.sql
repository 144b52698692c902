-- as superuser --@ >=13
ALTER TYPE app.token SET (storage = external) --@ >=13

-- as superuser
ALTER TYPE app.token SET (storage = external)

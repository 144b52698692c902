-- as superuser
ALTER TYPE app.token RENAME TO ticket

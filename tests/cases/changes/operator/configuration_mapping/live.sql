-- as superuser
ALTER TEXT SEARCH CONFIGURATION app.search ALTER MAPPING FOR word WITH simple

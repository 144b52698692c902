-- as superuser
CREATE TEXT SEARCH CONFIGURATION app.find (parser = default)

-- as superuser
DROP TEXT SEARCH CONFIGURATION app.search

-- as superuser
CREATE TEXT SEARCH DICTIONARY app.more (template = simple)

-- as superuser
ALTER TEXT SEARCH DICTIONARY app.words RENAME TO terms

-- as superuser
ALTER TEXT SEARCH DICTIONARY app.words (stopwords)

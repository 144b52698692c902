-- as superuser
CREATE TYPE app.word

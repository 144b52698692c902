-- as superuser
ALTER TYPE app.token SET (receive = app.token_receive)

-- as superuser
ALTER TYPE app.token SET (send = app.token_send)

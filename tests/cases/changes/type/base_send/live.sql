-- as superuser --@ >=13
ALTER TYPE app.token SET (send = app.token_send) --@ >=13

-- as superuser --@ >=13
ALTER TYPE app.token SET (receive = app.token_receive) --@ >=13

CREATE AGGREGATE app.shortest(text) (sfunc = app.shorter, stype = text)

CREATE OR REPLACE AGGREGATE app.longest(text) (sfunc = app.shorter, stype = text)

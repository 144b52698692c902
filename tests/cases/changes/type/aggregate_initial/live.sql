CREATE OR REPLACE AGGREGATE app.longest(text) (sfunc = app.longer, stype = text, initcond = 'a')

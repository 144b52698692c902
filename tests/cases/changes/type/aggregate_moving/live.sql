CREATE OR REPLACE AGGREGATE app.longest(text) (sfunc = app.longer, stype = text, msfunc = app.longer, minvfunc = app.shorter, mstype = text)

-- as superuser
DROP OPERATOR app.!== (integer, integer);
CREATE OPERATOR app.!== (leftarg = integer, rightarg = integer, function = app.same)

-- as superuser
CREATE OPERATOR app.~~~ (leftarg = integer, rightarg = integer, function = app.same)

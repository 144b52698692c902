-- as superuser
ALTER OPERATOR app.=== (integer, integer) SET (join = eqjoinsel)

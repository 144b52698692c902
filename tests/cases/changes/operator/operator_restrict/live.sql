-- as superuser
ALTER OPERATOR app.=== (integer, integer) SET (restrict = eqsel)

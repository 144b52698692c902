-- as superuser
DROP OPERATOR app.!== (integer, integer)

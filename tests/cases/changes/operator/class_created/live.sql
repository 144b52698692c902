-- as superuser
CREATE OPERATOR CLASS app.forwards FOR TYPE integer USING btree AS OPERATOR 3 =, FUNCTION 1 btint4cmp(integer, integer)

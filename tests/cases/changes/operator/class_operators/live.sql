-- as superuser
DROP OPERATOR CLASS app.backwards USING btree;
CREATE OPERATOR CLASS app.backwards FOR TYPE integer USING btree FAMILY app.backwards AS OPERATOR 1 >, OPERATOR 3 =, FUNCTION 1 app.compare(integer, integer)

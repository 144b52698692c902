-- as superuser
DROP PUBLICATION everything;
CREATE PUBLICATION everything

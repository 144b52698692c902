-- as superuser
CREATE PUBLICATION q

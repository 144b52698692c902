-- as superuser
DROP PUBLICATION p

-- as superuser
DROP LANGUAGE mylang

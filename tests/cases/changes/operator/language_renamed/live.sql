-- as superuser
ALTER LANGUAGE mylang RENAME TO ourlang

-- as superuser
DROP ACCESS METHOD heap2

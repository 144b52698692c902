-- as superuser
DROP USER MAPPING FOR other SERVER remote

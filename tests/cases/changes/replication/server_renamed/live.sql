-- as superuser
ALTER SERVER remote RENAME TO distant

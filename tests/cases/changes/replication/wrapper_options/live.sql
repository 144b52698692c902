-- as superuser
ALTER FOREIGN DATA WRAPPER w OPTIONS (SET mode 'slow')

-- as superuser
ALTER PUBLICATION p SET (publish = 'insert, update')

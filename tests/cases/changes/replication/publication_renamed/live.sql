-- as superuser
ALTER PUBLICATION p RENAME TO r

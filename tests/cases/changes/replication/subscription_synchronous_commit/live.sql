-- as superuser
ALTER SUBSCRIPTION s SET (synchronous_commit = 'local')

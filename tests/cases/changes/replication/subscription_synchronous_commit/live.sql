-- as superuser --@ >=14
ALTER SUBSCRIPTION s SET (synchronous_commit = 'local') --@ >=14

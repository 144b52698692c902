-- as superuser --@ >=14
ALTER SUBSCRIPTION s SET (binary = true) --@ >=14

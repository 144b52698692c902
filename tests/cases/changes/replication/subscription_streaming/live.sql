-- as superuser --@ >=14
ALTER SUBSCRIPTION s SET (streaming = true) --@ >=14

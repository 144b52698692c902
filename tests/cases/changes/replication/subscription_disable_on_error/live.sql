-- as superuser --@ >=15
ALTER SUBSCRIPTION s SET (disable_on_error = true) --@ >=15

-- as superuser
ALTER SUBSCRIPTION s SET (disable_on_error = true)

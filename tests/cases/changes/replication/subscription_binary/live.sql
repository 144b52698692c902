-- as superuser
ALTER SUBSCRIPTION s SET (binary = true)

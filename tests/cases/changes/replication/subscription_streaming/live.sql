-- as superuser
ALTER SUBSCRIPTION s SET (streaming = true)

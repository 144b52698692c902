-- as superuser
ALTER SUBSCRIPTION s SET PUBLICATION x WITH (refresh = false)

-- as superuser
ALTER SUBSCRIPTION s SET (slot_name = 'there')

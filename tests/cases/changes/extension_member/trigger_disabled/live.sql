-- as superuser
ALTER TABLE ext.registry DISABLE TRIGGER stamped;

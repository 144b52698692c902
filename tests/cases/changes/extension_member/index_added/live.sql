-- as superuser
CREATE INDEX registry_name ON ext.registry (name);

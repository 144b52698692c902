-- as superuser
ALTER TABLE ext.registry ADD CONSTRAINT named CHECK (name <> '');

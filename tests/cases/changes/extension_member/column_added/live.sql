-- as superuser
ALTER TABLE ext.registry ADD COLUMN note text;

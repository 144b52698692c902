-- as superuser
ALTER TABLE ext.registry ALTER name SET DEFAULT 'x';

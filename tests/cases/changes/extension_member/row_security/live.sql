-- as superuser
ALTER TABLE ext.registry ENABLE ROW LEVEL SECURITY;

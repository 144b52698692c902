-- as superuser
CREATE POLICY everybody ON ext.registry USING (true);

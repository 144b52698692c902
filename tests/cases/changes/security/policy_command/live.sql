DROP POLICY read ON app.notes;
CREATE POLICY read ON app.notes FOR UPDATE TO other USING (true)

DROP POLICY read ON app.notes;
CREATE POLICY read ON app.notes AS RESTRICTIVE FOR SELECT TO other USING (true)

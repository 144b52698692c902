ALTER POLICY read ON app.notes USING (id > 0)

ALTER POLICY own ON app.notes WITH CHECK (true)

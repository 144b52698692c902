DROP POLICY own ON app.notes

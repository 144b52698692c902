ALTER POLICY own ON app.notes RENAME TO mine

-- as superuser
DROP CAST (app.celsius AS numeric)

-- as superuser
DROP CONVERSION app.latin

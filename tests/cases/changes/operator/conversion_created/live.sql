-- as superuser
CREATE CONVERSION app.back FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1

-- as superuser
ALTER PUBLICATION p ADD TABLE app.z

-- as superuser
CREATE LANGUAGE second HANDLER app.handler

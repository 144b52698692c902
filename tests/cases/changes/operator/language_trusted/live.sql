-- as superuser
CREATE OR REPLACE TRUSTED LANGUAGE mylang HANDLER app.handler

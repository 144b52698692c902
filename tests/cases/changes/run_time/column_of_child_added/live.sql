ALTER TABLE app.audit_child ADD COLUMN more text;

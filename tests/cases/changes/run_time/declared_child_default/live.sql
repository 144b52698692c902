CREATE TABLE app.audit_2026 () INHERITS (app.audit);
ALTER TABLE app.audit_2026 ALTER COLUMN what SET DEFAULT 'new';

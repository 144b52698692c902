CREATE TABLE app.audit_2026 (CHECK (id > 100)) INHERITS (app.audit);
CREATE INDEX ON app.audit_2026 (what);
COMMENT ON COLUMN app.audit_2026.what IS 'done';

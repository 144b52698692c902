CREATE TABLE app.customer_7 (id bigserial PRIMARY KEY, account bigint REFERENCES app.accounts (id), name text DEFAULT 'x');
CREATE INDEX customer_7_name_idx ON app.customer_7 (name);
CREATE TRIGGER touch AFTER INSERT ON app.customer_7 FOR EACH ROW EXECUTE FUNCTION app.touch();
COMMENT ON COLUMN app.customer_7.name IS 'theirs';
GRANT SELECT ON app.customer_7 TO other;
DROP TABLE app.customer_0;

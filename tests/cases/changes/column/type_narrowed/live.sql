ALTER TABLE app.users ALTER COLUMN phone TYPE character varying(20);

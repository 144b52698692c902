ALTER TABLE audit.log DROP CONSTRAINT log_pkey;

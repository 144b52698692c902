-- Takes the DDL log of driftd away, with what it has logged. As the role that installed it.

BEGIN;
DROP EVENT TRIGGER IF EXISTS driftd_ddl_log;
DROP EVENT TRIGGER IF EXISTS driftd_ddl_log_drop;
DROP FUNCTION IF EXISTS driftd.log_ddl();
DROP TABLE IF EXISTS driftd.ddl_log;
-- Fails, and takes nothing away, where somebody has put something else into it.
DROP SCHEMA IF EXISTS driftd;
COMMIT;

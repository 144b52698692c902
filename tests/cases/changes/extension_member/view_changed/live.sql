-- as superuser
CREATE OR REPLACE RULE noop AS ON INSERT TO ext.pg_stat_statements DO INSTEAD NOTHING;

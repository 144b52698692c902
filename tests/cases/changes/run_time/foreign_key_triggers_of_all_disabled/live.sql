-- as superuser
CREATE TABLE app.events_2026 PARTITION OF app.events FOR VALUES FROM ('2026-01-01 00:00:00+00') TO ('2027-01-01 00:00:00+00');
UPDATE pg_class SET relowner = (SELECT relowner FROM pg_class WHERE oid = 'app.events'::regclass) WHERE oid = 'app.events_2026'::regclass;
UPDATE pg_trigger SET tgenabled = 'D' WHERE tgconstraint IN (SELECT oid FROM pg_constraint WHERE contype = 'f');

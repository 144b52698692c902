-- as superuser --@ >=14
CREATE TABLE app.events_2026 PARTITION OF app.events FOR VALUES FROM ('2026-01-01 00:00:00+00') TO ('2027-01-01 00:00:00+00'); --@ >=14
UPDATE pg_inherits SET inhdetachpending = true WHERE inhrelid = 'app.events_2026'::regclass; --@ >=14
UPDATE pg_class SET relowner = (SELECT relowner FROM pg_class WHERE oid = 'app.events'::regclass) WHERE oid = 'app.events_2026'::regclass; --@ >=14

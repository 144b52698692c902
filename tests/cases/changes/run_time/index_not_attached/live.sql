CREATE TABLE app.events_2026 PARTITION OF app.events FOR VALUES FROM ('2026-01-01 00:00:00+00') TO ('2027-01-01 00:00:00+00');
DROP INDEX app.events_at_idx;
CREATE INDEX events_at_idx ON ONLY app.events (at);
CREATE INDEX events_2025_at_idx ON app.events_2025 (at);
ALTER INDEX app.events_at_idx ATTACH PARTITION app.events_2025_at_idx;

-- as superuser
ALTER MATERIALIZED VIEW app.m CLUSTER ON m_b

#!/bin/sh
# Run once by the postgres image, in the new database: a role for driftd that may connect and read
# the version table. Alembic finds the table there and goes on with it.
set -eu
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  --set password="$(cat /run/secrets/driftd_password)" <<'SQL'
CREATE ROLE driftd LOGIN PASSWORD :'password' CONNECTION LIMIT 4;
CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL CONSTRAINT alembic_version_pkc PRIMARY KEY
);
GRANT SELECT ON alembic_version TO driftd;
SQL

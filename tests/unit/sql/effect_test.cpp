#include <gtest/gtest.h>

#include "expected_schema/sql/effect.h"

namespace driftd {
namespace {

TEST(SqlEffect, RowsChangeNoSchema) {
  for (const char* sql : {
           "INSERT INTO t SELECT * FROM u; UPDATE t SET a = $1 WHERE b IN ($1)",
           "-- why\nDELETE FROM t USING u WHERE t.id = u.id",
           "WITH x AS (SELECT 1) UPDATE t SET a = 2 FROM x",
           "SELECT a, lower(b) FROM t WHERE strange(a)",
           "SELECT setval('s', 1)",
           "SET LOCAL statement_timeout = 0",
           "TRUNCATE t; LOCK TABLE t",
           "ALTER ROLE r SET statement_timeout = 0; ALTER DATABASE d SET a.b = 'c'",
           "ALTER ROLE r IN DATABASE $1 SET statement_timeout = '1s'",
           "ALTER USER r RESET ALL",
           "ALTER SEQUENCE s RESTART; ALTER SEQUENCE s RESTART WITH 5",
           "ALTER SEQUENCE s RESTART WITH $1",
           "UPDATE $1 SET a = 2",  // does not parse: told by its first word
           "",
       }) {
    EXPECT_FALSE(effect_of(sql).schema) << sql;
  }
}

TEST(SqlEffect, EverythingElseMayChangeIt) {
  for (const char* sql : {
           "ALTER TABLE t ADD COLUMN a int",
           "UPDATE t SET a = 1; DROP TABLE t",
           "UPDATE t SET a = '$1'; DROP TABLE $1",
           "CREATE TABLE u AS SELECT 1",
           "SELECT * INTO u FROM t",
           "DO $$ BEGIN END $$",
           "SELECT create_hypertable('t', 'at')",
           "CALL p()",
           "ALTER DATABASE d RENAME TO e",
           "ALTER SEQUENCE s RESTART WITH 5 INCREMENT BY 2",
           "ALTER SEQUENCE $1 OWNED BY $1",
           "ALTER ROLE r IN DATABASE $1; DROP TABLE $1",
           "GRANT SELECT ON t TO r",
           "UPDATE pg_attribute SET attnotnull = true",
           "DELETE FROM pg_enum",
           "$1",
           "SELECT make_it('$1'",
       }) {
    EXPECT_TRUE(effect_of(sql).schema) << sql;
  }
}

TEST(SqlEffect, QueriesAboutTheSchemaAreKnown) {
  for (const char* sql : {
           "SELECT 1 FROM information_schema.columns WHERE table_name = 't'",
           "SELECT EXISTS (SELECT FROM pg_catalog.pg_type WHERE typname = 'x')",
           "SELECT conname FROM pg_constraint WHERE conrelid = 't'::regclass",
           "WITH c AS (SELECT oid FROM pg_class) SELECT count(*) FROM c",
           "SELECT to_regclass('t') IS NOT NULL",
           "SELECT 1",
           "SELECT current_schema()",
       }) {
    EXPECT_TRUE(effect_of(sql).about_schema) << sql;
    EXPECT_FALSE(effect_of(sql).schema) << sql;
  }
}

TEST(SqlEffect, WhatDiffersBetweenServersOfOneSchemaIsNot) {
  for (const char* sql : {
           "SELECT count(*) FROM t",
           "SELECT 1 FROM information_schema.tables, t",
           "SELECT reltuples FROM pg_class",
           "SELECT now()",
           "SELECT current_user",
           "SELECT random() FROM pg_class",
           "SELECT 1 FROM pg_roles",
           "SELECT 1 FROM pg_stat_user_tables",
           "SELECT EXISTS (SELECT 1 FROM t)",
           "SELECT pg_relation_size('t') FROM pg_class",
           "SELECT mine(relname) FROM pg_class",
           "SELECT last_value FROM pg_sequences",
           "SELECT 1 FROM information_schema.columns WHERE table_name = $1",
           "SELECT 1; SELECT 2",
           "INSERT INTO t VALUES (1)",
           "SELECT broken FROM",
       }) {
    EXPECT_FALSE(effect_of(sql).about_schema) << sql;
  }
}

}  // namespace
}  // namespace driftd

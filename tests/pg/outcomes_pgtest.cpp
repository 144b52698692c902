// What later statements make of what may or may not have run.
#include <gmock/gmock.h>

#include <algorithm>

#include "expected_schema/base/error.h"
#include "expected_schema/catalogue/undetermined.h"
#include "expected_schema/expected/expected_schema.h"
#include "tests/support/made_history.h"
#include "tests/support/scratch.h"

namespace driftd {
namespace {

using test::migration;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;

std::vector<std::string> left_open(const std::vector<std::vector<std::string>>& migrations) {
  ScratchSettings settings;
  settings.conninfo = test::scratch_server().admin("postgres").conninfo;
  ExpectedSchemas schemas(settings);
  std::vector<Migration> all{migration("r0", {"CREATE TABLE t (id int, name varchar(20), b int)",
                                              "CREATE TABLE u (id int PRIMARY KEY)"})};
  for (const auto& texts : migrations) {
    all.push_back(migration("r" + std::to_string(all.size()), texts));
  }
  const auto schema = schemas.of(test::history(std::move(all)), test::plain_target(), {});
  std::vector<std::string> lines;
  for (const Undetermined& one : schema->expected.undetermined) {
    EXPECT_FALSE(one.why.empty());
    EXPECT_FALSE(one.place.file.empty());
    lines.push_back(to_string(one));
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

TEST(Outcomes, WithoutDoubtThereIsOne) {
  EXPECT_THAT(left_open({{"CREATE INDEX i ON t (name)"}}), IsEmpty());
}

TEST(Outcomes, WhatComesOnlyWhereItIsNotThere) {
  EXPECT_THAT(left_open({{"1? ALTER TABLE t ADD COLUMN u_id int"},
                         {"ALTER TABLE t ADD COLUMN IF NOT EXISTS u_id int REFERENCES u"}}),
              ElementsAre("column public.t.u_id", "constraint t_u_id_fkey on public.t"));
  EXPECT_THAT(left_open({{"1? ALTER TABLE t ADD COLUMN IF NOT EXISTS a int",
                          "2? ALTER TABLE t ADD COLUMN IF NOT EXISTS a int UNIQUE"}}),
              IsSupersetOf({"column public.t.a", "constraint t_a_key on public.t"}));
}

TEST(Outcomes, WhatGoesWithIt) {
  EXPECT_THAT(left_open({{"CREATE VIEW v AS SELECT id FROM t"},
                         {"1? ALTER VIEW v RENAME TO w"},
                         {"DROP VIEW IF EXISTS v"}}),
              IsSupersetOf({"view public.w"}));
  EXPECT_THAT(left_open({{"CREATE TYPE mood AS ENUM ('a')", "ALTER TABLE t ADD COLUMN m mood"},
                         {"1? ALTER TYPE mood RENAME TO feeling"},
                         {"DROP TYPE IF EXISTS mood CASCADE"}}),
              Contains("column public.t.m"));
}

TEST(Outcomes, WhatIsMadeOfIt) {
  EXPECT_THAT(
      left_open({{"1? ALTER TABLE t ADD COLUMN a int"}, {"CREATE VIEW v AS SELECT * FROM t"}}),
      IsSupersetOf({"column public.t.a", "definition of view public.v"}));
  EXPECT_THAT(
      left_open({{"1? ALTER TABLE t ALTER COLUMN name TYPE text"},
                 {"ALTER TABLE t ADD CONSTRAINT c CHECK (name <> '')"}}),
      IsSupersetOf({"definition of constraint c on public.t", "type of column public.t.name"}));
  EXPECT_THAT(left_open({{"0? ALTER TABLE t ALTER COLUMN b SET DEFAULT "
                          "CAST(current_setting('driftd.undetermined', true) AS int)"},
                         {"CREATE TABLE x (LIKE t INCLUDING ALL)"}}),
              ElementsAre("default of column public.t.b", "default of column public.x.b"));
}

TEST(Outcomes, WhatAConditionOfTheServersFinds) {
  EXPECT_THAT(
      left_open({{"1? CREATE INDEX ix ON t (name)"},
                 {"-- a comment\nDO $$ BEGIN IF (SELECT count(*) FROM pg_indexes WHERE "
                  "tablename = 't') = 0 THEN ALTER TABLE u ADD COLUMN k int; END IF; END $$"}}),
      ElementsAre("column public.u.k", "index public.ix"));
}

TEST(Outcomes, WhatAnotherPartDropsAndMakesAnew) {
  EXPECT_THAT(left_open({{"1? CREATE INDEX ix ON t (name)"},
                         {"1? DROP INDEX ix", "1? CREATE INDEX ix ON t (name)"}}),
              ElementsAre("index public.ix"));
}

TEST(Outcomes, ASchemaOfAnotherName) {
  EXPECT_THAT(left_open({{"CREATE SCHEMA s", "CREATE TABLE s.x (id int)"},
                         {"1? DROP TABLE s.x"},
                         {"ALTER SCHEMA s RENAME TO r"}}),
              Contains("table r.x"));
}

TEST(Outcomes, ThoseThatFailHaveNotBeen) {
  // What is dropped for certain was there.
  EXPECT_THAT(left_open({{"1? CREATE INDEX ix ON t (name)", "2? CREATE INDEX iy ON t (b)"},
                         {"DROP INDEX ix"}}),
              ElementsAre("index public.iy"));
}

TEST(Outcomes, TooManyAreRefused) {
  std::vector<std::vector<std::string>> many;
  for (int i = 0; i < 11; ++i) {
    many.push_back({"1? CREATE INDEX i" + std::to_string(i) + " ON t (name)"});
  }
  try {
    left_open(many);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.reason(), Reason::NotUnderstood);
    EXPECT_THAT(error.message(), testing::HasSubstr("11 parts of the migrations"));
    EXPECT_EQ(to_string(error.place()), "r11.py:1");
  }
  many.pop_back();
  EXPECT_THAT(left_open(many), testing::SizeIs(10));
}

}  // namespace
}  // namespace driftd

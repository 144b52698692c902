// What is undetermined after statements of which it is not known whether they ran.
#include <gmock/gmock.h>

#include <algorithm>

#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"
#include "expected_schema/replay/replay.h"
#include "tests/support/made_history.h"
#include "tests/support/scratch.h"

namespace driftd {
namespace {

using test::fresh_database;
using test::history;
using test::migration;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* table = "CREATE TABLE t (id int, name text)";

std::vector<std::string> shown(const std::vector<Undetermined>& all) {
  std::vector<std::string> lines;
  for (const Undetermined& one : all) {
    lines.push_back(to_string(one.object) +
                    (one.properties.empty() ? "" : ": " + join(one.properties, ", ")));
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

/// Of a history of one migration for each list of texts.
std::vector<Undetermined> left_open(const std::vector<std::vector<std::string>>& migrations) {
  std::vector<Migration> all;
  for (const auto& texts : migrations) {
    all.push_back(migration("r" + std::to_string(all.size() + 1), texts));
  }
  const auto database = fresh_database();
  return replay(history(std::move(all)), *database);
}

std::string refused(const std::vector<std::vector<std::string>>& migrations) {
  try {
    left_open(migrations);
  } catch (const Error& error) {
    EXPECT_EQ(error.reason(), Reason::NotUnderstood) << error.what();
    return error.message();
  }
  return "nothing was refused";
}

TEST(Doubts, WhatIsCertainLeavesNothingOpen) {
  EXPECT_THAT(left_open({{table, "CREATE INDEX i ON t (name)"}}), IsEmpty());
}

TEST(Doubts, WhatCameOrWentIsOpen) {
  const auto all = left_open(
      {{table, "CREATE INDEX j ON t (id)"}, {"1? CREATE INDEX i ON t (name)", "2? DROP INDEX j"}});
  EXPECT_THAT(shown(all), ElementsAre("index public.i", "index public.j"));
  EXPECT_EQ(all[0].revision, "r2");
  EXPECT_EQ(to_string(all[0].place), "r2.py:1");
  EXPECT_EQ(all[0].why, "rows");
  EXPECT_EQ(all[0].hint, "Look.");
}

TEST(Doubts, AnObjectStandsForWhatItContains) {
  EXPECT_THAT(shown(left_open({{"1? CREATE TABLE t (id serial PRIMARY KEY, name text UNIQUE)"}})),
              ElementsAre("table public.t"));
}

TEST(Doubts, OfWhatStaysThePropertiesAreOpen) {
  EXPECT_THAT(shown(left_open({{table, "1? ALTER TABLE t ALTER COLUMN name SET NOT NULL"}})),
              ElementsAre("column public.t.name: not_null"));
}

TEST(Doubts, WhatOneGroupTakesBackIsNotOpen) {
  const std::string drop = "? ALTER TABLE t DROP CONSTRAINT c";
  const std::string add = "? ALTER TABLE t ADD CONSTRAINT c UNIQUE (id)";
  const std::string made = "ALTER TABLE t ADD CONSTRAINT c UNIQUE (id)";
  EXPECT_THAT(left_open({{table, made, "1" + drop, "1" + add}}), IsEmpty());
  EXPECT_THAT(shown(left_open({{table, made, "1" + drop, "2" + add}})),
              testing::Contains("constraint c on public.t"));
  // Between two migrations no group goes on.
  EXPECT_THAT(shown(left_open({{table, made, "1" + drop}, {"1" + add}})),
              testing::Contains("constraint c on public.t"));
}

TEST(Doubts, ANewNameIsFollowed) {
  EXPECT_THAT(shown(left_open({{table, "1? CREATE INDEX i ON t (name)"},
                               {"ALTER TABLE t ADD COLUMN more int"},
                               {"1? ALTER TABLE t ALTER COLUMN name SET NOT NULL"},
                               {"ALTER TABLE t RENAME TO u"}})),
              ElementsAre("column public.u.name: not_null", "index public.i"));
  // What was dropped in doubt may be there, under a name that nobody knows.
  EXPECT_THAT(shown(left_open({{table, "CREATE INDEX i ON t (name)"},
                               {"1? DROP INDEX i"},
                               {"ALTER TABLE t RENAME TO u"}})),
              ElementsAre("table public.u"));
}

TEST(Doubts, WhatIsDroppedForCertainIsDetermined) {
  EXPECT_THAT(left_open({{table, "1? CREATE INDEX i ON t (name)"}, {"DROP INDEX IF EXISTS i"}}),
              IsEmpty());
  EXPECT_THAT(left_open({{table, "1? ALTER TABLE t ADD CONSTRAINT c CHECK (id > 0)"},
                         {"ALTER TABLE t DROP CONSTRAINT c"}}),
              IsEmpty());
  EXPECT_THAT(left_open({{table, "1? CREATE INDEX i ON t (name)"}, {"DROP TABLE t"}}), IsEmpty());
}

TEST(Doubts, WhatCannotRunHereIsRefusedAndLeavesNothing) {
  EXPECT_THAT(refused({{table, "1? DROP INDEX nobody"}}), HasSubstr("refused: DROP INDEX nobody"));
  EXPECT_THAT(refused({{table, "1? COMMIT"}}), HasSubstr("refused: COMMIT"));
  EXPECT_THAT(
      refused({{table, "1? CREATE INDEX i ON t (id); CREATE INDEX CONCURRENTLY j ON t (id)"}}),
      HasSubstr("refused"));
}

TEST(Doubts, OutsideOfATransactionToo) {
  EXPECT_THAT(shown(left_open({{table, "autocommit", "1? CREATE INDEX CONCURRENTLY i ON t (name)",
                                "end autocommit"}})),
              ElementsAre("index public.i"));
  EXPECT_THAT(shown(left_open({{table, "1? CREATE INDEX CONCURRENTLY i ON t (name)",
                                "ALTER TABLE t ADD COLUMN more int"}})),
              ElementsAre("index public.i"));
}

TEST(Doubts, ADefaultThatIsNotKnownIsOpenUntilItIsSet) {
  const std::vector<std::string> open{
      table,
      "0? ALTER TABLE t ALTER COLUMN id SET DEFAULT CAST(current_setting('driftd.undetermined') AS "
      "int)",
      "ask SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attname = 'id'"};
  EXPECT_THAT(shown(left_open({open})), ElementsAre("column public.t.id: default"));
  EXPECT_THAT(shown(left_open({open, {"ALTER TABLE t ALTER COLUMN id TYPE bigint"}})),
              ElementsAre("column public.t.id: default"));
  EXPECT_THAT(left_open({open, {"ALTER TABLE t ALTER COLUMN id SET DEFAULT 3"}}), IsEmpty());
  EXPECT_THAT(left_open({open, {"ALTER TABLE t ALTER COLUMN id DROP DEFAULT"}}), IsEmpty());
  // It may be an identity.
  EXPECT_THAT(shown(left_open({{table,
                                "0? ALTER TABLE t ALTER COLUMN id SET DEFAULT CAST("
                                "current_setting('driftd.undetermined_column') AS int)"}})),
              ElementsAre("column public.t.id"));
  // Beside another one of the same part.
  EXPECT_THAT(shown(left_open({{table, "1? ALTER TABLE t ALTER COLUMN name SET DEFAULT 'a'",
                                "1? ALTER TABLE t ALTER COLUMN id SET DEFAULT "
                                "CAST(current_setting('driftd.undetermined') AS int)"}})),
              ElementsAre("column public.t.id: default", "column public.t.name: default"));
}

}  // namespace
}  // namespace driftd

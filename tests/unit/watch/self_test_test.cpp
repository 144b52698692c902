#include "daemon/watch/self_test.h"

#include <gmock/gmock.h>

#include <set>

namespace driftd {
namespace {

Catalogue catalogue(bool with_tables) {
  Catalogue::Builder builder(15);
  builder.add("schema", "app", "", "", {});
  if (with_tables) {
    builder.add("table", "app.users", "schema", "app", {});
    const Property nullable[] = {{"not_null", "false"}};
    builder.add("column", "app.users.\"Phone\"", "table", "app.users", nullable);
    builder.add("table", "app.users_2026", "table", "app.users", {});
  }
  return std::move(builder).build();
}

TEST(SelfTest, PlantsWhatEverySchemaAllows) {
  const Catalogue schema = catalogue(true);
  std::set<std::string> all;
  for (std::uint64_t kind = 0; kind < 4; ++kind) {
    const auto planted = plant(schema, kind << 32U);
    ASSERT_TRUE(planted);
    all.insert(planted->sql);
  }
  EXPECT_THAT(all, testing::ElementsAre("ALTER TABLE app.users ADD COLUMN driftd_selftest integer",
                                        "ALTER TABLE app.users ALTER COLUMN \"Phone\" SET NOT NULL",
                                        "CREATE INDEX driftd_selftest ON app.users ((1))",
                                        "CREATE TABLE app.driftd_selftest (id integer)"));
}

TEST(SelfTest, HasNothingToPlantWithoutATable) {
  EXPECT_FALSE(plant(catalogue(false), 7));
}

}  // namespace
}  // namespace driftd

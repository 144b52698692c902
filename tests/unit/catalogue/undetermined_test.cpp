#include "expected_schema/catalogue/undetermined.h"

#include <gmock/gmock.h>

#include "expected_schema/catalogue/text.h"
#include "tests/unit/compare/catalogue_of.h"

namespace driftd {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Catalogue shop(const std::string& type = "text") {
  return catalogue_of({schema("app"), table("app.users"), column("app.users", "id", 1),
                       column("app.users", "email", 2, type), table("app.items"),
                       column("app.items", "id", 1)});
}

Undetermined open(const std::string& kind, const std::string& identity,
                  std::vector<std::string> properties = {}) {
  Undetermined one;
  one.object = {kind, identity};
  one.properties = std::move(properties);
  return one;
}

std::vector<std::string> names(const Catalogue& catalogue) {
  std::vector<std::string> all;
  for (const Object& object : catalogue.objects()) all.push_back(to_string(object.id()));
  return all;
}

TEST(Undetermined, AnObjectTakesAlongWhatItContains) {
  const std::vector<Undetermined> open_ones{open("table", "app.users")};
  EXPECT_THAT(names(without(shop(), open_ones)),
              ElementsAre("column app.items.id", "schema app", "table app.items"));
}

TEST(Undetermined, ThatItIsNotThereItselfDoesNotMatter) {
  const auto left = without(catalogue_of({schema("app"), column("app.users", "id", 1)}),
                            std::vector{open("table", "app.users")});
  EXPECT_THAT(names(left), ElementsAre("schema app"));
}

TEST(Undetermined, OfAPropertyTheRestIsKept) {
  const std::vector<Undetermined> one{open("column", "app.users.email", {"type"})};
  EXPECT_EQ(to_text(without(shop("text"), one)), to_text(without(shop("integer"), one)));
  const auto left = without(shop(), one);
  const Object* email = left.find("column", "app.users.email");
  ASSERT_NE(email, nullptr);
  EXPECT_FALSE(email->property("type"));
  EXPECT_TRUE(email->property("position"));
}

TEST(Undetermined, ChangesAreWhatCameWentAndDiffers) {
  EXPECT_THAT(changes(shop(), shop()), IsEmpty());
  EXPECT_THAT(changes(shop(), shop("integer")),
              ElementsAre(open("column", "app.users.email", {"type"})));
  const auto before = catalogue_of({schema("app"), table("app.users")});
  const auto after = catalogue_of({schema("app"), table("app.items")});
  EXPECT_THAT(changes(before, after),
              ElementsAre(open("table", "app.users"), open("table", "app.items")));
}

TEST(Undetermined, ComparisonsLeaveItOut) {
  const Expected expected{shop(), {open("column", "app.users.email", {"type"})}};
  EXPECT_THAT(lines_of(compare(expected, Actual{shop("integer")})), IsEmpty());
  EXPECT_THAT(lines_of(compare(
                  expected, Actual{catalogue_of({schema("app"), table("app.users"),
                                                 column("app.users", "id", 1), table("app.items"),
                                                 column("app.items", "id", 1, "integer")})})),
              ElementsAre("changed column app.items.id: type text -> integer",
                          "missing column app.users.email"));
}

}  // namespace
}  // namespace driftd

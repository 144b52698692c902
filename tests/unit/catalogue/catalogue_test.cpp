#include "expected_schema/catalogue/catalogue.h"

#include <gmock/gmock.h>

#include <string>
#include <utility>
#include <vector>

#include "expected_schema/base/error.h"
#include "expected_schema/catalogue/text.h"

namespace driftd {
namespace {

using testing::HasSubstr;

void add(Catalogue::Builder& builder, std::string_view kind, std::string_view identity,
         std::vector<Property> properties = {}, std::string_view parent_kind = {},
         std::string_view parent = {}) {
  builder.add(kind, identity, parent_kind, parent, properties);
}

TEST(Catalogue, SortsByKindAndIdentity) {
  Catalogue::Builder builder(15);
  add(builder, "table", "app.b");
  add(builder, "column", "app.b.z");
  add(builder, "table", "app.a");
  const Catalogue catalogue = std::move(builder).build();
  ASSERT_EQ(catalogue.objects().size(), 3U);
  EXPECT_EQ(to_string(catalogue.objects()[0].id()), "column app.b.z");
  EXPECT_EQ(to_string(catalogue.objects()[1].id()), "table app.a");
  EXPECT_EQ(to_string(catalogue.objects()[2].id()), "table app.b");
  EXPECT_EQ(catalogue.server_major(), 15);
}

TEST(Catalogue, RefusesTheSameObjectTwice) {
  Catalogue::Builder builder(15);
  add(builder, "table", "app.a", {{"owner", "x"}});
  add(builder, "table", "app.a", {{"owner", "y"}});
  try {
    const Catalogue catalogue = std::move(builder).build();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.reason(), Reason::Internal);
    EXPECT_THAT(error.message(), HasSubstr("table app.a"));
  }
}

TEST(Catalogue, OneNameMayBeOfTwoKinds) {
  Catalogue::Builder builder(15);
  add(builder, "index", "app.a");
  add(builder, "constraint", "app.a");
  EXPECT_EQ(std::move(builder).build().objects().size(), 2U);
}

TEST(Catalogue, FindsWhatIsThere) {
  Catalogue::Builder builder(15);
  for (int i = 0; i < 100; ++i) add(builder, "table", "app.t" + std::to_string(i));
  const Catalogue catalogue = std::move(builder).build();
  for (int i = 0; i < 100; ++i) {
    const Object* found = catalogue.find("table", "app.t" + std::to_string(i));
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->identity, "app.t" + std::to_string(i));
  }
  EXPECT_EQ(catalogue.find("table", "app.t100"), nullptr);
  EXPECT_EQ(catalogue.find("index", "app.t1"), nullptr);
  EXPECT_EQ(catalogue.find("", ""), nullptr);
}

TEST(Catalogue, OwnsItsTextAndMayBeMoved) {
  Catalogue::Builder builder(15);
  {
    const std::string kind = "column";
    const std::string identity = "app.users." + std::string(100, 'x');
    const std::string value(1000, 'v');
    add(builder, kind, identity, {{"type", value}}, "table", "app.users");
  }
  Catalogue first = std::move(builder).build();
  const Catalogue catalogue = std::move(first);
  const Object& object = catalogue.objects()[0];
  EXPECT_EQ(object.property("type"), std::string(1000, 'v'));
  EXPECT_EQ(object.property("other"), std::nullopt);
  EXPECT_TRUE(object.has_parent());
  EXPECT_EQ(to_string(object.parent()), "table app.users");
}

TEST(Catalogue, AnEmptyValueIsThere) {
  Catalogue::Builder builder(15);
  add(builder, "table", "app.a", {{"comment", ""}});
  const Catalogue catalogue = std::move(builder).build();
  EXPECT_EQ(catalogue.objects()[0].property("comment"), "");
  EXPECT_FALSE(catalogue.objects()[0].has_parent());
}

TEST(CatalogueText, SaysEverythingInOneLineEach) {
  Catalogue::Builder builder(15);
  add(builder, "view", "app.v", {{"definition", "SELECT 1\nFROM \\x\r"}, {"owner", "app"}},
      "schema", "app");
  add(builder, "schema", "app");
  EXPECT_EQ(to_text(std::move(builder).build()),
            "schema app\n"
            "view app.v\n"
            "  in: schema app\n"
            "  definition: SELECT 1\\nFROM \\\\x\\r\n"
            "  owner: app\n");
}

TEST(CatalogueText, TellsCataloguesApart) {
  const auto text_of = [](std::string_view value) {
    Catalogue::Builder builder(15);
    add(builder, "table", "app.a", {{"x", value}});
    return to_text(std::move(builder).build());
  };
  EXPECT_NE(text_of("a\nb"), text_of("a\\nb"));
  EXPECT_NE(text_of("a"), text_of("a "));
}

}  // namespace
}  // namespace driftd

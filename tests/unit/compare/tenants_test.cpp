#include "daemon/compare/tenants.h"

#include <gmock/gmock.h>

#include "expected_schema/catalogue/text.h"
#include "tests/unit/compare/catalogue_of.h"

namespace driftd {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view name = "driftd_tenant";

Expected expected(GivenObjects more = {}) {
  GivenObjects objects{
      {"schema", "driftd_tenant", "", "", {}},
      {"comment", "schema driftd_tenant", "schema", "driftd_tenant", {{"text", "of nobody"}}},
      {"schema", "public", "", "", {}},
      {"table", "public.shared", "schema", "public", {}},
      {"extension", "citext", "", "", {{"schema", "public"}}},
      {"table", "driftd_tenant.users", "schema", "driftd_tenant", {}},
      {"column",
       "driftd_tenant.users.id",
       "table",
       "driftd_tenant.users",
       {{"default", "nextval('driftd_tenant.users_id_seq'::regclass)"}}},
      {"comment", "column driftd_tenant.users.id", "column", "driftd_tenant.users.id", {}},
  };
  objects.insert(objects.end(), more.begin(), more.end());
  return Expected{catalogue_of(objects)};
}

std::string of_tenant(const Expected& pattern, std::string_view tenant) {
  return to_text(TenantPattern(pattern, name).for_tenant(tenant).catalogue);
}

TEST(TenantPattern, HasTheTenantsNameWhereverTheSchemasStood) {
  const Expected pattern = expected();
  const std::string text = of_tenant(pattern, "\"a-1\"");
  EXPECT_THAT(text, HasSubstr("column \"a-1\".users.id"));
  EXPECT_THAT(text, HasSubstr("nextval('\"a-1\".users_id_seq'::regclass)"));
  EXPECT_THAT(text, HasSubstr("comment column \"a-1\".users.id"));
  EXPECT_THAT(text, Not(HasSubstr("driftd_tenant")));
}

TEST(TenantPattern, LeavesOutWhatIsNotInTheSchema) {
  const Expected pattern = expected();
  const std::string text = of_tenant(pattern, "a");
  EXPECT_THAT(text, Not(HasSubstr("public")));
  EXPECT_THAT(text, Not(HasSubstr("citext")));
  EXPECT_THAT(text, Not(HasSubstr("of nobody")));
  EXPECT_EQ(TenantPattern(pattern, name).objects(), 3U);
}

TEST(TenantPattern, WhoseParentWasNotReadIsKnownByItsName) {
  const Expected pattern =
      expected({{"privilege", "x on thing driftd_tenant.y", "thing", "driftd_tenant.y", {}}});
  EXPECT_THAT(of_tenant(pattern, "a"), HasSubstr("thing a.y"));
}

TEST(TenantPattern, SaysWhereItWouldNotBeExact) {
  const Expected plain = expected();
  const TenantPattern fits(plain, name);
  EXPECT_TRUE(fits.fits("a"));
  EXPECT_TRUE(fits.fits("\"a b\""));
  EXPECT_FALSE(fits.fits("\"a'b\""));
  EXPECT_FALSE(fits.fits("\"a\\b\""));
  EXPECT_FALSE(fits.fits("\"a\"\"b\""));
  const Expected glued = expected({{"policy",
                                    "p on driftd_tenant.users",
                                    "table",
                                    "driftd_tenant.users",
                                    {{"roles", "driftd_tenant_readers"}}}});
  const TenantPattern within(glued, name);
  EXPECT_TRUE(within.fits("a"));  // a_readers
  EXPECT_FALSE(within.fits("\"a b\""));
}

TEST(SpokenOf, MakesTheDriftsOfTwoTenantsEqual) {
  const auto drift = [](const std::string& tenant) {
    return Drift{{"column", tenant + ".users.id"},
                 DriftKind::Changed,
                 {{"default", "1", "nextval('" + tenant + ".s'::regclass)"}},
                 {},
                 0,
                 ObjectId{"table", tenant + ".users"}};
  };
  const Drift said = spoken_of(drift("a"), "a", name);
  EXPECT_EQ(said, spoken_of(drift("\"b c\""), "\"b c\"", name));
  EXPECT_EQ(said.object.identity, "driftd_tenant.users.id");
  EXPECT_EQ(said.parent->identity, "driftd_tenant.users");
  EXPECT_EQ(said.differences[0].actual, "nextval('driftd_tenant.s'::regclass)");
}

TEST(SpokenOf, LeavesOtherThingsOfThatNameAlone) {
  const auto identity = [](const std::string& text) {
    return spoken_of(Drift{{"column", text}, DriftKind::Changed, {}, {}, 0, {}}, "a", name)
        .object.identity;
  };
  EXPECT_EQ(identity("a.a.a"), "driftd_tenant.a.a");
  EXPECT_EQ(identity("a on a.a"), "a on driftd_tenant.a");
  EXPECT_EQ(identity("\"a\".b"), "\"a\".b");
  EXPECT_EQ(identity("ba.c"), "ba.c");
  EXPECT_EQ(identity("a.f(a.t, aa.t)"), "driftd_tenant.f(driftd_tenant.t, aa.t)");
}

}  // namespace
}  // namespace driftd

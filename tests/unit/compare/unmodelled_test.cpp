#include "daemon/compare/unmodelled.h"

#include <gmock/gmock.h>

namespace driftd {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Drift whole(const char* kind, const char* identity, DriftKind how) {
  return {{kind, identity}, how, {}, {}, 0, std::nullopt};
}

Drift changed(const char* kind, const char* property, std::optional<std::string> models,
              std::optional<std::string> migrations) {
  return {
      {kind, "x"}, DriftKind::Changed, {{property, std::move(models), std::move(migrations)}}, {},
      0,           std::nullopt};
}

bool stays(Drift drift) {
  std::vector<Drift> drifts{std::move(drift)};
  drop_unmodelled(drifts, "alembic_version");
  return !drifts.empty();
}

TEST(Unmodelled, WhatModelsHaveAlwaysCounts) {
  for (const char* kind : {"table", "view", "comment", "sequence", "trigger"}) {
    EXPECT_TRUE(stays(whole(kind, "x", DriftKind::Missing))) << kind;
  }
}

TEST(Unmodelled, OfTheMigrationsOnlyWhatModelsWouldHave) {
  for (const char* kind : {"table", "column", "constraint", "index", "enum", "domain"}) {
    EXPECT_TRUE(stays(whole(kind, "public.x", DriftKind::Unexpected))) << kind;
  }
  for (const char* kind : {"view", "function", "trigger", "sequence", "comment", "extension",
                           "privilege", "policy", "schema", "statistics"}) {
    EXPECT_FALSE(stays(whole(kind, "x", DriftKind::Unexpected))) << kind;
  }
  EXPECT_FALSE(stays(whole("table", "ops.alembic_version", DriftKind::Unexpected)));
  Drift partition = whole("table", "public.log_2026", DriftKind::Unexpected);
  partition.parent = ObjectId{"table", "public.log"};
  EXPECT_FALSE(stays(partition));
}

TEST(Unmodelled, PropertiesThatModelsState) {
  EXPECT_TRUE(stays(changed("column", "type", "int", "text")));
  EXPECT_TRUE(stays(changed("column", "default", std::nullopt, "0")));
  EXPECT_TRUE(stays(changed("constraint", "definition", "a", "b")));
  EXPECT_TRUE(stays(changed("enum", "labels", "a", "a, b")));
  EXPECT_TRUE(stays(changed("comment", "text", "a", "b")));
  EXPECT_FALSE(stays(changed("column", "position", "1", "2")));
  EXPECT_FALSE(stays(changed("column", "storage", std::nullopt, "plain")));
  EXPECT_FALSE(stays(changed("constraint", "validated", "true", "false")));
  EXPECT_FALSE(stays(changed("table", "row_security", "false", "true")));
  EXPECT_FALSE(stays(changed("enum", "owner", std::nullopt, "root")));
  EXPECT_FALSE(stays(changed("extension", "version", "1.6", "1.5")));
  EXPECT_FALSE(stays(changed("extension member", "body", "a", "b")));
}

TEST(Unmodelled, PropertiesThatModelsStateOnlyWhereTheyWantThem) {
  EXPECT_TRUE(stays(changed("table", "options", "fillfactor=90", std::nullopt)));
  EXPECT_FALSE(stays(changed("table", "options", std::nullopt, "fillfactor=90")));
  EXPECT_TRUE(stays(changed("column", "collation", "\"C\"", std::nullopt)));
  EXPECT_FALSE(stays(changed("column", "collation", std::nullopt, "\"C\"")));
  EXPECT_TRUE(stays(changed("table", "persistence", "unlogged", "permanent")));
  EXPECT_FALSE(stays(changed("table", "persistence", "permanent", "unlogged")));
  EXPECT_FALSE(stays(changed("table", "access_method", "heap", "columnar")));
}

TEST(Unmodelled, OfADriftOnlyTheStatedDifferencesStay) {
  Drift drift = changed("column", "type", "int", "text");
  drift.differences.push_back({"position", "1", "2"});
  std::vector<Drift> drifts{drift};
  drop_unmodelled(drifts, "alembic_version");
  ASSERT_EQ(drifts.size(), 1U);
  EXPECT_THAT(drifts[0].differences, ElementsAre(Difference{"type", "int", "text"}));
}

TEST(Unmodelled, NamesThatPostgresqlChose) {
  for (const char* name : {"users_pkey on public.users", "users_email_key on public.users",
                           "\"Users_a_fkey\" on public.\"Users\"", "t_a_check1 on public.t"}) {
    EXPECT_FALSE(stays(whole("constraint", name, DriftKind::Renamed))) << name;
  }
  EXPECT_TRUE(stays(whole("constraint", "uq_users_email on public.users", DriftKind::Renamed)));
  EXPECT_TRUE(stays(whole("index", "public.users_email_key", DriftKind::Renamed)));
}

Drift in(const char* table, Drift drift) {
  drift.parent = ObjectId{"table", table};
  return drift;
}

bool stays_told(Drift drift, const UnreadTables& unread) {
  std::vector<Drift> drifts{std::move(drift)};
  drop_unread(drifts, unread);
  return !drifts.empty();
}

TEST(Unread, NothingIsToldOfATableThatIsNotRead) {
  const UnreadTables unread{{"users", "Odd Table"}, false};
  for (const DriftKind how : {DriftKind::Missing, DriftKind::Unexpected, DriftKind::Changed}) {
    EXPECT_FALSE(stays_told(whole("table", "app.users", how), unread));
    EXPECT_FALSE(stays_told(whole("table", "public.\"Odd Table\"", how), unread));
    EXPECT_FALSE(stays_told(in("app.users", whole("column", "app.users.id", how)), unread));
    EXPECT_TRUE(stays_told(whole("table", "app.users_backup", how), unread));
    EXPECT_TRUE(stays_told(in("app.other", whole("column", "app.other.id", how)), unread));
  }
}

TEST(Unread, WhatMayBeOfSuchATableIsNotTold) {
  const UnreadTables unread{{"users"}, false};
  Drift key = in("app.orders", whole("constraint", "fk on app.orders", DriftKind::Unexpected));
  key.properties = {{"references", {}, "app.users"}};
  EXPECT_FALSE(stays_told(key, unread));
  key.properties = {{"references", {}, "app.shops"}};
  EXPECT_TRUE(stays_told(key, unread));
  EXPECT_FALSE(stays_told(whole("enum", "app.role", DriftKind::Unexpected), unread));
  EXPECT_TRUE(stays_told(whole("enum", "app.role", DriftKind::Missing), unread));
}

TEST(Unread, WhileATableIsNotKnownNoneIsTooMany) {
  const UnreadTables others{{}, true};
  EXPECT_FALSE(stays_told(whole("table", "app.users", DriftKind::Unexpected), others));
  EXPECT_TRUE(stays_told(whole("table", "app.users", DriftKind::Missing), others));
  EXPECT_TRUE(stays_told(whole("table", "app.users", DriftKind::Unexpected), {}));
}

TEST(Unmodelled, AModelMayBeMappedToAView) {
  Catalogue::Builder builder(15);
  builder.add("view", "app.totals", "schema", "app", {});
  const Catalogue migrations = std::move(builder).build();
  std::vector<Drift> drifts{whole("table", "app.totals", DriftKind::Missing),
                            whole("table", "app.users", DriftKind::Missing)};
  drop_mapped_views(drifts, migrations);
  ASSERT_EQ(drifts.size(), 1U);
  EXPECT_EQ(drifts[0].object.identity, "app.users");
}

TEST(Unmodelled, TheCastOfADefaultIsTheServersOwn) {
  EXPECT_FALSE(stays(changed("column", "default", "''::character varying", "''::text")));
  EXPECT_FALSE(
      stays(changed("column", "default", "'it''s'::character varying(20)", "'it''s'::text")));
  EXPECT_FALSE(stays(changed("column", "default", "'0'::numeric", "'0'::integer")));
  EXPECT_TRUE(stays(changed("column", "default", "'a'::text", "'b'::text")));
  EXPECT_TRUE(stays(changed("column", "default", "now()", "'now'::text")));
}

TEST(Unmodelled, TheSequenceBehindASerialColumn) {
  EXPECT_FALSE(stays(whole("sequence", "public.a_id_seq", DriftKind::Renamed)));
  Drift owned = whole("sequence", "public.a_id_seq", DriftKind::Missing);
  owned.parent = ObjectId{"table", "public.a"};
  EXPECT_FALSE(stays(owned));
  owned.parent = ObjectId{"schema", "public"};
  EXPECT_TRUE(stays(owned));
}

TEST(Unmodelled, RulesWidenAndNarrow) {
  const auto told = [](Drift drift, const ModelRules& rules) {
    std::vector<Drift> drifts{std::move(drift)};
    drop_unmodelled(drifts, "alembic_version", rules);
    return !drifts.empty();
  };
  const ModelRules also{{"view", "comment"}, {}};
  EXPECT_TRUE(told(whole("view", "public.v", DriftKind::Unexpected), also));
  EXPECT_FALSE(told(whole("function", "public.f()", DriftKind::Unexpected), also));
  const ModelRules without{{}, {"public.celery_*"}};
  EXPECT_FALSE(told(whole("table", "public.celery_task", DriftKind::Unexpected), without));
  Drift index = whole("index", "public.ix", DriftKind::Unexpected);
  index.parent = ObjectId{"table", "public.celery_task"};
  EXPECT_FALSE(told(index, without));
  EXPECT_TRUE(told(whole("table", "public.celery_task", DriftKind::Missing), without));
  EXPECT_TRUE(told(whole("table", "public.users", DriftKind::Unexpected), without));
}

}  // namespace
}  // namespace driftd

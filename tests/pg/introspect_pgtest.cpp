#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cstdlib>
#include <map>
#include <regex>
#include <set>

#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"
#include "expected_schema/catalogue/text.h"
#include "expected_schema/introspect/introspect.h"
#include "expected_schema/introspect/kinds.h"
#include "expected_schema/introspect/object_ids.h"
#include "tests/support/scratch.h"

namespace driftd {
namespace {

using test::fresh_database;
using test::scratch_server;
using testing::HasSubstr;
using testing::Not;

std::string rich_schema() {
  return read_file(DRIFTD_SOURCE_DIR "/tests/pg/introspect_rich.sql");
}

Catalogue read(Session& session, const Scope& scope = {}) {
  Snapshot snapshot(session);
  return introspect(snapshot, scope);
}

std::string text_of(Session& session, const Scope& scope = {}) {
  return to_text(read(session, scope));
}

/// One database with an object of every kind and many shapes, for the tests that only read it.
ScratchDatabase& rich() {
  static const auto database = [] {
    auto made = fresh_database();
    test::connect(*made).execute(rich_schema());
    return made;
  }();
  return *database;
}

TEST(Introspect, NamesObjectsAsPgIdentifyObject) {
  Session session = test::connect(rich());
  const Catalogue catalogue = read(session);
  // Every object that the server knows in the schemas of the test, but for what is left out by
  // design: types of tables, the indexes of constraints and partitions, inherited columns.
  const Rows rows = session.query(R"(
    WITH object AS (
      SELECT 'pg_class'::regclass AS class, oid, 0 AS sub FROM pg_class
       WHERE relnamespace IN ('app'::regnamespace, '"We ird"'::regnamespace)
         AND relkind IN ('r', 'p', 'f', 'v', 'm', 'S', 'i', 'I') AND relkind <> 't'
      UNION ALL SELECT 'pg_class'::regclass, attrelid, attnum FROM pg_attribute
        JOIN pg_class c ON c.oid = attrelid
       WHERE relnamespace IN ('app'::regnamespace, '"We ird"'::regnamespace)
         AND relkind IN ('r', 'p', 'f') AND attnum > 0 AND NOT attisdropped AND attinhcount = 0
      UNION ALL SELECT 'pg_constraint'::regclass, oid, 0 FROM pg_constraint
       WHERE connamespace IN ('app'::regnamespace, '"We ird"'::regnamespace)
         AND contype <> 't' AND conparentid = 0 AND coninhcount = 0
      UNION ALL SELECT 'pg_type'::regclass, oid, 0 FROM pg_type
       WHERE typnamespace IN ('app'::regnamespace, '"We ird"'::regnamespace) AND typtype IN ('e', 'd')
      UNION ALL SELECT 'pg_proc'::regclass, oid, 0 FROM pg_proc
       WHERE pronamespace IN ('app'::regnamespace, '"We ird"'::regnamespace)
      UNION ALL SELECT 'pg_trigger'::regclass, oid, 0 FROM pg_trigger
       WHERE NOT tgisinternal AND tgparentid = 0
      UNION ALL SELECT 'pg_namespace'::regclass, oid, 0 FROM pg_namespace
       WHERE nspname IN ('app', 'We ird', 'public')
      UNION ALL SELECT 'pg_foreign_server'::regclass, oid, 0 FROM pg_foreign_server
      UNION ALL SELECT 'pg_extension'::regclass, oid, 0 FROM pg_extension)
    SELECT i.type, i.identity,
           object.class = 'pg_class'::regclass AND (
             EXISTS (SELECT FROM pg_constraint WHERE conindid = object.oid AND contype <> 'f')
             OR EXISTS (SELECT FROM pg_depend JOIN pg_sequence ON seqrelid = objid
                         WHERE objid = object.oid AND deptype = 'i'
                           AND classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass)
             OR (SELECT relispartition AND relkind IN ('i', 'I') FROM pg_class WHERE oid = object.oid))
      FROM object, pg_identify_object(class, object.oid, sub) i)");
  const std::map<std::string, std::string> kinds = {{"table column", "column"},
                                                    {"foreign table column", "column"},
                                                    {"table constraint", "constraint"},
                                                    {"domain constraint", "constraint"}};
  std::set<ObjectId> server;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::string type = rows.text(row, 0);
    std::string kind = kinds.contains(type) ? kinds.at(type) : type;
    if (kind == "type") {
      kind = catalogue.find("enum", rows.text(row, 1)) != nullptr ? "enum" : "domain";
    }
    const bool left_out = rows.text(row, 2) == "t";
    const ObjectId id{kind, rows.text(row, 1)};
    if (!left_out) server.insert(id);
    EXPECT_EQ(catalogue.find(id.kind, id.identity) != nullptr, !left_out) << to_string(id);
  }
  EXPECT_GT(server.size(), 80U);
  for (const Object& object : catalogue.objects()) {
    if (object.kind == "comment" || object.kind == "database") continue;
    if (object.kind == "extension member") continue;  // told apart from objects of their own
    const bool own = object.kind == "column" && !server.contains(object.id()) &&
                     (object.identity == "app.kid.b" || object.identity == "app.parted_2.at");
    EXPECT_TRUE(server.contains(object.id()) || own) << to_string(object.id());
  }
}

TEST(Introspect, EveryParentIsThere) {
  Session session = test::connect(rich());
  const Catalogue catalogue = read(session);
  for (const Object& object : catalogue.objects()) {
    if (!object.has_parent()) continue;
    EXPECT_NE(catalogue.find(object.parent_kind, object.parent_identity), nullptr)
        << to_string(object.id()) << " in " << to_string(object.parent());
  }
}

TEST(Introspect, ReadsTheSameTwice) {
  Session session = test::connect(rich());
  EXPECT_EQ(text_of(session), text_of(session));
}

TEST(Introspect, FindsNoDifferenceAfterDumpAndRestore) {
  const auto copy = fresh_database();
  const std::string command = fmt::format(
      "set -o pipefail; pg_dump -d \"{}\" | psql -qX -v ON_ERROR_STOP=1 -d \"{}\" > /dev/null",
      rich().admin().conninfo, copy->admin().conninfo);
  ::setenv("DRIFTD_TEST_COMMAND", command.c_str(), 1);
  ASSERT_EQ(std::system("bash -c \"$DRIFTD_TEST_COMMAND\""), 0) << command;
  Session original = test::connect(rich());
  Session restored = test::connect(*copy);
  EXPECT_EQ(text_of(original), text_of(restored));
}

TEST(Introspect, NeedsNoRightButConnect) {
  Session admin = test::connect(rich());
  admin.execute("DROP ROLE IF EXISTS guest; CREATE ROLE guest LOGIN");
  Session guest(scratch_server().as_role(rich().name(), "guest"));
  EXPECT_EQ(text_of(guest), text_of(admin));
  Snapshot snapshot(guest);
  EXPECT_FALSE(fingerprint(snapshot).empty());
  EXPECT_NO_THROW(refuse_during_ddl(snapshot));
  EXPECT_EQ(read_target(snapshot).encoding, "UTF8");
}

TEST(Introspect, ReadsNoCatalogueThatTheFingerprintLeavesOut) {
  const std::regex catalogue("(?:FROM|JOIN)\\s+(pg_\\w+)\\b(?!\\()");
  for (const Kind& kind : kinds()) {
    const std::string sql = sql_for(kind, 15);
    for (std::sregex_iterator at(sql.begin(), sql.end(), catalogue), end; at != end; ++at) {
      const std::string name = (*at)[1];
      // They move with others; fingerprint.cpp says why.
      if (name == "pg_attrdef" || name == "pg_range" || name == "pg_aggregate") continue;
      EXPECT_TRUE(in_fingerprint(name)) << kind.file << " reads " << name;
    }
  }
}

TEST(Introspect, PrintsAlikeWhateverTheRoleHasSet) {
  const auto database = fresh_database();
  test::run_sql(*database, R"(CREATE SCHEMA app;
    CREATE TABLE app.t (a timestamptz DEFAULT '2020-02-03 04:05:06+00', b interval DEFAULT '1 mon 2 days',
      c bytea DEFAULT '\x00ff', d float8 DEFAULT 0.1, "e" date DEFAULT '2020-02-03', f money DEFAULT 3,
      CHECK (a > '2019-01-01 00:00:00+00'));
    CREATE VIEW app.v AS SELECT a, '2020-02-03'::date AS d FROM app.t)");
  Session plain = test::connect(*database);
  const std::string before = text_of(plain);
  for (const char* setting :
       {"DateStyle = 'SQL, DMY'", "IntervalStyle = 'sql_standard'", "TimeZone = 'Asia/Tokyo'",
        "bytea_output = 'escape'", "extra_float_digits = 0", "quote_all_identifiers = on",
        "search_path = app, public", "standard_conforming_strings = off", "xmloption = document",
        "client_encoding = 'LATIN1'"}) {
    plain.execute(
        fmt::format("ALTER DATABASE {} SET {}", quote_identifier(database->name()), setting));
  }
  Session twisted = test::connect(*database);
  ASSERT_EQ(twisted.query("SHOW TimeZone").text(0, 0), "Asia/Tokyo");
  const std::regex settings("setting .*\n(  .*\n)*");
  EXPECT_EQ(std::regex_replace(text_of(twisted), settings, ""), before);
}

TEST(Introspect, ThrowsAwayATornRead) {
  for (const char* change : {"DROP VIEW public.v", "DROP TABLE public.plain", "DROP INDEX public.i",
                             "DROP FUNCTION public.f()", "DROP TRIGGER g ON public.t"}) {
    const auto database = fresh_database();
    test::run_sql(*database, R"(CREATE TABLE public.t (a int CONSTRAINT positive CHECK (a > 0));
      CREATE TABLE public.plain (a int CHECK (a > 0)); CREATE VIEW public.v AS SELECT 1 AS one;
      CREATE INDEX i ON public.t ((a + 1)); CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
      CREATE FUNCTION public.tr() RETURNS trigger LANGUAGE plpgsql AS 'begin return new; end';
      CREATE TRIGGER g BEFORE INSERT ON public.t FOR EACH ROW EXECUTE FUNCTION public.tr())");
    Session session = test::connect(*database);
    Snapshot snapshot(session);
    const std::string before = fingerprint(snapshot);  // from here on the rows stand still
    test::run_sql(*database, change);
    Reason reason = Reason::Internal;
    try {
      introspect(snapshot, {});
    } catch (const Error& error) {
      reason = error.reason();
      EXPECT_TRUE(error.passing()) << error.message();
    }
    EXPECT_EQ(reason, Reason::CatalogueChanged) << change;
    snapshot.end();
    Snapshot after(session);
    EXPECT_NE(fingerprint(after), before);
  }
}

TEST(Introspect, WhatTheMainOwnerIsCalledOrdersNothing) {
  Target target = test::plain_target();
  target.roles = {"aa_owner", "mm_reader", "zz_owner"};
  const auto database = fresh_database(target);
  test::connect(*database).execute(
      "CREATE TABLE public.t (a int); CREATE TABLE public.u (a int);"
      "CREATE POLICY p ON public.t TO aa_owner, mm_reader;"
      "CREATE POLICY p ON public.u TO zz_owner, mm_reader;");
  Session session = test::connect(*database);
  Snapshot snapshot(session);
  const auto roles = [&](const std::string& owner, const std::string& policy) {
    const Catalogue catalogue = introspect(snapshot, {}, owner);
    const Object* object = catalogue.find("policy", policy);
    return std::string(object == nullptr ? "" : object->property("roles").value_or(""));
  };
  EXPECT_EQ(roles("aa_owner", "p on public.t"), "main owner, mm_reader");
  EXPECT_EQ(roles("zz_owner", "p on public.u"), "main owner, mm_reader");
}

TEST(Introspect, LooksOnlyIntoItsScope) {
  Session session = test::connect(rich());
  Scope scope;
  scope.schemas = {"We*"};
  const Catalogue catalogue = read(session, scope);
  EXPECT_NE(catalogue.find("table", R"("We ird"."T.able")"), nullptr);
  EXPECT_EQ(catalogue.find("table", "app.users"), nullptr);
  scope = {};
  scope.exclude_schemas = {"app"};
  EXPECT_THAT(text_of(session, scope), Not(HasSubstr("table app.")));
}

TEST(Introspect, SeesMembersOnlyAsSuchAndNoTemporaryObjects) {
  const auto database = fresh_database();
  Session session = test::connect(*database);
  session.execute(R"(CREATE SCHEMA app; CREATE EXTENSION hstore SCHEMA app;
    CREATE EXTENSION pg_stat_statements SCHEMA app;
    CREATE TEMP TABLE mine (id serial PRIMARY KEY); COMMENT ON TABLE mine IS 'x')");
  const Catalogue catalogue = read(session);
  for (const Object& object : catalogue.objects()) {
    EXPECT_TRUE(object.kind == "schema" || object.kind == "extension" ||
                object.kind == "extension member" || object.kind == "comment" ||
                object.kind == "database")
        << to_string(object.id());
  }
}

TEST(Introspect, OneChangeIsOneObject) {
  const auto database = fresh_database();
  Session session = test::connect(*database);
  session.execute(rich_schema());
  const char* const changes[] = {
      "ALTER TABLE app.users ALTER name DROP DEFAULT",
      "ALTER TABLE app.users ALTER name DROP NOT NULL",
      "ALTER TABLE app.unl ALTER f TYPE char(4)",
      "ALTER TABLE app.users ALTER name SET STATISTICS 12",
      "ALTER TABLE app.users ALTER name SET STORAGE MAIN",
      "ALTER TABLE app.users DROP CONSTRAINT two",
      "ALTER TABLE app.users VALIDATE CONSTRAINT nv",
      "ALTER TABLE app.users ALTER CONSTRAINT users_boss_fkey NOT DEFERRABLE",
      "ALTER TABLE app.users ADD CONSTRAINT more UNIQUE (age)",
      "ALTER TABLE app.users CLUSTER ON ix_plain",
      "ALTER TABLE app.users REPLICA IDENTITY FULL",
      "ALTER TABLE app.users DISABLE ROW LEVEL SECURITY",
      "ALTER TABLE app.users SET (fillfactor = 33)",
      "ALTER TABLE app.users SET (toast.autovacuum_enabled = true)",
      "ALTER TABLE app.users ENABLE TRIGGER \"t r\"",
      "DROP TRIGGER ct ON app.users",
      "DROP INDEX app.ix_brin",
      "ALTER INDEX app.ix_gin SET (fastupdate = on)",
      "CREATE INDEX fresh ON app.users (name DESC)",
      "ALTER SEQUENCE app.seq INCREMENT 7",
      "ALTER SEQUENCE app.owned OWNED BY app.users.age",
      "ALTER TYPE app.mood ADD VALUE 'mad'",
      "ALTER DOMAIN app.email DROP NOT NULL",
      "ALTER DOMAIN app.email DROP DEFAULT",
      "ALTER TABLE app.parted ADD COLUMN added int NOT NULL DEFAULT 3",
      "ALTER TABLE app.parted ADD CHECK (id < 1000)",
      "CREATE INDEX ON app.parted (id)",
      "ALTER TABLE app.base ADD COLUMN added int",
      "ALTER VIEW app.v SET (security_barrier = false)",
      "CREATE OR REPLACE FUNCTION app.tr() RETURNS trigger LANGUAGE plpgsql AS 'begin return old; "
      "end'",
      "ALTER FUNCTION app.g() VOLATILE COST 9",
      "ALTER TABLE \"We ird\".\"T.able\" ALTER \"i d\" SET INCREMENT 9",
      "COMMENT ON TABLE app.users IS 'other'",
      "COMMENT ON FUNCTION app.g() IS NULL",
      "CREATE TABLE app.lonely ()",
      "ALTER FOREIGN TABLE app.ft OPTIONS (SET table_name 'u')",
      "REFRESH MATERIALIZED VIEW app.mv",
  };
  const auto entries = [](const Catalogue& catalogue) {
    std::map<ObjectId, std::string> all;
    for (const Object& object : catalogue.objects()) {
      std::string& text = all[object.id()];
      for (const Property& property : object.properties) {
        text += fmt::format("{}={}\n", property.name, property.value);
      }
    }
    return all;
  };
  auto before = entries(read(session));
  for (const char* change : changes) {
    session.execute(change);
    const auto after = entries(read(session));
    std::set<std::string> differing;
    for (const auto& [id, text] : before) {
      if (!after.contains(id) || after.at(id) != text) differing.insert(to_string(id));
    }
    for (const auto& [id, text] : after) {
      if (!before.contains(id)) differing.insert(to_string(id));
    }
    if (std::string_view(change) == "ALTER TABLE app.users DROP CONSTRAINT two") {
      // Its comment goes with it, and the table is no longer clustered on its index.
      EXPECT_EQ(differing.erase("comment constraint two on app.users"), 1U);
      EXPECT_EQ(differing.erase("table app.users"), 1U);
    }
    EXPECT_EQ(differing.size(), 1U)
        << change << "\n  " << join({differing.begin(), differing.end()}, "\n  ");
    before = after;
  }
}

TEST(Introspect, CutsIndexesAndConstraintsWhereTheServerPutsTheirParts) {
  const auto database = fresh_database();
  Session session = test::connect(*database);
  session.execute(rich_schema());
  const Catalogue catalogue = read(session);
  const Rows rows = session.query(R"(
    SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid), NULL
      FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
     WHERE c.relnamespace IN ('app'::regnamespace, '"We ird"'::regnamespace))");
  int compared = 0;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const Object* index = catalogue.find("index", rows.text(row, 0));
    if (index == nullptr) continue;
    std::string all =
        fmt::format("USING {} {}", *index->property("method"), *index->property("columns"));
    EXPECT_THAT(rows.text(row, 1), HasSubstr(all));
    EXPECT_THAT(std::string(*index->property("columns")), Not(HasSubstr(" WHERE ")));
    EXPECT_THAT(std::string(*index->property("columns")), Not(HasSubstr(" WITH ")));
    ++compared;
  }
  EXPECT_GE(compared, 9);
  for (const Object& object : catalogue.objects()) {
    if (object.kind != "constraint") continue;
    const auto definition = *object.property("definition");
    EXPECT_TRUE(definition.find("DEFERR") == definition.npos &&
                definition.find("NOT VALID") == definition.npos &&
                definition.find("NO INHERIT") == definition.npos)
        << definition;
  }
}

TEST(Kinds, KeepLinesByVersion) {
  const Kind kind{"k", "a\nb --@ >=14\nc --@ <14\nd"};
  EXPECT_EQ(sql_for(kind, 15), "a\nb \nd\n");
  EXPECT_EQ(sql_for(kind, 13), "a\nc \nd\n");
  EXPECT_THROW(sql_for(Kind{"k", "a --@ =14"}, 15), Error);
  EXPECT_THROW(sql_for(Kind{"k", "a --@ >=x"}, 15), Error);
}

TEST(ReadTarget, SaysWhatAScratchDatabaseMustShare) {
  const auto database = fresh_database();
  Session session = test::connect(*database);
  Snapshot snapshot(session);
  const Target target = read_target(snapshot);
  EXPECT_FALSE(target.database.empty());
  EXPECT_EQ(target.server_major, session.server_major());
  EXPECT_EQ(target.encoding, "UTF8");
  EXPECT_EQ(target.owner, test::plain_target().owner);
  EXPECT_THAT(target.roles, testing::Contains(target.owner));
  EXPECT_THAT(target.roles, testing::Each(Not(testing::StartsWith("pg_"))));
}

TEST(ReadTarget, TakesTheSettingsOfTheOwnersSessionsTheMoreSpecificFirst) {
  Target plain = test::plain_target();
  plain.owner = "settings_owner";
  plain.roles = {"settings_owner", "somebody"};
  const auto database = fresh_database(plain);
  const std::string name = quote_identifier(database->name());
  Session session = test::connect(*database);
  for (const std::string& sql :
       {"ALTER DATABASE " + name + " SET search_path = app, \"O dd\", public",
        "ALTER DATABASE " + name + " SET datestyle = 'ISO, DMY'",
        "ALTER DATABASE " + name + " SET intervalstyle = 'iso_8601'",
        "ALTER DATABASE " + name + " SET work_mem = '8MB'",
        std::string("ALTER ROLE settings_owner SET datestyle = 'ISO, YMD'"),
        std::string("ALTER ROLE settings_owner SET timezone = 'Asia/Tokyo'"),
        "ALTER ROLE settings_owner IN DATABASE " + name + " SET timezone = 'Europe/Berlin'",
        std::string("ALTER ROLE somebody SET intervalstyle = 'sql_standard'"),
        "ALTER ROLE somebody IN DATABASE " + name + " SET intervalstyle = 'sql_standard'"}) {
    session.execute(sql);
  }
  Snapshot snapshot(session);
  EXPECT_THAT(read_target(snapshot).settings,
              testing::ElementsAre(testing::Pair("datestyle", "ISO, YMD"),
                                   testing::Pair("intervalstyle", "iso_8601"),
                                   testing::Pair("search_path", "app, \"O dd\", public"),
                                   testing::Pair("timezone", "Europe/Berlin")));
}

TEST(ReadTarget, TakesTheVersionsOfExtensions) {
  const auto database = fresh_database();
  Session session = test::connect(*database);
  session.execute("CREATE EXTENSION pg_trgm VERSION '1.4'");
  Snapshot snapshot(session);
  EXPECT_THAT(
      read_target(snapshot).extensions,
      testing::ElementsAre(testing::Pair("pg_trgm", "1.4"), testing::Pair("plpgsql", "1.0")));
}

TEST(ObjectIds, AreOfEveryRelationAndColumn) {
  Session session = test::connect(rich());
  const Catalogue catalogue = read(session);
  Snapshot snapshot(session);
  const ObjectIds ids = read_object_ids(snapshot, "1");
  const std::set<std::string_view> kinds{
      "table", "foreign table", "view", "index", "materialized view", "column", "sequence"};
  std::set<std::string_view> found;
  std::set<ObjectIds::Number> numbers;
  for (const Object& object : catalogue.objects()) {
    if (!kinds.contains(object.kind)) continue;
    found.insert(object.kind);
    const auto number = ids.find(object.id());
    ASSERT_TRUE(number) << to_string(object.id());
    EXPECT_TRUE(numbers.insert(*number).second) << to_string(object.id());
  }
  EXPECT_EQ(found, kinds);
  EXPECT_FALSE(ids.commits_tracked);
}

TEST(ObjectIds, GoOnOverARenameAndNotOverANewObject) {
  const auto database = fresh_database();
  Session session = test::connect(*database);
  const auto ids = [&] {
    Snapshot snapshot(session);
    return read_object_ids(snapshot, "1");
  };
  session.execute("CREATE TABLE t (a int, b int)");
  const ObjectIds before = ids();
  session.execute("ALTER TABLE t RENAME TO u; ALTER TABLE u RENAME a TO c");
  session.execute("VACUUM FULL u");
  const ObjectIds renamed = ids();
  EXPECT_EQ(renamed.database, before.database);
  EXPECT_EQ(*renamed.find({"table", "public.u"}), *before.find({"table", "public.t"}));
  EXPECT_EQ(*renamed.find({"column", "public.u.c"}), *before.find({"column", "public.t.a"}));
  session.execute("DROP TABLE u; CREATE TABLE t (a int, b int)");
  EXPECT_NE(*ids().find({"table", "public.t"}), *before.find({"table", "public.t"}));
  session.execute("ALTER TABLE t DROP b, ADD b int");
  EXPECT_EQ(ids().find({"column", "public.t.b"})->second, 3);
}

}  // namespace
}  // namespace driftd

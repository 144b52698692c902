#include "daemon/ddl_log/attribute.h"

#include <gmock/gmock.h>

namespace driftd::ddl_log {
namespace {

using testing::ElementsAre;

const ObjectId users{"table", "app.users"};

Finding column(DriftKind kind, std::vector<Difference> differences = {}) {
  Finding finding;
  finding.drift = {{"column", "app.users.phone"}, kind, std::move(differences), {}, 0, users};
  return finding;
}

Finding of(const std::string& kind, const std::string& identity, DriftKind drift,
           std::optional<ObjectId> parent = std::nullopt) {
  Finding finding;
  finding.drift = {{kind, identity}, drift, {}, {}, 0, std::move(parent)};
  return finding;
}

Entry entry(const std::string& role, const std::string& tag, const std::string& object,
            std::optional<std::string> statement, bool dropped = false) {
  Entry one;
  one.by.login_role = role;
  one.by.tag = tag;
  one.by.object = object;
  one.by.statement = std::move(statement);
  one.transaction = role;  // each role one transaction
  one.dropped = dropped;
  return one;
}

/// `role`, `role?` where it is not certain, `role +2` with others; `-` for nobody.
std::string who(const Finding& finding, const std::vector<Entry>& entries) {
  const auto by = changed_by(finding, entries);
  if (!by) return "-";
  return by->login_role + (by->certain ? "" : "?") +
         (by->others > 0 ? " +" + std::to_string(by->others) : "");
}

TEST(DdlLogAttribute, AsksByTheNamesOfTheObjectAndOfWhatContainsIt) {
  EXPECT_THAT(names_of(column(DriftKind::Changed)), ElementsAre("app.users.phone", "app.users"));
  EXPECT_THAT(names_of(of("table", "app.users", DriftKind::Missing, ObjectId{"schema", "app"})),
              ElementsAre("app.users"));
  EXPECT_THAT(names_of(column(DriftKind::Renamed, {{"name", "app.users.phone", "app.users.tel"}})),
              ElementsAre("app.users.phone", "app.users.tel", "app.users"));
  EXPECT_THAT(names_of(of("comment", "table app.users", DriftKind::Missing, users)),
              ElementsAre("app.users"));
  EXPECT_THAT(names_of(of("sequence", "app.users_id_seq", DriftKind::Changed,
                          ObjectId{"column", "app.users.id"})),
              ElementsAre("app.users_id_seq", "app.users.id", "app.users"));
}

TEST(DdlLogAttribute, PrefersTheCommandThatNamesTheColumn) {
  const std::vector<Entry> entries{
      entry("mia", "ALTER TABLE", "app.users", "ALTER TABLE app.users ADD COLUMN phone_2 text"),
      entry("ben", "ALTER TABLE", "app.users", "alter table users alter PHONE type text"),
      entry("ada", "ALTER TABLE", "app.users", "ALTER TABLE app.users ALTER phone TYPE integer"),
  };
  EXPECT_EQ(who(column(DriftKind::Changed), entries), "ben +1");
  EXPECT_EQ(who(column(DriftKind::Changed), {entries[0]}), "-");
}

TEST(DdlLogAttribute, IsNotCertainOfWhatDoesNotNameIt) {
  const Finding changed = column(DriftKind::Changed);
  EXPECT_EQ(who(changed, {entry("ada", "ALTER TABLE", "app.users", std::nullopt)}), "ada?");
  EXPECT_EQ(who(changed, {entry("ada", "ALTER TABLE", "app.users", "SELECT upgrade_all()")}),
            "ada?");
  // The text is cut: what it named later is not known.
  EXPECT_EQ(who(changed, {entry("ada", "ALTER TABLE", "app.users",
                                "ALTER TABLE users " + std::string(2000, 'x'))}),
            "ada?");
  // PostgreSQL names a constraint that nobody named.
  EXPECT_EQ(who(of("constraint", "users_check on app.users", DriftKind::Unexpected, users),
                {entry("ada", "ALTER TABLE", "app.users", "ALTER TABLE users ADD CHECK (a > 0)")}),
            "ada?");
}

TEST(DdlLogAttribute, PrefersWhatDroppedAndWhatMade) {
  const std::vector<Entry> entries{
      entry("mia", "ALTER TABLE", "app.copies", "ALTER TABLE app.copies ADD b integer"),
      entry("ben", "CREATE TABLE", "app.copies", "CREATE TABLE app.copies (a integer)"),
  };
  EXPECT_EQ(who(of("table", "app.copies", DriftKind::Unexpected), entries), "ben +1");
  EXPECT_EQ(who(of("index", "app.ix", DriftKind::Missing, users),
                {entry("mia", "COMMENT", "app.ix", "COMMENT ON INDEX app.ix IS NULL"),
                 entry("ben", "DROP INDEX", "app.ix", "DROP INDEX app.ix", true),
                 entry("ada", "CREATE INDEX", "app.ix", "CREATE INDEX ix ON users (a)")}),
            "ben +1");
}

TEST(DdlLogAttribute, CommentsAndPrivilegesAreThingsOfTheirOwn) {
  const Entry comment = entry("mia", "COMMENT", "app.users.phone", "COMMENT ON COLUMN users.phone");
  const Entry grant = entry("ben", "GRANT", "", "GRANT SELECT ON app.users TO reports");
  EXPECT_EQ(who(column(DriftKind::Changed), {comment, grant}), "-");
  EXPECT_EQ(who(of("comment", "column app.users.phone", DriftKind::Changed,
                   ObjectId{"column", "app.users.phone"}),
                {comment, grant}),
            "mia");
  EXPECT_EQ(who(of("privilege", "reports on table app.users", DriftKind::Unexpected, users),
                {comment, grant}),
            "ben");
  EXPECT_EQ(who(of("privilege", "reports on table app.user", DriftKind::Unexpected,
                   ObjectId{"table", "app.user"}),
                {grant}),
            "-");
  EXPECT_EQ(who(of("default privilege", "reports on tables", DriftKind::Unexpected),
                {grant, entry("ada", "ALTER DEFAULT PRIVILEGES", "", "ALTER DEFAULT PRIVILEGES")}),
            "ada");
}

TEST(DdlLogAttribute, OneCommandIsOneHoweverManyRowsItHas) {
  const std::string text = "ALTER TABLE app.users DROP phone, DROP fax";
  EXPECT_EQ(
      who(column(DriftKind::Missing), {entry("ada", "ALTER TABLE", "app.users", text),
                                       entry("ada", "ALTER TABLE", "app.users.phone", text, true)}),
      "ada");
}

TEST(DdlLogAttribute, KnowsQuotedNames) {
  Finding finding = of("column", "app.users.\"Odd \"\"name\"", DriftKind::Unexpected, users);
  EXPECT_EQ(who(finding,
                {entry("ada", "ALTER TABLE", "app.users",
                       "ALTER TABLE app.users ADD \"Odd \"\"name\" text"),
                 entry("ben", "ALTER TABLE", "app.users", "ALTER TABLE app.users ADD other text")}),
            "ada");
}

}  // namespace
}  // namespace driftd::ddl_log

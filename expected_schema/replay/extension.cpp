#include "expected_schema/replay/extension.h"

#include <fmt/format.h>

#include <algorithm>

#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"

namespace driftd {
namespace {

// Required extensions come along with CASCADE, and may need a superuser where the first does not.
constexpr const char* needs_superuser_sql =
    "WITH RECURSIVE needed(name) AS ("
    "  SELECT $1::name UNION"
    "  SELECT unnest(v.requires) FROM pg_catalog.pg_available_extension_versions v JOIN needed n "
    "ON n.name = v.name)"
    "SELECT count(*) FILTER (WHERE {0}), count(*)"
    "  FROM pg_catalog.pg_available_extension_versions v JOIN needed n ON n.name = v.name";

constexpr const char* can_create_sql =
    "SELECT FROM pg_catalog.pg_available_extension_versions WHERE name = $1 AND version = $2";

constexpr const char* can_update_sql =
    "SELECT FROM pg_catalog.pg_extension e"
    " WHERE e.extname = $1 AND (e.extversion = $2 OR EXISTS ("
    "   SELECT FROM pg_catalog.pg_extension_update_paths(e.extname) p"
    "    WHERE p.source = e.extversion AND p.target = $2 AND p.path IS NOT NULL))";

constexpr Limits admin_limits{std::chrono::milliseconds(10000), std::chrono::milliseconds(30000)};

}  // namespace

ExtensionRights::ExtensionRights(Session& session, ScratchDatabase& database,
                                 const SqlStatement& statement)
    : database_(database) {
  const char* condition = session.server_major() >= 13 ? "superuser AND NOT trusted" : "superuser";
  const Rows rows = session.query(fmt::format(needs_superuser_sql, condition), {statement.name});
  if (rows.text(0, 1) == "0") {
    throw Error(Reason::Replay,
                fmt::format("the scratch server lacks the extension {}", statement.name),
                "Install the extension's package for this PostgreSQL where driftd runs, or set "
                "scratch.conninfo to a server that has it.");
  }
  if (rows.text(0, 0) == "0") return;
  set("SUPERUSER");
  raised_ = true;
}

ExtensionRights::~ExtensionRights() {
  if (!raised_) return;
  try {
    set("NOSUPERUSER");
  } catch (const Error&) {
    // The scratch server is gone, and the role with it.
  }
}

void ExtensionRights::set(const char* attribute) const {
  Session admin(database_.admin());
  admin.execute(
      fmt::format("ALTER ROLE {} {}", quote_identifier(database_.owner_role()), attribute));
}

std::string with_live_version(Session& session, const Target& target,
                              const SqlStatement& statement) {
  const auto live =
      std::ranges::find(target.extensions, statement.name, [](const auto& it) { return it.first; });
  if (statement.version_word.empty() || live == target.extensions.end()) return statement.sql;
  const bool creates = statement.version_word == "VERSION";
  const Rows rows =
      session.query(creates ? can_create_sql : can_update_sql, {statement.name, live->second});
  if (rows.size() == 0) return statement.sql;
  // On a line of its own: the text may end in a comment.
  return fmt::format("{}\n{} {}", statement.sql, statement.version_word,
                     quote_literal(live->second));
}

void take_live_versions(ScratchDatabase& database, const std::set<std::string>& named) {
  Session admin(database.admin(), admin_limits);
  for (const auto& [name, version] : database.target().extensions) {
    if (named.contains(name)) continue;
    const Rows other = admin.query(
        "SELECT extversion FROM pg_catalog.pg_extension WHERE extname = $1 AND extversion <> $2",
        {name, version});
    if (other.size() == 0) continue;
    const std::string installed = other.text(0, 0);
    try {
      admin.query("UPDATE pg_catalog.pg_extension SET extversion = $2 WHERE extname = $1",
                  {name, version});
      database.add_foreign_extension(name);
      database.note(
          fmt::format("the version {} of the extension {} is not judged: the replay installed {}, "
                      "and no migration names a version",
                      version, name, installed));
    } catch (const Error& error) {
      if (error.reason() != Reason::Permission) throw;
      database.note(
          fmt::format("the replay installed the version {} of the extension {}, not {}, "
                      "and no migration names a version",
                      installed, name, version));
    }
  }
}

}  // namespace driftd

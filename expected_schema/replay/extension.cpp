#include "expected_schema/replay/extension.h"

#include <fmt/format.h>

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

}  // namespace driftd

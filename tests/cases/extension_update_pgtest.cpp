// Every extension that the server offers, once created as it is and once updated version by
// version from the oldest one: what an extension does to its own members is no drift.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "daemon/compare/compare.h"
#include "daemon/compare/extension_members.h"
#include "expected_schema/base/text.h"
#include "expected_schema/introspect/introspect.h"
#include "tests/support/scratch.h"

namespace driftd {
namespace {

Catalogue read(const ScratchDatabase& database) {
  Session session(database.admin());
  Snapshot snapshot(session);
  return introspect(snapshot, Scope{}, test::plain_target().owner);
}

struct Updated {
  std::string name;
  std::vector<std::string> versions;  // the first is created, the last is the default
};

std::vector<Updated> extensions(Session& session) {
  const Rows rows = session.query(
      "SELECT DISTINCT ON (a.name) a.name, coalesce(p.path, a.default_version)"
      "  FROM pg_available_extensions a"
      "  LEFT JOIN LATERAL (SELECT u.path FROM pg_extension_update_paths(a.name) u"
      "                       JOIN pg_available_extension_versions v"
      "                         ON v.name = a.name AND v.version = u.source"
      "                      WHERE u.target = a.default_version AND u.path IS NOT NULL) p ON true"
      " WHERE a.name NOT LIKE '%plperl%' AND a.name NOT LIKE '%plpython%' AND a.name NOT LIKE "
      "'%pltcl%' AND a.installed_version IS NULL"
      " ORDER BY a.name, length(p.path) DESC NULLS LAST",
      {});
  std::vector<Updated> found;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    Updated& one = found.emplace_back();
    one.name = rows.text(row, 0);
    std::string path = rows.text(row, 1);
    for (auto at = path.find("--"); at != std::string::npos; at = path.find("--")) {
      one.versions.push_back(path.substr(0, at));
      path.erase(0, at + 2);
    }
    one.versions.push_back(path);
  }
  return found;
}

TEST(Extensions, UpdatedVersionByVersionAreNoDrift) {
  const auto created = test::fresh_database();
  const auto updated = test::fresh_database();
  Session direct = test::connect(*created);
  Session stepped = test::connect(*updated);
  std::size_t steps = 0;
  const std::vector<Updated> all = extensions(direct);
  ASSERT_GT(all.size(), 20U);
  for (const Updated& one : all) {
    const std::string name = quote_identifier(one.name);
    direct.execute(fmt::format("CREATE EXTENSION IF NOT EXISTS {} CASCADE", name));
    for (std::size_t i = 0; i < one.versions.size(); ++i) {
      const std::string version = quote_literal(one.versions[i]);
      stepped.execute(i == 0 ? fmt::format("CREATE EXTENSION IF NOT EXISTS {} VERSION {} CASCADE",
                                           name, version)
                             : fmt::format("ALTER EXTENSION {} UPDATE TO {}", name, version));
      steps += i == 0 ? 0 : 1;
    }
  }
  ASSERT_GT(steps, 20U);
  const Expected expected{read(*created)};
  const Actual actual{read(*updated)};
  std::vector<Drift> drifts = compare(expected, actual);
  settle_extension_members(drifts, expected, actual);
  for (const Drift& drift : drifts) {
    ADD_FAILURE() << name_of(drift.kind) << " " << to_string(drift.object) << " "
                  << (drift.differences.empty() ? "" : drift.differences[0].property);
  }
}

}  // namespace
}  // namespace driftd

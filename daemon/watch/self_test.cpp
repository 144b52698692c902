#include "daemon/watch/self_test.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "daemon/compare/compare.h"
#include "expected_schema/catalogue/undetermined.h"

namespace driftd {
namespace {

constexpr const char* name = "driftd_selftest";

std::vector<const Object*> plain_tables(const Catalogue& catalogue) {
  std::vector<const Object*> tables;
  for (const Object& object : catalogue.objects()) {
    // A partition has the columns of its parent, and no others.
    if (object.kind == "table" && object.parent_kind == "schema") tables.push_back(&object);
  }
  return tables;
}

std::string schema_of(const Object& table) {
  return std::string(table.parent_identity);
}

/// A column that may be NULL, or none.
const Object* nullable_column(const Catalogue& catalogue, const Object& table) {
  for (const Object& object : catalogue.objects()) {
    if (object.kind == "column" && object.parent_identity == table.identity &&
        object.property("not_null") == "false" && !object.property("generated")) {
      return &object;
    }
  }
  return nullptr;
}

}  // namespace

std::optional<Planted> plant(const Catalogue& catalogue, std::uint64_t random) {
  const std::vector<const Object*> tables = plain_tables(catalogue);
  if (tables.empty()) return std::nullopt;
  const Object& table = *tables[random % tables.size()];
  const std::string of(table.identity);
  switch ((random >> 32U) % 4) {
    case 0:
      return Planted{fmt::format("ALTER TABLE {} ADD COLUMN {} integer", of, name),
                     {"column", fmt::format("{}.{}", of, name)}};
    case 1:
      return Planted{fmt::format("CREATE INDEX {} ON {} ((1))", name, of),
                     {"index", fmt::format("{}.{}", schema_of(table), name)}};
    case 2:
      if (const Object* column = nullable_column(catalogue, table)) {
        const std::string identity(column->identity);
        return Planted{fmt::format("ALTER TABLE {} ALTER COLUMN {} SET NOT NULL", of,
                                   identity.substr(of.size() + 1)),
                       {"column", identity}};
      }
      break;
    default:
      break;
  }
  return Planted{fmt::format("CREATE TABLE {}.{} (id integer)", schema_of(table), name),
                 {"table", fmt::format("{}.{}", schema_of(table), name)}};
}

bool can_test(const AppliedHistory& history, const Scope& scope) {
  if (history.stored || history.command || !history.unknown_revisions.empty()) return false;
  return scope.groups.empty() || std::ranges::find(scope.groups, "structure") != scope.groups.end();
}

std::optional<SelfTest> self_test(const AppliedHistory& history, const Target& target,
                                  const Scope& scope, ExpectedSchemas& schemas,
                                  std::uint64_t random, const std::stop_token& stop) {
  if (!can_test(history, scope)) return std::nullopt;
  const auto expected = schemas.of(history, target, scope, stop);
  // What is undetermined is not compared: a change of it would not be found.
  const auto planted =
      plant(without(expected->expected.catalogue, expected->expected.undetermined), random);
  if (!planted) return std::nullopt;

  AppliedHistory changed = history;
  changed.digest += " with " + planted->sql;
  Migration migration;
  migration.revision = "self-test";
  migration.digest = planted->sql;
  migration.upgrade = [sql = planted->sql](StatementSink& sink) {
    sink.run({sql, {"the self-test", 0, 0}, "self-test", false});
  };
  changed.applied.push_back(std::move(migration));
  const auto there = schemas.of(changed, target, scope, stop);
  const std::vector<Drift> drifts =
      compare(expected->expected, Actual{there->expected.catalogue.copy()});
  SelfTest result;
  result.ended = std::chrono::system_clock::now();
  result.success = std::ranges::any_of(
      drifts, [&](const Drift& drift) { return drift.object == planted->object; });
  if (!result.success) {
    result.message =
        fmt::format("the self-test planted `{}`, and the comparison did not find it", planted->sql);
  }
  return result;
}

}  // namespace driftd

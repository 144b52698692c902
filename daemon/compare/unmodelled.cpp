#include "daemon/compare/unmodelled.h"

#include <algorithm>
#include <array>
#include <regex>
#include <string_view>

#include "expected_schema/base/text.h"
#include "expected_schema/catalogue/names.h"

namespace driftd {
namespace {

template <std::size_t N>
bool one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::ranges::find(words, word) != words.end();
}

/// What SQLAlchemy's models always state, for better or worse.
bool always_stated(std::string_view kind, std::string_view property) {
  constexpr std::array<std::string_view, 5> column{"type", "not_null", "default", "generated",
                                                   "identity_kind"};
  constexpr std::array<std::string_view, 6> constraint{"type",       "definition", "references",
                                                       "deferrable", "deferred",   "no_inherit"};
  constexpr std::array<std::string_view, 4> index{"method", "unique", "columns", "predicate"};
  if (kind == "column") return one_of(property, column);
  if (kind == "constraint") return one_of(property, constraint);
  if (kind == "index") return one_of(property, index);
  return kind == "enum" && property == "labels";
}

/// What they state where they want it otherwise than PostgreSQL has it by itself.
bool stated_if_wanted(std::string_view kind, std::string_view property) {
  constexpr std::array<std::string_view, 5> table{"partition_key", "options", "tablespace",
                                                  "inherits", "access_method"};
  constexpr std::array<std::string_view, 2> index{"options", "tablespace"};
  if (kind == "table") return one_of(property, table);
  if (kind == "index") return one_of(property, index);
  return kind == "column" && property == "collation";
}

/// `'x'::text` and `'x'::character varying` are the same default: a column's type was changed once.
std::string without_cast(const std::string& expression) {
  static const std::regex form(R"re(('(?:[^']|'')*'|-?[0-9.]+)::[a-z ]+(?:\([0-9, ]+\))?)re");
  std::smatch match;
  return std::regex_match(expression, match, form) ? match[1].str() : expression;
}

bool is_stated(std::string_view kind, const Difference& difference) {
  constexpr std::array<std::string_view, 11> others{
      "table",  "column",    "constraint",       "index",    "enum",   "sequence",
      "schema", "extension", "extension member", "database", "setting"};
  const std::string& property = difference.property;
  if (property == "default" && difference.expected && difference.actual &&
      without_cast(*difference.expected) == without_cast(*difference.actual)) {
    return false;
  }
  if (always_stated(kind, property)) return true;
  if (stated_if_wanted(kind, property)) {
    return difference.expected && !(property == "access_method" && *difference.expected == "heap");
  }
  if (kind == "table" && property == "persistence") return difference.expected == "unlogged";
  return !one_of(kind, others) && property != "owner";
}

/// Whether models would speak of such an object if they had it.
bool is_modelled(const Drift& drift, const std::string& version_table) {
  constexpr std::array<std::string_view, 6> kinds{"table", "column", "constraint",
                                                  "index", "enum",   "domain"};
  const ObjectId& object = drift.object;
  if (!one_of(object.kind, kinds)) return false;
  if (object.kind != "table") return true;
  const bool partition = drift.parent && drift.parent->kind == "table";
  return !partition && own_name(object.identity) != version_table;
}

/// Whether the migrations may have it although no model does.
bool is_without(const Drift& drift, const std::vector<std::string>& without) {
  if (drift.kind != DriftKind::Unexpected) return false;
  return std::ranges::any_of(without, [&](const std::string& glob) {
    const auto fits = [&](const std::string& identity) { return glob_matches(glob, identity); };
    return fits(drift.object.identity) || (drift.parent && fits(drift.parent->identity));
  });
}

/// PostgreSQL's names end so (the manual, "CREATE TABLE"; ChooseConstraintName in the source).
bool chosen_by_postgres(const Drift& drift) {
  constexpr std::array<std::string_view, 5> endings{"_pkey", "_key", "_fkey", "_check", "_excl"};
  const std::string_view identity = drift.object.identity;
  const auto on = identity.find(" on ");
  std::string_view name = identity.substr(0, on);
  if (name.starts_with('"') && name.ends_with('"')) name = name.substr(1, name.size() - 2);
  while (!name.empty() && name.back() >= '0' && name.back() <= '9') name.remove_suffix(1);
  return std::ranges::any_of(endings, [&](auto ending) { return name.ends_with(ending); });
}

std::string unquoted(std::string_view name) {
  if (name.size() < 2 || !name.starts_with('"') || !name.ends_with('"')) return std::string(name);
  std::string plain;
  for (std::size_t i = 1; i + 1 < name.size(); ++i) {
    plain += name[i];
    if (name[i] == '"') ++i;
  }
  return plain;
}

std::string fact(const Drift& drift, std::string_view property) {
  const auto found = std::ranges::find(drift.properties, property, &Difference::property);
  if (found == drift.properties.end()) return {};
  return (found->expected ? found->expected : found->actual).value_or("");
}

}  // namespace

void drop_unread(std::vector<Drift>& drifts, const UnreadTables& unread) {
  if (unread.names.empty() && !unread.others) return;
  const auto is_unread = [&](std::string_view identity) {
    return unread.names.contains(unquoted(own_name(identity)));
  };
  std::erase_if(drifts, [&](const Drift& drift) {
    const ObjectId& object = drift.object;
    if (object.kind == "table" && is_unread(object.identity)) return true;
    if (drift.parent && drift.parent->kind == "table" && is_unread(drift.parent->identity)) {
      return true;
    }
    if (drift.kind != DriftKind::Unexpected) return false;
    // A foreign key to such a table was not made; its types are made with it.
    if (object.kind == "constraint") return is_unread(fact(drift, "references"));
    if (object.kind == "enum" || object.kind == "domain") return true;
    return object.kind == "table" && unread.others;
  });
}

void drop_mapped_views(std::vector<Drift>& drifts, const Catalogue& migrations) {
  std::erase_if(drifts, [&](const Drift& drift) {
    const ObjectId& object = drift.object;
    return object.kind == "table" && drift.kind == DriftKind::Missing &&
           (migrations.find("view", object.identity) != nullptr ||
            migrations.find("materialized view", object.identity) != nullptr ||
            migrations.find("foreign table", object.identity) != nullptr);
  });
}

void drop_unmodelled(std::vector<Drift>& drifts, const std::string& version_table,
                     const ModelRules& rules) {
  std::erase_if(drifts, [&](Drift& drift) {
    if (is_without(drift, rules.without)) return true;
    if (std::ranges::find(rules.also, drift.object.kind) != rules.also.end()) return false;
    switch (drift.kind) {
      case DriftKind::Missing:
        // The models speak of it, but for the sequence behind a serial column.
        return drift.object.kind == "sequence" && drift.parent && drift.parent->kind != "schema";
      case DriftKind::Unexpected:
        return !is_modelled(drift, version_table);
      case DriftKind::Renamed:
        return drift.object.kind == "sequence" ||
               (drift.object.kind == "constraint" && chosen_by_postgres(drift));
      case DriftKind::Changed:
        std::erase_if(drift.differences, [&](const Difference& difference) {
          return !is_stated(drift.object.kind, difference);
        });
        return drift.differences.empty();
    }
    return false;
  });
}

}  // namespace driftd

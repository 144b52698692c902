#include "expected_schema/introspect/introspect.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"
#include "expected_schema/introspect/groups.h"
#include "expected_schema/introspect/kinds.h"

namespace driftd {
namespace {

bool in_scope(const Scope& scope, const std::string& schema) {
  const auto matches = [&](const std::string& glob) { return glob_matches(glob, schema); };
  return std::ranges::any_of(scope.schemas, matches) &&
         std::ranges::none_of(scope.exclude_schemas, matches);
}

/// What the queries take: the oids of the schemas that are looked at, as the text of an oid[], and
/// the oid of the main owner. Names beginning with pg_ are the server's own: CREATE SCHEMA refuses
/// them.
struct Parameters {
  std::vector<std::string> schemas;
  std::string main_owner = "0";

  std::vector<std::optional<std::string>> of(std::size_t from, std::size_t to,
                                             std::size_t count) const {
    const std::vector<std::string> part(schemas.begin() + static_cast<std::ptrdiff_t>(from),
                                        schemas.begin() + static_cast<std::ptrdiff_t>(to));
    std::vector<std::optional<std::string>> texts{"{" + join(part, ",") + "}", main_owner};
    texts.resize(count);
    return texts;
  }
};

Parameters parameters_of(Snapshot& snapshot, const Scope& scope, const std::string& main_owner) {
  const Rows rows = snapshot.query(
      "SELECT oid, nspname, coalesce((SELECT oid FROM pg_roles WHERE rolname = $1), 0)"
      "  FROM pg_namespace"
      " WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' ORDER BY oid",
      {main_owner});
  Parameters parameters;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (in_scope(scope, rows.text(row, 1))) parameters.schemas.push_back(rows.text(row, 0));
    parameters.main_owner = rows.text(row, 2);
  }
  return parameters;
}

Error torn(std::string_view kind, std::string_view identity) {
  return {Reason::CatalogueChanged, fmt::format("{} {} changed while it was read", kind, identity),
          "Somebody changes the schema at this moment; driftd looks again soon."};
}

/// What the columns of a kind's query are.
struct Columns {
  std::size_t identity = 0;  // `kind` stands before it where there is one
  std::vector<std::string_view> names;
  std::vector<bool> required;
};

Columns columns_of(const Kind& kind, const Rows& rows) {
  Columns columns;
  for (std::size_t i = 0; i < rows.columns(); ++i) {
    std::string_view name = rows.name(i);
    columns.required.push_back(name.ends_with('!'));
    if (columns.required.back()) name.remove_suffix(1);
    columns.names.push_back(name);
  }
  columns.identity = !columns.names.empty() && columns.names[0] == "kind" ? 1 : 0;
  const std::size_t i = columns.identity;
  if (columns.names.size() < i + 3 || columns.names[i] != "identity" ||
      columns.names[i + 1] != "parent_kind" || columns.names[i + 2] != "parent") {
    throw Error(Reason::Internal,
                fmt::format("{}.sql: the columns are not those of a kind", kind.file));
  }
  return columns;
}

/// The definition of a view or a rule locks what it names until the transaction ends, and a server
/// has room for some thousands of locks, which are the application's. So many schemas are printed
/// before what they locked is given back.
constexpr std::size_t most_locked = 50;

bool locks_what_it_prints(const Kind& kind) {
  return kind.file == "view" || kind.file == "rule";
}

/// Which groups are read.
class Groups {
 public:
  explicit Groups(const Scope& scope) {
    for (const Group group : all_groups()) {
      const bool on = std::ranges::find(scope.groups, name_of(group)) != scope.groups.end();
      if (on) wanted_ |= bit(group);
    }
  }
  bool wanted(Group group) const { return (wanted_ & bit(group)) != 0; }

 private:
  static unsigned bit(Group group) { return 1U << static_cast<unsigned>(group); }
  unsigned wanted_ = 0;
};

void read(const Kind& kind, const Rows& rows, const Groups& groups, Catalogue::Builder& builder) {
  const Columns columns = columns_of(kind, rows);
  const std::size_t first = columns.identity + 3;
  std::vector<Property> properties;
  std::string_view newest;           // kinds come one after the other
  std::vector<bool> wanted_columns;  // of the newest
  bool wanted = false;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const auto name = columns.identity == 1 ? rows.at(row, 0) : kind.file;
    const auto identity = rows.at(row, columns.identity);
    if (!name || !identity) throw torn(name.value_or(kind.file), identity.value_or("?"));
    if (*name != newest) {
      newest = *name;
      wanted = groups.wanted(group_of(*name));
      wanted_columns.clear();
      for (const std::string_view property : columns.names) {
        wanted_columns.push_back(groups.wanted(group_of(*name, property)));
      }
    }
    if (!wanted) continue;
    properties.clear();
    for (std::size_t i = first; i < columns.names.size(); ++i) {
      if (!wanted_columns[i]) continue;
      const auto value = rows.at(row, i);
      // format_type and ruleutils print ??? for a row that is gone.
      if (columns.required[i] && (!value || *value == "???")) throw torn(*name, *identity);
      if (value) properties.push_back({columns.names[i], *value});
    }
    builder.add(*name, *identity, rows.at(row, columns.identity + 1).value_or(""),
                rows.at(row, columns.identity + 2).value_or(""), properties);
  }
  builder.sort_added();
}

}  // namespace

Catalogue introspect(Snapshot& snapshot, const Scope& scope, const std::string& main_owner) {
  const auto parameters = parameters_of(snapshot, scope, main_owner);
  const Groups groups(scope);
  Catalogue::Builder builder(snapshot.server_major());
  for (const Kind& kind : kinds()) {
    const std::string sql = sql_for(kind, snapshot.server_major());
    // A parameter that no expression names has no type.
    std::size_t used = 0;
    while (used < 2 && sql.find(fmt::format("${}", used + 1)) != std::string::npos) ++used;
    const std::size_t all = parameters.schemas.size();
    if (!locks_what_it_prints(kind) || all <= most_locked) {
      read(kind, snapshot.query(sql, parameters.of(0, all, used)), groups, builder);
      continue;
    }
    for (std::size_t from = 0; from < all; from += most_locked) {
      const std::size_t to = std::min(from + most_locked, all);
      read(kind, snapshot.query_and_unlock(sql, parameters.of(from, to, used)), groups, builder);
    }
  }
  return std::move(builder).build();
}

}  // namespace driftd

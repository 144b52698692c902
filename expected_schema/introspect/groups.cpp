#include "expected_schema/introspect/groups.h"

#include <algorithm>
#include <array>

namespace driftd {
namespace {

using enum Group;

struct KindRow {
  std::string_view kind;
  Group group;
};

constexpr auto kinds = std::to_array<KindRow>({
    {"schema", Structure},
    {"table", Structure},
    {"foreign table", Structure},
    {"column", Structure},
    {"constraint", Structure},
    {"index", Structure},
    {"sequence", Structure},
    {"enum", Structure},
    {"domain", Structure},
    {"composite type", Structure},
    {"attribute", Structure},
    {"range", Structure},
    {"base type", Structure},
    {"shell type", Structure},
    {"collation", Structure},
    {"extension", Structure},
    {"extension member", Structure},
    {"database", Structure},
    {"setting", Structure},
    {"foreign data wrapper", Structure},
    {"server", Structure},
    {"user mapping", Security},

    {"view", Code},
    {"view column", Code},
    {"materialized view", Code},
    {"function", Code},
    {"procedure", Code},
    {"aggregate", Code},
    {"trigger", Code},
    {"event trigger", Code},
    {"rule", Code},
    {"language", Code},
    {"cast", Code},
    {"operator", Code},
    {"operator class", Code},
    {"operator family", Code},
    {"access method", Code},
    {"conversion", Code},
    {"transform", Code},
    {"text search configuration", Code},
    {"text search dictionary", Code},
    {"text search parser", Code},
    {"text search template", Code},

    {"policy", Security},
    {"privilege", Security},
    {"default privilege", Security},
    {"security label", Security},

    {"statistics", Storage},

    {"publication", Replication},
    {"publication table", Replication},
    {"publication schema", Replication},
    {"subscription", Replication},

    {"comment", Documentation},
});

struct PropertyRow {
  std::string_view property;
  Group group;
  std::string_view kinds;  ///< `|table|foreign table|`; empty: whatever the kind
};

constexpr auto properties = std::to_array<PropertyRow>({
    {"owner", Security, ""},
    {"row_security", Security, ""},
    {"force_row_security", Security, ""},
    {"tablespace", Storage, ""},
    {"access_method", Storage, ""},
    {"toast_options", Storage, ""},
    {"statistics", Storage, ""},
    {"storage", Storage, ""},
    {"compression", Storage, ""},
    {"clustered_on", Storage, ""},
    // Of a view or a column they change what is read.
    {"options", Storage, "|table|index|constraint|materialized view|"},
    {"replica_identity", Replication, ""},
    {"comment", Documentation, ""},
});

constexpr auto groups =
    std::to_array<Group>({Structure, Code, Security, Storage, Replication, Documentation});

}  // namespace

std::string_view name_of(Group group) {
  switch (group) {
    case Structure:
      return "structure";
    case Code:
      return "code";
    case Security:
      return "security";
    case Storage:
      return "storage";
    case Replication:
      return "replication";
    case Documentation:
      return "documentation";
  }
  return "structure";
}

std::span<const Group> all_groups() {
  return groups;
}

std::optional<Group> group_named(std::string_view name) {
  const auto found = std::ranges::find(groups, name, [](Group g) { return name_of(g); });
  if (found == groups.end()) return std::nullopt;
  return *found;
}

bool has_group(std::string_view kind) {
  return std::ranges::find(kinds, kind, &KindRow::kind) != kinds.end();
}

Group group_of(std::string_view kind, std::string_view property) {
  const auto of_kind = std::ranges::find(kinds, kind, &KindRow::kind);
  const Group group = of_kind == kinds.end() ? Structure : of_kind->group;
  const auto names = [&](std::string_view list) {
    for (auto at = list.find(kind); at != std::string_view::npos; at = list.find(kind, at + 1)) {
      if (list[at - 1] == '|' && list[at + kind.size()] == '|') return true;
    }
    return false;
  };
  for (const PropertyRow& row : properties) {
    if (row.property == property && (row.kinds.empty() || names(row.kinds))) return row.group;
  }
  return group;
}

}  // namespace driftd

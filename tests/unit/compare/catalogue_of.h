#pragma once

#include <string>
#include <utility>
#include <vector>

#include "daemon/compare/compare.h"

/// Catalogues and drifts as short text.
namespace driftd {

struct Given {
  std::string kind;
  std::string identity;
  std::string parent_kind;
  std::string parent;
  std::vector<std::pair<std::string, std::string>> properties;
};

using GivenObjects = std::vector<Given>;

inline Catalogue catalogue_of(const GivenObjects& objects, int major = 15) {
  Catalogue::Builder builder(major);
  for (const Given& given : objects) {
    std::vector<Property> properties;
    for (const auto& [name, value] : given.properties) properties.push_back({name, value});
    builder.add(given.kind, given.identity, given.parent_kind, given.parent, properties);
  }
  return std::move(builder).build();
}

inline std::vector<Drift> compare_given(const GivenObjects& expected, const GivenObjects& actual) {
  return compare(Expected{catalogue_of(expected)}, Actual{catalogue_of(actual)});
}

/// `changed column app.users.email: type text -> integer`.
inline std::string line_of(const Drift& drift) {
  std::string text = std::string(name_of(drift.kind)) + " " + to_string(drift.object);
  if (drift.folded > 0) text += " +" + std::to_string(drift.folded);
  std::string separator = ": ";
  for (const Difference& difference : drift.differences) {
    text += separator + difference.property + " " + difference.expected.value_or("(none)") +
            " -> " + difference.actual.value_or("(none)");
    separator = "; ";
  }
  return text;
}

inline std::vector<std::string> lines_of(const std::vector<Drift>& drifts) {
  std::vector<std::string> lines;
  for (const Drift& drift : drifts) lines.push_back(line_of(drift));
  return lines;
}

inline Given schema(const std::string& name) {
  return {"schema", name, "", "", {}};
}

inline Given table(const std::string& name) {
  return {"table", name, "schema", name.substr(0, name.find('.')), {{"persistence", "p"}}};
}

inline Given column(const std::string& table, const std::string& name, int position,
                    const std::string& type = "text") {
  return {"column",
          table + "." + name,
          "table",
          table,
          {{"position", std::to_string(position)}, {"type", type}, {"not_null", "false"}}};
}

inline Given index(const std::string& table, const std::string& name, const std::string& columns) {
  const std::string schema = table.substr(0, table.find('.'));
  return {
      "index",
      schema + "." + name,
      "table",
      table,
      {{"definition", "CREATE INDEX " + name + " ON " + table + " USING btree (" + columns + ")"}}};
}

}  // namespace driftd

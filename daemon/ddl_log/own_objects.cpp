#include "daemon/ddl_log/own_objects.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace driftd::ddl_log {
namespace {

struct Name {
  std::string_view kind;
  std::string_view identity;
};

constexpr Name table{"table", "driftd.ddl_log"};

/// What install.sql makes, but for the schema.
constexpr std::array made{
    table,
    Name{"constraint", "ddl_log_pkey on driftd.ddl_log"},
    Name{"index", "driftd.ddl_log_pkey"},
    Name{"sequence", "driftd.ddl_log_id_seq"},
    Name{"function", "driftd.log_ddl()"},
    Name{"event trigger", "driftd_ddl_log"},
    Name{"event trigger", "driftd_ddl_log_drop"},
    Name{"comment", "schema driftd"},
    Name{"comment", "function driftd.log_ddl()"},
};

constexpr std::array<std::string_view, 14> columns{
    "id",  "at",  "transaction_id", "login_role",  "acting_role", "application", "client",
    "pid", "tag", "object_type",    "schema_name", "object",      "dropped",     "statement",
};

bool is_column(std::string_view kind, std::string_view identity) {
  constexpr std::string_view front = "driftd.ddl_log.";
  return kind == "column" && identity.starts_with(front) &&
         std::ranges::find(columns, identity.substr(front.size())) != columns.end();
}

bool is_made(std::string_view kind, std::string_view identity) {
  return is_column(kind, identity) || std::ranges::any_of(made, [&](const Name& name) {
           return name.kind == kind && name.identity == identity;
         });
}

bool is_schema(std::string_view kind, std::string_view identity) {
  return kind == "schema" && identity == "driftd";
}

/// To look into the schema, to read the table, and that not everybody may call the function.
bool is_right_to_read(const Object& object) {
  if (object.kind != "privilege") return false;
  const auto given = object.property("privileges").value_or("");
  if (is_schema(object.parent_kind, object.parent_identity)) return given == "USAGE";
  if (object.parent_kind == "table" && object.parent_identity == table.identity) {
    return given == "SELECT";
  }
  return object.parent_kind == "function" && object.parent_identity == "driftd.log_ddl()" &&
         given == "-EXECUTE";
}

}  // namespace

bool has_own_objects(const Catalogue& catalogue) {
  return std::ranges::any_of(
      made, [&](const Name& name) { return catalogue.find(name.kind, name.identity) != nullptr; });
}

Catalogue without_own_objects(Catalogue catalogue) {
  if (!has_own_objects(catalogue)) return catalogue;
  const bool schema = catalogue.find(table.kind, table.identity) != nullptr;
  Catalogue::Builder others(catalogue.server_major());
  for (const Object& object : catalogue.objects()) {
    if (is_made(object.kind, object.identity) || is_right_to_read(object)) continue;
    if (schema && is_schema(object.kind, object.identity)) continue;
    others.add(object.kind, object.identity, object.parent_kind, object.parent_identity,
               object.properties);
  }
  return std::move(others).build();
}

}  // namespace driftd::ddl_log

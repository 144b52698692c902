#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "expected_schema/catalogue/catalogue.h"

/// What a catalogue says of objects, in the parts that operations take.
namespace driftd::plan {

/// A qualified name, without its quotes, and as the server writes it.
struct Name {
  std::string schema;
  std::string name;
  std::string identity;

  /// `, schema="app"`; empty for public, which migrations leave out.
  std::string keyword() const;
  /// As SQL, with its schema where migrations name it.
  std::string sql() const;
};

/// Of `app.users`, `"App"."Users"`.
Name name_of(std::string_view identity);
/// The last part of an identity without quotes: of `app.users.email`, `uq on app.users`.
std::string own_name_of(std::string_view identity);
/// The same as SQL, with quotes where it needs them.
std::string own_sql_of(std::string_view identity);

std::string fact(const Object& object, std::string_view property);
bool is_true(const Object& object, std::string_view property);

/// Columns in their order, constraints and indexes by name.
std::vector<const Object*> parts_of(const Catalogue& catalogue, std::string_view kind,
                                    std::string_view parent);

/// The names in `(a, "B")`; nothing where one is an expression or has more to it.
std::optional<std::vector<std::string>> plain_names(std::string_view list);

}  // namespace driftd::plan

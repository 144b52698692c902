#pragma once

#include <string>
#include <string_view>

namespace driftd {

/// What running a text of SQL can do, as far as the text tells.
struct SqlEffect {
  /// Whether anything but rows may change. Inserts, updates, deletes, queries and settings change
  /// none; a query that is only a call of a function that is not PostgreSQL's own may.
  bool schema = true;
  /// Whether it is one query whose answer follows from the schema alone: it reads no table but
  /// those of the catalogue, and calls nothing that differs between two servers of one schema.
  bool about_schema = false;
};

/// Whether a function, by its name without a schema, only computes: it changes no schema.
bool only_computes(std::string_view name);

/// `$1` may stand for an expression that is not known. What does not parse is told by the first
/// words of its statements.
SqlEffect effect_of(const std::string& sql);

}  // namespace driftd

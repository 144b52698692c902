#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "expected_schema/base/error.h"

namespace driftd::alembic {

/// A constraint or index that is about to get its name, as a naming convention sees it.
struct Unnamed {
  std::string kind;  ///< "ix", "uq", "ck", "fk", "pk"; another one has no convention
  std::optional<std::string> name;
  bool settled = false;  ///< the name comes from op.f(): no convention changes it
  std::string table;
  std::optional<std::string> schema;
  std::vector<std::string> columns;
  bool columns_known = true;
  std::string referred_table;
  std::vector<std::string> referred_columns;
};

/// `MetaData(naming_convention=...)` of the metadata that env.py gives to Alembic: every operation
/// names by it what a migration leaves unnamed.
class NamingConvention {
 public:
  /// None: SQLAlchemy's own, which names indexes only.
  NamingConvention() = default;
  /// A pattern without a text is one that cannot be read.
  explicit NamingConvention(std::map<std::string, std::optional<std::string>> patterns)
      : patterns_(std::move(patterns)) {}
  /// One that is there and cannot be read; `place` is where it stands.
  explicit NamingConvention(Place place) : unread_(std::make_shared<const Place>(place)) {}

  bool empty() const { return patterns_.empty() && !unread_; }
  bool readable() const { return unread_ == nullptr; }
  const std::map<std::string, std::optional<std::string>>& patterns() const { return patterns_; }

  /// The name as SQLAlchemy gives it (sql/naming.py), not yet cut to 63 characters; nothing where
  /// PostgreSQL chooses. Throws Error{NotUnderstood} at `place` where it cannot be known.
  std::optional<std::string> name(const Unnamed& unnamed, const Place& place) const;

 private:
  std::map<std::string, std::optional<std::string>> patterns_;
  std::shared_ptr<const Place> unread_;
};

}  // namespace driftd::alembic

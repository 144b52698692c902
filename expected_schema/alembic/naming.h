#pragma once

#include <functional>
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
  std::optional<bool> unique = std::nullopt;  ///< of an index; nothing: not known
};

/// The text of a token that the convention has a function for; nothing where it cannot be known.
using NameToken = std::function<std::optional<std::string>(const Unnamed&, const Place&)>;

/// `MetaData(naming_convention=...)` of the metadata that env.py gives to Alembic: every operation
/// names by it what a migration leaves unnamed.
class NamingConvention {
 public:
  /// None: SQLAlchemy's own, which names indexes only.
  NamingConvention() = default;
  /// A pattern without a text is one that cannot be read.
  explicit NamingConvention(std::map<std::string, std::optional<std::string>> patterns,
                            std::map<std::string, NameToken> tokens = {})
      : patterns_(std::move(patterns)), tokens_(std::move(tokens)) {}
  /// One that is there and cannot be read; `place` is where it stands.
  explicit NamingConvention(Place place) : unread_(std::make_shared<const Place>(place)) {}

  bool empty() const { return patterns_.empty() && !unread_; }
  bool readable() const { return unread_ == nullptr; }
  const std::map<std::string, std::optional<std::string>>& patterns() const { return patterns_; }
  /// Tokens of the application's own, such as `%(column_names)s`.
  const std::map<std::string, NameToken>& tokens() const { return tokens_; }

  /// The name as SQLAlchemy gives it (sql/naming.py), not yet cut to 63 characters; nothing where
  /// PostgreSQL chooses. Throws Error{NotUnderstood} at `place` where it cannot be known.
  std::optional<std::string> name(const Unnamed& unnamed, const Place& place) const;

 private:
  std::string token_text(const Unnamed& unnamed, const std::string& token,
                         const Place& place) const;

  std::map<std::string, std::optional<std::string>> patterns_;
  std::map<std::string, NameToken> tokens_;
  std::shared_ptr<const Place> unread_;
};

}  // namespace driftd::alembic

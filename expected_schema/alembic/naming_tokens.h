#pragma once

#include <memory>
#include <string>

#include "expected_schema/alembic/naming.h"
#include "expected_schema/python/evaluator.h"

namespace driftd::alembic {

/// Calls the functions that a naming convention has for tokens of its own, as SQLAlchemy does: with
/// the constraint or index (`columns`, `unique`, `name`, `table`) and its table (`name`, `schema`).
/// It keeps alive what it is given: the functions are gone with their evaluator.
class NamingTokens {
 public:
  NamingTokens(std::shared_ptr<python::Host> host, std::shared_ptr<python::Evaluator> evaluator);
  ~NamingTokens();
  NamingTokens(const NamingTokens&) = delete;
  NamingTokens& operator=(const NamingTokens&) = delete;

  /// The text of one, nothing where it cannot be known. May be called from several threads. Each is
  /// evaluated once: an evaluator's bounds are for its whole life, and a daemon's is long.
  std::optional<std::string> text(const std::string& token, const python::Value& function,
                                  const Unnamed& unnamed, const Place& place) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace driftd::alembic

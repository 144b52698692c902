#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "expected_schema/alembic/naming.h"
#include "expected_schema/alembic/naming_tokens.h"
#include "expected_schema/python/value.h"

namespace driftd::alembic {

/// A convention as its module gives it: a text for each key, or a function for a token.
struct Convention {
  std::map<std::string, std::optional<std::string>> patterns;
  std::map<std::string, python::Value> functions;

  /// Two are the same when their texts are and their tokens have the same names.
  friend bool operator==(const Convention& a, const Convention& b) {
    const auto names = [](const auto& x, const auto& y) { return x.first == y.first; };
    return a.patterns == b.patterns && std::ranges::equal(a.functions, b.functions, names);
  }
};

/// Nothing where the value is no dictionary whose keys are texts.
std::optional<Convention> convention_of(const python::Value& value);

/// `tokens` calls the convention's functions.
NamingConvention made_of(const Convention& convention,
                         const std::shared_ptr<const NamingTokens>& tokens);

}  // namespace driftd::alembic

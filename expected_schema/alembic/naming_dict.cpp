#include "expected_schema/alembic/naming_dict.h"

#include "expected_schema/alembic/symbols.h"

namespace driftd::alembic {

using python::Dict;
using python::Value;

std::optional<Convention> convention_of(const Value& value) {
  const auto* dict = value.get_if<Dict>();
  if (dict == nullptr) return std::nullopt;
  Convention result;
  for (const auto& [key, item] : **dict) {
    const auto* name = text_in(key);
    if (name == nullptr) return std::nullopt;  // a class, in whose stead a text could stand
    const auto* pattern = text_in(item);
    result.patterns[*name] = pattern == nullptr ? std::nullopt : std::optional(*pattern);
    const bool function = item.get_if<std::shared_ptr<python::Function>>() != nullptr;
    if (function) result.functions.emplace(*name, item);
  }
  // A token of the application's own whose text is no function's.
  for (auto& [key, pattern] : result.patterns) {
    for (const auto& [token, ignored] : result.patterns) {
      if (pattern && !result.functions.contains(token) &&
          pattern->find("%(" + token + ")s") != std::string::npos) {
        pattern.reset();
      }
    }
  }
  return result;
}

NamingConvention made_of(const Convention& convention,
                         const std::shared_ptr<const NamingTokens>& tokens) {
  std::map<std::string, NameToken> own;
  for (const auto& [name, function] : convention.functions) {
    own[name] = [tokens, name = name, function = function](const Unnamed& unnamed,
                                                           const Place& place) {
      return tokens->text(name, function, unnamed, place);
    };
  }
  return NamingConvention(convention.patterns, std::move(own));
}

}  // namespace driftd::alembic

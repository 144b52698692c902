#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "expected_schema/base/error.h"
#include "expected_schema/python/value.h"

namespace driftd::python {

/// What a class statement of the source says, for a host to which classes are declarations.
struct ClassBody {
  /// A name of the body, in the order of the source; set later from outside, at its end.
  struct Entry {
    std::string name;
    std::optional<Value> value;  ///< nothing: it has an annotation only
    bool annotated = false;
    bool method = false;     ///< bound by a `def`, decorated or not
    std::string decorators;  ///< of a method, their source, a line each
    /// Why the statement that binds it could not be evaluated; null where it was.
    std::shared_ptr<const Error> poison;
    Place place;
  };

  std::string name;
  std::string module;        ///< dotted
  Place place;               ///< of the statement
  std::vector<Value> line;   ///< its method resolution order, itself first, builtins left out
  std::vector<Value> bases;  ///< as they stand in the brackets
  std::vector<std::pair<std::string, Value>> keywords;  ///< in the brackets
  std::vector<Value> decorators;                        ///< the outermost first
  std::vector<Entry> entries;
  bool by_metaclass = false;  ///< one of the source has made it, and what it did is seen
  /// Statements that bind nothing and could not be evaluated.
  std::vector<std::shared_ptr<const Error>> failed;
};

}  // namespace driftd::python

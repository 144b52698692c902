#pragma once

#include <set>
#include <string>

#include "expected_schema/python/syntax.h"

namespace driftd::python {

/// The names that the body of a function binds: they are its own from its first line on, whether or
/// not the statement that binds them is ever reached.
struct LocalNames {
  std::set<std::string, std::less<>> own;
  std::set<std::string, std::less<>> globals;    ///< declared `global`
  std::set<std::string, std::less<>> nonlocals;  ///< declared `nonlocal`
};

LocalNames local_names(const Node& body, const Tree& tree);

}  // namespace driftd::python

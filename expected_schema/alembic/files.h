#pragma once

#include <optional>
#include <string>
#include <vector>

#include "expected_schema/python/evaluator.h"
#include "expected_schema/python/value.h"

/// Files that a migration reads: `open()` and `pathlib.Path`.
namespace driftd::alembic {

/// The text of a path: of a text, or of `pathlib.Path(...)`, its `/`, `.parent` and their like.
std::optional<std::string> path_in(const python::Value& value);

/// `open(path)` or a method of a path or an open file. Files are read from below `roots`; what
/// another file holds is unknown, and writing is refused. Nothing: it is no such call.
std::optional<python::Value> file_call(const python::Term& call,
                                       const std::vector<std::string>& roots);
/// The lines of an open file; nothing where the value is none.
std::optional<std::vector<python::Value>> file_lines(const python::Value& value);

}  // namespace driftd::alembic

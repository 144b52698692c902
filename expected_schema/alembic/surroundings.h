#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "expected_schema/alembic/naming.h"

namespace driftd::alembic {

/// What a history's migrations are read with, beside their own text.
struct Surroundings {
  NamingConvention naming;
  /// Folders in which the modules that a migration imports are looked for.
  std::vector<std::string> import_roots;
  /// Nothing where it is not known; empty: none.
  std::optional<std::string> version_table_schema;
  /// alembic.ini's options; nothing where env.py may have set others.
  std::optional<std::map<std::string, std::string>> options;
  /// Environment variables that settings declare.
  std::map<std::string, std::string> environment;
  /// Whether a variable that stands not there was not set.
  bool environment_complete = false;
  /// What settings say of types: dotted name to PostgreSQL's type.
  std::map<std::string, std::string> types;
  /// Folders of packages of others, asked for modules after the import roots.
  std::vector<std::string> packages;
};

}  // namespace driftd::alembic

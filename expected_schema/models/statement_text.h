#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "expected_schema/models/mapper.h"

/// What the text of a statement that was not evaluated lets one say of it.
namespace driftd::models {

/// Whether it has a word that declares a part of the schema.
bool may_declare(const std::string& text);

/// Whether it is a class that may be a model by what it inherits: one of `models`, or what a call
/// makes.
bool may_be_model(const std::string& text, const std::set<std::string>& models);

/// What it binds, where that may be a class that models inherit from; empty: nothing of the kind.
std::string base_in(const std::string& text);

/// Names, and what a file calls them as well: `import Base as B`, `B = a.Base`.
std::vector<std::pair<std::string, std::string>> other_names_in(const std::string& text);

/// Whether it is a call for effect that is handed what declares the schema.
bool may_change(const std::string& text, const std::vector<DeclaredTable>& tables);

/// The table that it gives a name to; empty: none.
std::string named_in(const std::string& text);

/// The class that it is the statement of; empty: none.
std::string class_in(const std::string& text);

}  // namespace driftd::models

#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "expected_schema/base/error.h"
#include "expected_schema/python/value.h"

/// What an application's models declare, on the way from Python to DDL.
namespace driftd::models {

using python::Value;

/// A table, whether a class or a call of `sqlalchemy.Table` declares it.
struct DeclaredTable {
  std::string name;
  std::optional<std::string> schema;
  std::vector<Value> items;  ///< columns, constraints and indexes, as `sqlalchemy.Table` takes them
  std::vector<std::pair<std::string, Value>> options;
  Value metadata;     ///< what it belongs to; see metadata_of()
  std::string model;  ///< the class; empty for a Table
  Place place;
  std::map<std::string, Place> columns;           ///< by name in the database
  std::map<std::string, std::string> keys;        ///< by which items name columns, to their names
  std::map<std::string, std::string> attributes;  ///< of the class, to the column's name
  const python::Term* term = nullptr;             ///< the Table's call

  std::string key() const { return (schema ? *schema + "." : "") + name; }
};

/// A part of the models that is not understood, and what it touches.
struct Unread {
  std::string table;  ///< as DeclaredTable::key; empty: which table it is, is not known
  std::string model;
  Error error;
};

struct Declared {
  std::vector<DeclaredTable> tables;
  std::vector<Unread> unread;
  std::vector<std::string> notes;
};

/// A call of a library's function, as the source could have written it.
Value call_of(std::string callee, python::Arguments arguments, const Place& place);

}  // namespace driftd::models

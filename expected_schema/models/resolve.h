#pragma once

#include "expected_schema/models/classes.h"
#include "expected_schema/models/declared.h"

namespace driftd::models {

/// Says by name what expressions say by object: columns of classes and tables become
/// `sqlalchemy.column(name)`, and where a foreign key refers to them their table's.
class Resolver {
 public:
  /// `compiled`: what `@compiles` says of elements of the application's own.
  Resolver(const std::vector<DeclaredTable>& tables, const ClassMapper& classes,
           python::Evaluator& evaluator, const std::vector<std::pair<Value, Value>>& compiled)
      : tables_(tables), classes_(classes), evaluator_(evaluator), compiled_(compiled) {}

  /// A table's item, or an argument of it.
  Value resolved(const Value& value, int depth = 0) const { return rewrite(value, false, depth); }

  /// The table of the first column that an expression means by its object.
  std::optional<std::size_t> table_in(const Value& value, int depth = 0) const;

 private:
  Value rewrite(const Value& value, bool with_table, int depth) const;
  std::optional<std::size_t> table_of(const Value& value) const;
  std::optional<Value> compiled(const python::Term& element) const;

  const std::vector<DeclaredTable>& tables_;
  const ClassMapper& classes_;
  python::Evaluator& evaluator_;
  const std::vector<std::pair<Value, Value>>& compiled_;
};

/// Gives columns without a type that of the column that they refer to, and texts of foreign keys
/// the schema of their metadata. Throws Error{NotUnderstood}, for the item's table.
Value with_reference(const Value& item, const DeclaredTable& table,
                     const std::vector<DeclaredTable>& tables,
                     const std::optional<std::string>& metadata_schema);

}  // namespace driftd::models

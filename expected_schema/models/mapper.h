#pragma once

#include "expected_schema/models/declared.h"
#include "expected_schema/models/host.h"

namespace driftd::models {

/// The tables that the noted classes and calls of `sqlalchemy.Table` declare. Constraints and
/// indexes that stand outside of a table are put into it, and every column that an expression means
/// by its object is named.
Declared declared_tables(python::Evaluator& evaluator, const Host::Noted& noted);

/// The DDL() that event listeners run.
struct ListenedDdl {
  bool before = false;  ///< before_create
  std::string table;    ///< DeclaredTable::key; empty: of the metadata
  std::string sql;
  Place place;
};
std::vector<ListenedDdl> listened_ddl(const python::Evaluator& evaluator, const Host::Noted& noted,
                                      Declared& declared);

}  // namespace driftd::models

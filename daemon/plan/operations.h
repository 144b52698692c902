#pragma once

#include <string>
#include <vector>

#include "daemon/plan/facts.h"

/// Alembic's operations for single objects, a line (or more) of Python each.
namespace driftd::plan {

using Lines = std::vector<std::string>;

std::string execute(const std::string& sql);

/// `catalogue`: of the column, for the types that it has.
Lines add_column(const Object& column, const Name& table, const Catalogue& catalogue);
Lines drop_column(const Object& column, const Name& table);
/// From one state of a column to another.
Lines alter_column(const Object& from, const Object& to, const Name& table,
                   const Catalogue& catalogue);

Lines create_constraint(const Object& constraint, const Name& table);
Lines drop_constraint(const Object& constraint, const Name& table);
Lines create_index(const Object& index, const Name& table);
Lines drop_index(const Object& index, const Name& table);

/// The table with its columns, its constraints but for foreign keys, and its indexes.
Lines create_table(const Catalogue& catalogue, const std::string& identity);
Lines drop_table(const std::string& identity);

bool is_foreign_key(const Object& constraint);

}  // namespace driftd::plan

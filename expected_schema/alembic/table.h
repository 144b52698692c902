#pragma once

#include <string>
#include <vector>

#include "expected_schema/alembic/call.h"
#include "expected_schema/alembic/emitter.h"
#include "expected_schema/alembic/index.h"

namespace driftd::alembic {

/// A foreign key that is added when all tables are there.
struct LaterKey {
  std::string sql;
  std::string referred_table;  ///< without its schema
};

/// CREATE TYPE, CREATE TABLE, CREATE INDEX and COMMENT ON, in the order in which Alembic emits
/// them, of a call with `table_name`, the table's items and its options. With `later`, as
/// `metadata.create_all()` does it: foreign keys go there, and the metadata's own types are made.
void create_table(const Call& call, const Emitter& emitter, std::vector<LaterKey>* later = nullptr);

/// What sa.Table(...) says of a table, as create_table() takes it.
Call table_call(const python::Term& table);

/// ADD COLUMN with the constraints, indexes and comment that the column brings along. No CREATE
/// TYPE: Alembic creates an enumeration with a table only.
void add_column(const Target& target, const python::Value& value, bool if_not_exists,
                const Emitter& emitter, bool spatial_index = true);

/// COMMENT ON TABLE and COLUMN; no comment removes it.
void comment_on_table(const Target& target, const std::optional<std::string>& comment,
                      const Emitter& emitter);
void comment_on_column(const Target& target, const std::string& column,
                       const std::optional<std::string>& comment, const Emitter& emitter);

}  // namespace driftd::alembic

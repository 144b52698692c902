#pragma once

#include <string>
#include <vector>

#include "expected_schema/alembic/emitter.h"
#include "expected_schema/python/value.h"

namespace driftd::alembic {

/// Runs what stands in `op.execute(...)` or `bind.execute(...)`: a text, `sa.text()` with its
/// parameters, `sa.DDL`, a schema construct, an insert, update or delete. `parameters` are those
/// that the call gives beside the statement.
///
/// An insert, update or delete whose values are known only when the application runs is passed
/// over: it cannot change the schema, unless it calls a function that may. A `select` is passed
/// over likewise.
/// Throws Error{NotUnderstood} for everything else.
/// Gives what the statement gives: see Emitter::run_text.
python::Value run_statement(const python::Value& statement, const python::Arguments& parameters,
                            const std::string& shown, const Emitter& emitter);

/// INSERT of rows into `sa.table(...)` or the result of op.create_table; passed over where a value
/// is known only when the application runs.
void bulk_insert(const python::Value& table, const std::vector<python::Value>& rows,
                 const Emitter& emitter);

/// `sa.Table(...)` as CREATE TABLE or DROP TABLE; `first`: where it is not there, or is.
void create_or_drop_table(const python::Term& table, bool create, bool first,
                          const Emitter& emitter);

/// `sa.Sequence(...)` as CREATE SEQUENCE or DROP SEQUENCE.
void create_sequence(const python::Term& sequence, bool if_not_exists, const Emitter& emitter);
void drop_sequence(const python::Term& sequence, bool if_exists, const Emitter& emitter);

}  // namespace driftd::alembic

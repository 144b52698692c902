#pragma once

#include <memory>
#include <string>

#include "expected_schema/history/history.h"

namespace driftd {

/// The same history, but what the SQL of a file makes stands before its first migration: for tables
/// that no migration made, since `create_all` did or a squash left them out. As `pg_dump
/// --schema-only --exclude-table=alembic_version` writes it. Throws Error{History} with the line
/// for what only psql runs (COPY's rows, commands with a backslash).
std::unique_ptr<History> with_baseline(std::unique_ptr<History> history, const std::string& file);

}  // namespace driftd

#pragma once

#include <memory>
#include <string>

#include "expected_schema/postgres/session.h"
#include "expected_schema/scratch/database.h"
#include "expected_schema/scratch/server.h"

/// A PostgreSQL for tests: the scratch server itself, one a process.
namespace driftd::test {

/// Started by the first call, stopped at the end of the process.
ScratchServer& scratch_server();

/// What `fresh_database` is made from: UTF8, locale C, owner `app`, no other roles.
Target plain_target();

/// An empty database of its own. Its owner is no superuser; `connect` comes as one.
std::unique_ptr<ScratchDatabase> fresh_database(const Target& target = plain_target());

/// A session of the server's superuser, without a time limit.
Session connect(const ScratchDatabase& database);
/// A session of the database's owner, without a time limit.
Session connect_as_owner(const ScratchDatabase& database);

/// Runs statements as the owner, in a session of their own.
void run_sql(const ScratchDatabase& database, const std::string& sql);

}  // namespace driftd::test

#pragma once

#include <map>
#include <string>
#include <vector>

#include "expected_schema/scratch/database.h"

namespace driftd {

/// What a command that migrates a scratch database is given.
struct CommandEnvironment {
  std::vector<std::string> variables;  ///< `NAME=value`
  std::string password;                ///< of a given scratch server, which no message may hold
};

/// driftd's own environment without PG*, DRIFTD_* and DATABASE_URL*, and the scratch database, as
/// its owner, by DATABASE_URL, PGHOST, PGPORT, PGUSER, PGDATABASE and what else its server needs.
CommandEnvironment environment_for(const ScratchDatabase& database);

/// A URL as libpq and SQLAlchemy take it, out of the options of a conninfo. A socket's folder is
/// the parameter `host`.
std::string database_url(const std::map<std::string, std::string>& options);

}  // namespace driftd

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

/// Of driftd's own environment only what programs need to run (PATH, HOME, LANG, PYTHONPATH, ...):
/// a command that found the live database there would migrate it. Then what the settings declare,
/// and the scratch database, as its owner, by DATABASE_URL, PGHOST, PGPORT, PGUSER, PGDATABASE and
/// what else its server needs.
CommandEnvironment environment_for(const ScratchDatabase& database,
                                   const std::map<std::string, std::string>& declared = {});

/// The same for a command that needs no database: NAME=value.
std::vector<std::string> plain_environment(const std::map<std::string, std::string>& declared = {});

/// A URL as libpq and SQLAlchemy take it, out of the options of a conninfo. A socket's folder is
/// the parameter `host`.
std::string database_url(const std::map<std::string, std::string>& options);

}  // namespace driftd

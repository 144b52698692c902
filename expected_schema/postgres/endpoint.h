#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace driftd {

/// Where a database is and as whom to go there. Whatever libpq understands works unchanged:
/// conninfo, URI, `PG*`, service file, passfile (PostgreSQL manual, "Connection Strings").
struct Endpoint {
  std::string conninfo;                       ///< empty: libpq's own defaults and environment
  std::string password_file;                  ///< one line, read at each connect; empty: none
  std::vector<std::string> password_command;  ///< argument list, run at each connect; empty: none
  std::chrono::milliseconds password_command_timeout{5000};
};

/// A libpq conninfo out of what people have: a URI of libpq, a conninfo, or an SQLAlchemy URL
/// (`postgresql+psycopg2://`, `postgres+asyncpg://`, ...), whose driver is dropped.
/// Throws Error{Settings} for a URL of another database or one libpq cannot parse.
std::string libpq_conninfo(const std::string& text);

/// `host:port/dbname as user`, for logs and pages: never a password.
std::string describe(const Endpoint& endpoint);

/// `host:port`, the same for all databases of a server as far as the settings tell.
std::string server_name(const Endpoint& endpoint);

/// The name of the database that libpq would go to: of the conninfo, its service or PGDATABASE,
/// else the user's name. Never connects.
std::string database_name(const Endpoint& endpoint);

}  // namespace driftd

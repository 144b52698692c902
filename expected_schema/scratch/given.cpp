#include "expected_schema/scratch/given.h"

#include <fmt/format.h>

#include <chrono>

#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"
#include "expected_schema/postgres/conninfo.h"
#include "expected_schema/scratch/conninfo_text.h"

namespace driftd {
namespace {
const Limits unlimited{std::chrono::milliseconds(5000), std::chrono::milliseconds(0)};

// Advisory locks belong to a database: all owners take theirs in the one called "postgres".
constexpr const char* lock_key = "hashtextextended($1, 0)";
}  // namespace

GivenServer::GivenServer(const ScratchSettings& settings, int major)
    : conninfo_(settings.conninfo) {
  try {
    session_ = std::make_unique<Session>(Endpoint{conninfo("postgres", {}), {}, {}}, unlimited);
  } catch (const Error& error) {
    throw Error(Reason::Scratch, "the scratch server cannot be used: " + error.message(),
                error.hint());
  }
  if (major != 0 && session_->server_major() != major) {
    throw Error(Reason::ServerVersion,
                fmt::format("the scratch server must be PostgreSQL {}, but scratch.conninfo leads "
                            "to PostgreSQL {}",
                            major, session_->server_major()),
                "Set scratch.conninfo to a server of the live server's major version, or remove it "
                "to use an embedded one.");
  }
}

std::string GivenServer::conninfo(const std::string& database, const std::string& role) const {
  auto options = parse_conninfo(libpq_conninfo(conninfo_));
  options["dbname"] = database;
  options["client_encoding"] = "UTF8";
  if (!role.empty()) {
    std::string escaped;  // libpq's options are words of a command line
    for (const char c : role) {
      if (c == ' ' || c == '\\' || c == '\t' || c == '\n') escaped += '\\';
      escaped += c;
    }
    std::string& words = options["options"];
    words += (words.empty() ? "-c role=" : " -c role=") + escaped;
  }
  return conninfo_text(options);
}

bool GivenServer::running() {
  try {
    session_->query("SELECT 1");
    return true;
  } catch (const Error&) {
    return false;
  }
}

void GivenServer::hold(const std::string& database) {
  session_->query(fmt::format("SELECT pg_advisory_lock({})", lock_key), {database});
}

void GivenServer::release(const std::string& database) {
  session_->query(fmt::format("SELECT pg_advisory_unlock({})", lock_key), {database});
}

int GivenServer::remove_leftovers() {
  int removed = 0;
  const Rows rows = session_->query(
      "SELECT datname FROM pg_database WHERE starts_with(datname, $1)"
      " AND shobj_description(oid, 'pg_database') = $2",
      {scratch_prefix, scratch_comment});
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::string name = rows.text(row, 0);
    const Rows locked =
        session_->query(fmt::format("SELECT pg_try_advisory_lock({})", lock_key), {name});
    if (locked.text(0, 0) != "t") continue;
    try {
      session_->execute("DROP DATABASE IF EXISTS " + quote_identifier(name));
      ++removed;
    } catch (const Error&) {
      // In use, or not ours to drop: it stays.
    }
    release(name);
  }
  return removed;
}

}  // namespace driftd

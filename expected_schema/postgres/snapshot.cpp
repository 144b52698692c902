#include "expected_schema/postgres/snapshot.h"

#include <fmt/format.h>

#include "expected_schema/base/error.h"

namespace driftd {
namespace {
constexpr int oldest_major = 12;

std::string settings(const SnapshotLimits& limits) {
  // One round trip, one message of the simple protocol: a pooler sees a transaction begin and
  // nothing before it.
  return fmt::format(
      "SET LOCAL statement_timeout = {};"
      "SET LOCAL lock_timeout = {};"
      "SET LOCAL search_path = pg_catalog, pg_temp;"
      "SET LOCAL DateStyle = 'ISO, YMD';"
      "SET LOCAL IntervalStyle = 'postgres';"
      "SET LOCAL TimeZone = 'UTC';"
      "SET LOCAL extra_float_digits = 3;"
      "SET LOCAL bytea_output = 'hex';"
      "SET LOCAL standard_conforming_strings = on;"
      "SET LOCAL quote_all_identifiers = off;"
      "SET LOCAL xmloption = 'content';"
      "SET LOCAL lc_monetary = 'C';"
      "SET LOCAL row_security = off;"
      "SET LOCAL jit = off;"
      "SET LOCAL client_encoding = 'UTF8'",
      limits.statement.count(), limits.lock.count());
}
}  // namespace

Snapshot::Snapshot(Session& session, const SnapshotLimits& limits)
    : session_(session), closing_("ROLLBACK") {
  begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;", limits);
}

Snapshot::Snapshot(Session& session, WithinTransaction, const SnapshotLimits& limits)
    : session_(session),
      closing_("ROLLBACK TO SAVEPOINT driftd_snapshot; RELEASE SAVEPOINT driftd_snapshot") {
  begin("SAVEPOINT driftd_snapshot;", limits);
}

void Snapshot::begin(const char* opening, const SnapshotLimits& limits) {
  if (session_.server_major() < oldest_major) {
    throw Error(Reason::ServerVersion,
                fmt::format("the server is PostgreSQL {}, which driftd does not read",
                            session_.server_major()),
                fmt::format("driftd reads PostgreSQL {} and newer.", oldest_major));
  }
  open_ = true;
  try {
    session_.execute(opening + settings(limits));
  } catch (...) {
    end();
    throw;
  }
}

Snapshot::~Snapshot() {
  end();
}

Rows Snapshot::query(const std::string& sql,
                     const std::vector<std::optional<std::string>>& parameters) {
  return session_.query(sql, parameters);
}

Rows Snapshot::query_and_unlock(const std::string& sql,
                                const std::vector<std::optional<std::string>>& parameters) {
  constexpr const char* back = "ROLLBACK TO SAVEPOINT driftd_locks; RELEASE SAVEPOINT driftd_locks";
  session_.execute("SAVEPOINT driftd_locks");
  std::optional<Rows> rows;
  try {
    rows.emplace(session_.query(sql, parameters));
  } catch (const Error& error) {
    if (error.reason() != Reason::Connect) session_.execute(back);
    throw;
  }
  session_.execute(back);
  return *std::move(rows);
}

void Snapshot::end() {
  if (!open_) return;
  open_ = false;
  try {
    session_.execute(closing_);
  } catch (const Error&) {
    // The connection is gone, and the transaction with it.
  }
}

void refuse_during_ddl(Snapshot& snapshot) {
  // pg_locks shows no name, and pg_class by oid no other database's relation: where the name is
  // not visible to this snapshot (a new table of an open transaction), nobody else can want it.
  const Rows rows = snapshot.query(
      "SELECT format('%I.%I', n.nspname, c.relname)"
      "  FROM pg_locks l JOIN pg_class c ON c.oid = l.relation"
      "  JOIN pg_namespace n ON n.oid = c.relnamespace"
      " WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock'"
      "   AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
      "   AND l.pid IS DISTINCT FROM pg_backend_pid()"
      "   AND c.relpersistence <> 't' AND l.relation >= 16384"
      " ORDER BY 1 LIMIT 1");
  if (rows.size() == 0) return;
  throw Error(Reason::DdlInProgress,
              fmt::format("{} is locked for a change of its definition", rows.text(0, 0)),
              "driftd looks again soon; a lock that stays is somebody's open transaction, see "
              "pg_locks.");
}

}  // namespace driftd

#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "expected_schema/postgres/session.h"

namespace driftd {

/// What a guest allows itself in somebody's production.
struct SnapshotLimits {
  std::chrono::milliseconds statement{10000};
  std::chrono::milliseconds lock{500};
};

/// One read-only REPEATABLE READ transaction with everything that shapes output pinned by SET
/// LOCAL (search_path, DateStyle, IntervalStyle, TimeZone, extra_float_digits, bytea_output,
/// quote_all_identifiers, xmloption, jit, client_encoding): PostgreSQL then prints canonical,
/// qualified definitions, and nothing is left in a pooled session.
///
/// Rows come from the snapshot, but pg_get_*def answers from the newest catalogue (pg_dump.c says
/// so in its head): compare fingerprint() of two snapshots around the read.
class Snapshot {
 public:
  explicit Snapshot(Session& session, const SnapshotLimits& limits = {});
  /// The same settings inside the transaction that the session has open, whose uncommitted work
  /// is seen; behind a savepoint, to which `end` goes back, so that the transaction notices
  /// nothing. Neither read-only nor repeatable: for a session that is alone in its database.
  struct WithinTransaction {};
  Snapshot(Session& session, WithinTransaction, const SnapshotLimits& limits = {});
  /// Ends the transaction; never throws.
  ~Snapshot();
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

  Rows query(const std::string& sql,
             const std::vector<std::optional<std::string>>& parameters = {});
  /// The same, and gives back the locks that it took, though the transaction goes on. What fails
  /// does not end the transaction.
  Rows query_and_unlock(const std::string& sql,
                        const std::vector<std::optional<std::string>>& parameters = {});
  int server_major() const { return session_.server_major(); }

  /// Ends the transaction before the destructor would.
  void end();

 private:
  void begin(const char* opening, const SnapshotLimits& limits);

  Session& session_;
  const char* closing_;
  bool open_ = false;
};

/// A value that moves whenever a row of a catalogue that driftd reads is inserted, updated or
/// deleted, and stays while nothing but data changes (VACUUM, ANALYZE, nextval included).
/// Equality is all it means. One query.
std::string fingerprint(Snapshot& snapshot);
/// Whether the fingerprint moves with the rows of a catalogue (`pg_class`).
bool in_fingerprint(std::string_view catalogue);
/// The tables whose rows the fingerprint moves with: behind a view, the one that it shows.
std::vector<std::string> fingerprinted_tables(int server_major);

/// Throws Error{DdlInProgress} naming the relation when somebody holds or waits for an ACCESS
/// EXCLUSIVE lock on a relation of this database that is no catalogue: a reader of definitions
/// would queue behind it, and the application behind the reader. Needs no right.
void refuse_during_ddl(Snapshot& snapshot);

}  // namespace driftd

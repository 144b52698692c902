#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "expected_schema/postgres/snapshot.h"

namespace driftd {

/// An advisory lock that whoever migrates takes, as pg_locks shows it (PostgreSQL manual,
/// "pg_locks"): one key of 64 bits, or two of 32.
struct MigrationLock {
  std::uint32_t high = 0;  ///< pg_locks.classid
  std::uint32_t low = 0;   ///< pg_locks.objid
  bool pair = false;       ///< objsubid is 2 and not 1
  std::string owner;       ///< who takes it, for people

  friend bool operator==(const MigrationLock&, const MigrationLock&) = default;
};

/// The locks that migration tools take in a database of this name, as their sources compute them:
/// Rails, golang-migrate, Prisma, sqlx and sqitch.
std::vector<MigrationLock> locks_of_tools(const std::string& database);

/// `12345` or `12,34`, as pg_advisory_lock takes them. Throws Error{Settings}.
MigrationLock parse_migration_lock(const std::string& text);

/// What in the server tells that somebody changes the schema step by step at this moment, in words:
/// an index that is being built, a relation that is locked against other changes (VACUUM and
/// ANALYZE do that too, and are left out), one of `locks` and of locks_of_tools(). Sorted, empty
/// where nothing does. Needs no right, and waits for nobody.
std::vector<std::string> migration_signs(Snapshot& snapshot,
                                         const std::vector<MigrationLock>& locks);

}  // namespace driftd

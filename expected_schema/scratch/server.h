#pragma once

#include <chrono>
#include <compare>
#include <memory>
#include <string>
#include <vector>

#include "expected_schema/postgres/endpoint.h"

namespace driftd {

struct ScratchSettings {
  /// A server where databases may be created; empty: an embedded one.
  std::string conninfo;
  /// Where `initdb` and `postgres` are; empty: `pg_config --bindir`, Debian's
  /// /usr/lib/postgresql/N/bin (the wanted major first), PATH.
  std::string bindir;
  /// Parent of the private directory; empty: TMPDIR, else /tmp. The socket's path must fit in 107
  /// bytes.
  std::string directory;
  /// The user that runs the embedded server when driftd is root, which PostgreSQL refuses; empty:
  /// `postgres` where there is one, else `nobody`.
  std::string run_as;
  /// How long one replay may take.
  std::chrono::milliseconds replay_limit{600000};

  friend auto operator<=>(const ScratchSettings&, const ScratchSettings&) = default;
};

/// A PostgreSQL for replays and nothing else: private directory, Unix socket only, durability off.
/// It dies with its owner, however the owner dies: a keeper process holds a pipe to the owner, and
/// when that closes it ends the server and removes the directory. What a kill of both leaves is
/// removed by the next start (remove_leftovers).
class ScratchServer {
 public:
  /// Makes and starts one of the wanted major version. Throws Error{Scratch} that says what was
  /// looked for where, or shows the server's log; Error{ServerVersion} where only other majors are.
  ScratchServer(const ScratchSettings& settings, int major);
  /// Stops the server and removes the directory.
  ~ScratchServer();
  ScratchServer(const ScratchServer&) = delete;
  ScratchServer& operator=(const ScratchServer&) = delete;

  /// A superuser's way to a database of the server; "postgres" always exists.
  Endpoint admin(const std::string& database) const;
  /// An ordinary role's way; on a given server the admin's, who takes on the role (SET ROLE).
  Endpoint as_role(const std::string& database, const std::string& role) const;
  int major() const;

  /// False when the server has gone away by itself; then only the destructor is of use.
  bool running();
  /// True for a server of our own, false for that of `conninfo`.
  bool embedded() const;

 private:
  friend class ScratchDatabase;
  void hold(const std::string& database);  ///< marks it as owned, on a given server
  void release(const std::string& database);
  struct Storage;
  std::unique_ptr<Storage> storage_;
};

/// Ends servers and removes directories of owners that are gone; on a given server drops their
/// databases. Touches nothing whose owner lives. Never throws for what it cannot reach.
/// Returns how many were removed.
int remove_leftovers(const ScratchSettings& settings);

/// The majors of the embedded servers that this machine has, ascending.
std::vector<int> embedded_majors(const ScratchSettings& settings);

}  // namespace driftd

#pragma once

#include <memory>
#include <string>

#include "expected_schema/postgres/session.h"
#include "expected_schema/scratch/server.h"

namespace driftd {

/// A server that is not ours, where databases may be created. Each of our databases has a comment
/// and, as long as its owner lives, an advisory lock that the owner's session holds: a database
/// with the comment whose lock is free belongs to nobody.
class GivenServer {
 public:
  GivenServer(const ScratchSettings& settings, int major);

  /// The conninfo with another database, and with a role that the session takes on (SET ROLE).
  std::string conninfo(const std::string& database, const std::string& role) const;
  bool running();
  /// Must be held before the database exists.
  void hold(const std::string& database);
  void release(const std::string& database);
  /// Drops what owners that are gone have left.
  int remove_leftovers();

 private:
  std::string conninfo_;
  std::unique_ptr<Session> session_;
};

/// What the databases on a given server are named with, and the comment that marks them.
inline constexpr const char* scratch_prefix = "driftd_scratch_";
inline constexpr const char* scratch_comment = "driftd scratch database";

}  // namespace driftd

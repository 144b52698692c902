#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>

#include "expected_schema/scratch/private_directory.h"
#include "expected_schema/scratch/server.h"

namespace driftd {

/// A running server in a private directory, with its keeper: a shell in a session of its own that
/// starts the server, waits for the end of the pipe to its owner or of the server, ends the server
/// and removes the directory.
class EmbeddedServer {
 public:
  EmbeddedServer(const ScratchSettings& settings, int major);
  ~EmbeddedServer();
  EmbeddedServer(const EmbeddedServer&) = delete;
  EmbeddedServer& operator=(const EmbeddedServer&) = delete;

  std::string conninfo(const std::string& database, const std::string& role) const;
  std::string superuser() const;
  bool running();

 private:
  void make_cluster(const std::string& bindir, int major);
  void start_keeper(const std::string& bindir);
  void wait_until_ready();
  void stop() noexcept;
  [[noreturn]] void fail(const std::string& what) const;

  std::optional<User> user_;
  PrivateDirectory directory_;
  Descriptor to_keeper_;  // its other end is the keeper's standard input
  pid_t keeper_ = -1;
  int shared_memory_ = -1;
};

}  // namespace driftd

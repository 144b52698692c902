#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>

#include "expected_schema/postgres/endpoint.h"

namespace driftd {

/// A session that LISTENs on one channel, and does nothing else. For one thread.
class Notifications {
 public:
  /// Connects and LISTENs; `limit` is for each of the two. Throws what Session throws, and
  /// Error{Settings} where a pooler stands between: in transaction mode it would lose what comes,
  /// and leave the LISTEN to somebody else. On a standby the server refuses, which is Error{Query}.
  Notifications(const Endpoint& endpoint, const std::string& channel,
                std::chrono::milliseconds limit, std::stop_token stop);
  ~Notifications();
  Notifications(const Notifications&) = delete;
  Notifications& operator=(const Notifications&) = delete;

  /// Waits for at most so long, and no longer than to a stop. True when somebody has notified; what
  /// has come by then counts as one. Throws Error{Connect} when the connection is lost.
  bool wait(std::chrono::milliseconds at_most);

  /// Whether one of the sessions that have notified since the last forget() is in a transaction.
  bool busy();
  void forget();

 private:
  struct Storage;
  std::unique_ptr<Storage> storage_;
};

}  // namespace driftd

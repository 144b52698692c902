#pragma once

#include <functional>
#include <memory>
#include <string>

#include "expected_schema/postgres/endpoint.h"
#include "expected_schema/postgres/session.h"

namespace driftd {

/// Hears of changes of one database's schema as they are committed, where its DDL log notifies. On
/// a thread and a connection of its own; a connection that is lost is made again. Whoever looks at
/// intervals misses nothing while it is gone.
class Listener {
 public:
  /// `heard` is called on the listener's thread: soon after a change, once for changes that follow
  /// each other, and when the connection was made again. `at_rest`: those who made them are in no
  /// transaction now, and nothing more has come.
  Listener(Endpoint endpoint, const Limits& limits, std::function<void(bool at_rest)> heard);
  /// Ends what it does at once, and joins.
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  void request_stop();
  /// Why nothing is heard; empty while it listens.
  std::string problem() const;

 private:
  struct Storage;
  std::unique_ptr<Storage> storage_;
};

}  // namespace driftd

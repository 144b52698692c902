#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "daemon/watch/history_cache.h"
#include "daemon/watch/self_tests.h"
#include "daemon/watch/workers.h"
#include "expected_schema/expected/expected_schema.h"
#include "expected_schema/postgres/kept_session.h"

namespace driftd {

/// What all watchers of a process share: threads, in lanes of which none holds up another, and what
/// is the same for many databases.
class Crew {
 public:
  /// `idle_sessions`: see IdleSessions, for each server.
  Crew(int workers, int idle_sessions);
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  /// One for equal settings, with one scratch server, which rests when nothing is replayed.
  std::shared_ptr<ExpectedSchemas> schemas(const ScratchSettings& settings);
  /// One for equal sources.
  std::shared_ptr<SharedHistory> history(const HistorySource& source);

  /// One for equal settings, as the schemas that are tested.
  std::shared_ptr<SelfTests> self_tests(const ScratchSettings& settings);

  /// One for each server, by its name.
  std::shared_ptr<IdleSessions> idle_sessions(const std::string& server);

  Workers looks;
  Workers models;        ///< two at least: one command that hangs holds up no other
  Workers explanations;  ///< of findings
  Workers background;    ///< self-tests, and scratch servers that may rest

 private:
  const int idle_sessions_;
  std::mutex mutex_;
  std::vector<std::pair<ScratchSettings, std::weak_ptr<ExpectedSchemas>>> schemas_;
  std::vector<std::pair<ScratchSettings, std::weak_ptr<SelfTests>>> self_tests_;
  std::vector<std::pair<HistorySource, std::weak_ptr<SharedHistory>>> histories_;
  std::vector<std::pair<std::string, std::weak_ptr<IdleSessions>>> servers_;
};

}  // namespace driftd

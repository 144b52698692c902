#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "expected_schema/base/provenance.h"
#include "expected_schema/catalogue/catalogue.h"
#include "expected_schema/expected/turns.h"
#include "expected_schema/expected/walk.h"
#include "expected_schema/history/history.h"
#include "expected_schema/history/stored_history.h"
#include "expected_schema/introspect/introspect.h"
#include "expected_schema/replay/survey.h"
#include "expected_schema/scratch/server.h"

namespace driftd {

/// What a database should look like, and what was taken into account to say so.
struct ExpectedSchema {
  Expected expected;
  std::string digest;              ///< of the history, the target and the scope
  std::vector<std::string> notes;  ///< what a reader should know, e.g. a locale that was replaced
};

/// Derives expected schemas, keeps those that somebody holds, and the newest. For several threads;
/// one at a time replays, because roles belong to the whole scratch server.
class ExpectedSchemas {
 public:
  explicit ExpectedSchemas(ScratchSettings settings,
                           std::chrono::milliseconds idle = std::chrono::seconds(30));
  ~ExpectedSchemas();

  /// The catalogue after exactly `history.applied`. Replays only what it has not replayed before:
  /// the same history, target and scope give the same object, whatever the databases are called,
  /// unless a migration asks or names that. Throws what replay, introspect and ScratchServer
  /// throw, and Error{History} when the history has unknown revisions; what a replay threw is
  /// thrown again, and not tried again, for a minute.
  std::shared_ptr<const ExpectedSchema> of(const AppliedHistory& history, const Target& target,
                                           const Scope& scope, std::stop_token stop = {});

  /// Whether of() answers without a replay.
  bool has(const AppliedHistory& history, const Target& target, const Scope& scope) const;
  /// The turn to replay this, for as long as it lives; nothing where another replays, and then
  /// `tell` is called once it is worth to ask again. `who` is told by the newest call only.
  std::optional<Turns::Turn> turn_at_once(const AppliedHistory& history, const void* who,
                                          std::function<void()> tell);
  /// `who` is told nothing any more.
  void forget(const void* who);

  /// For each object, and each of its properties, the migration (and the line) after which it
  /// looked as it does at the end; for one that is not expected, the one that dropped it. Replays
  /// again, so call it only for what has drifted; the answers are kept beside the expected schema.
  /// Objects that no migration set or dropped (the schema public) are left out.
  std::map<ObjectId, Origin> origins(const AppliedHistory& history, const Target& target,
                                     const Scope& scope, const std::vector<ObjectId>& ids,
                                     std::stop_token stop = {});

  /// The schema that each revision of the history leaves, and that all heads leave together. A role
  /// that a migration names is made where `target` has none. Throws what of() throws.
  StoredHistory store(const History& history, Target target, const Scope& scope,
                      std::stop_token stop = {});

  /// Whether origins() answers without a replay.
  bool has_origins(const AppliedHistory& history, const Target& target, const Scope& scope,
                   const std::vector<ObjectId>& ids) const;

  /// Looks at states on the way through a history, which may be longer than what is applied; the
  /// catalogues are as of() gives them. One replay, bounded to half a minute. Nothing is visited
  /// where a command or a stored schema stands for the migrations. Throws what of() throws, also
  /// after some visits.
  void walk(const AppliedHistory& history, const Target& target, const Scope& scope,
            const Route& route, const Visit& visit, std::stop_token stop = {});

  /// How the reading of each migration of the history goes; see driftd::survey.
  std::vector<Reading> survey(const AppliedHistory& history, const Target& target,
                              std::stop_token stop = {});

  /// Stops the embedded server if nothing was replayed for `idle`; never waits for a replay.
  void rest();

 private:
  struct Storage;
  std::unique_ptr<Storage> storage_;
};

}  // namespace driftd

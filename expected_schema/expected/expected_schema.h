#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "expected_schema/base/provenance.h"
#include "expected_schema/catalogue/catalogue.h"
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

/// Derives expected schemas and keeps the newest of each history. Not for several threads at once.
class ExpectedSchemas {
 public:
  explicit ExpectedSchemas(ScratchSettings settings,
                           std::chrono::milliseconds idle = std::chrono::seconds(30));
  ~ExpectedSchemas();

  /// The catalogue after exactly `history.applied`. Replays only what it has not replayed before:
  /// the same history, target and scope give the same object. Throws what replay, introspect and
  /// ScratchServer throw, and Error{History} when the history has unknown revisions.
  std::shared_ptr<const ExpectedSchema> of(const AppliedHistory& history, const Target& target,
                                           const Scope& scope, std::stop_token stop = {});

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

  /// How the reading of each migration of the history goes; see driftd::survey.
  std::vector<Reading> survey(const AppliedHistory& history, const Target& target,
                              std::stop_token stop = {});

  /// Stops the embedded server if nothing was replayed for `idle`.
  void rest();

 private:
  struct Storage;
  std::unique_ptr<Storage> storage_;
};

}  // namespace driftd

#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "daemon/compare/unmodelled.h"
#include "daemon/judge/report.h"
#include "daemon/settings/settings.h"
#include "expected_schema/expected/expected_schema.h"
#include "expected_schema/history/history.h"
#include "expected_schema/models/models.h"

namespace driftd {

/// The two sides of a comparison, and what came of it.
struct ComparedModels {
  Report report;
  std::shared_ptr<const ExpectedSchema> modelled;
  std::shared_ptr<const ExpectedSchema> migrated;
};

/// The models, as the settings name them, against all migrations of the history, on a scratch
/// server that is like `target`. What of the models is not understood is in the report. Throws what
/// models_of() and ExpectedSchemas throw.
ComparedModels compare_models(const DatabaseSettings& settings, const History& history,
                              const Target& target, ExpectedSchemas& schemas,
                              const std::stop_token& stop);

/// The schema that the models make. Tables that PostgreSQL refuses come to be among those that are
/// not read.
std::shared_ptr<const ExpectedSchema> schema_of_models(Models& models, const Catalogue& migrations,
                                                       const Target& target, const Scope& scope,
                                                       ExpectedSchemas& schemas,
                                                       const std::stop_token& stop);
std::vector<Unread> unread_of(const Models& models);
/// See drop_unread().
UnreadTables unread_tables(const std::vector<Unread>& unread);

/// Of what the models depend: their files, the settings' other words, and the migrations' stamp.
/// The comparison comes out the same while this does.
std::string stamp_of_models(const ModelSource& source, const std::string& history_stamp);

}  // namespace driftd

#pragma once

#include <stop_token>
#include <string>

#include "expected_schema/catalogue/catalogue.h"
#include "expected_schema/history/history.h"

/// The schema that the application's models ask for.
namespace driftd {

/// Where the models' DDL comes from.
struct ModelSource {
  /// Prints the SQL that creates what the models describe, in an order that runs, as
  /// `metadata.create_all` would emit it. No words: there are no models.
  MigrationCommand command;

  bool named() const { return !command.words.empty(); }
};

/// Runs the command and takes what it printed on standard output. It gets what a migrations command
/// gets of driftd's environment, and no database. Throws Error{Replay} with the end of its standard
/// error where it fails or takes longer than its limit, and where it prints no statement.
std::string print_models(const ModelSource& source,
                         const std::map<std::string, std::string>& declared,
                         const std::stop_token& stop = {});

/// The models' DDL as a history of one migration, "models", that a replay creates on a scratch
/// database. `migrations`: the catalogue of all migrations, whose schemas and extensions are there
/// beforehand, since create_all makes neither.
AppliedHistory history_of_models(const std::string& ddl, const std::string& printed_by,
                                 const Catalogue& migrations);

}  // namespace driftd

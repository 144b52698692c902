#include "daemon/watch/models_look.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/compare/compare.h"
#include "daemon/compare/unmodelled.h"
#include "daemon/judge/of_models.h"
#include "daemon/watch/undetermined.h"
#include "expected_schema/alembic/packages.h"
#include "expected_schema/base/file_stamp.h"
#include "expected_schema/base/text.h"
#include "expected_schema/catalogue/names.h"
#include "expected_schema/models/models.h"

namespace driftd {
namespace {

/// So many tables may be refused by PostgreSQL, each of which costs another scratch database.
constexpr int most_refused = 100;

/// The identity as the server prints it, without quotes and the default schema.
bool is_table(const ModelPlace& place, const std::string& identity) {
  std::string plain = identity;
  std::erase(plain, '"');
  const std::string schema = place.schema.empty() ? "public" : place.schema;
  return plain == schema + "." + place.table ||
         (place.schema.empty() && own_name(plain) == place.table);
}

/// What is there for the models only is no part of them.
std::shared_ptr<const ExpectedSchema> without_borrowed(std::shared_ptr<const ExpectedSchema> schema,
                                                       const Models& models) {
  if (models.borrowed.empty()) return schema;
  const auto is_borrowed = [&](std::string_view kind, std::string_view identity) {
    return kind == "function" &&
           std::ranges::find(models.borrowed, identity, &BorrowedFunction::identity) !=
               models.borrowed.end();
  };
  const Catalogue& all = schema->expected.catalogue;
  Catalogue::Builder rest(all.server_major());
  for (const Object& one : all.objects()) {
    if (is_borrowed(one.kind, one.identity)) continue;
    if (is_borrowed(one.parent_kind, one.parent_identity)) continue;
    rest.add(one.kind, one.identity, one.parent_kind, one.parent_identity, one.properties);
  }
  return std::make_shared<const ExpectedSchema>(
      ExpectedSchema{{std::move(rest).build()}, schema->digest, schema->notes});
}

/// Where the models declare what a finding is about.
std::optional<Provenance> declared(const Drift& drift, const Models& models) {
  const bool itself = drift.object.kind == "table";
  const std::string* table = itself         ? &drift.object.identity
                             : drift.parent ? &drift.parent->identity
                                            : nullptr;
  if (table == nullptr) return std::nullopt;
  const auto found = std::ranges::find_if(
      models.tables, [&](const ModelPlace& place) { return is_table(place, *table); });
  if (found == models.tables.end()) return std::nullopt;
  Provenance by;
  by.revision = found->model.empty() ? found->table : found->model;
  by.place = found->place;
  if (drift.object.kind == "column") {
    std::string column(own_name(drift.object.identity));
    std::erase(column, '"');
    const auto at = found->columns.find(column);
    if (at != found->columns.end()) {
      by.revision += "." + column;
      by.place = at->second;
    }
  }
  by.place.column = 0;
  return by;
}

/// Which migration set what differs, or dropped what the models still have.
void trace_to_migrations(Report& report, ExpectedSchemas& schemas, const AppliedHistory& migrations,
                         const Target& target, const Scope& scope, const std::stop_token& stop) {
  std::vector<ObjectId> ids;
  for (const Finding& finding : report.findings) ids.push_back(finding.drift.object);
  if (!ids.empty()) {
    attach_provenance(report, schemas.origins(migrations, target, scope, ids, stop));
  }
}

}  // namespace

std::shared_ptr<const ExpectedSchema> schema_of_models(Models& models, const Catalogue& migrations,
                                                       const Target& target, const Scope& scope,
                                                       ExpectedSchemas& schemas,
                                                       const std::stop_token& stop) {
  for (int refused = 0;; ++refused) {
    try {
      return without_borrowed(
          schemas.of(history_of_models(models, migrations), target, scope, stop), models);
    } catch (const Error& error) {
      if (error.reason() == Reason::Replay && refused < most_refused &&
          borrow_functions(models, migrations, error)) {
        continue;
      }
      if (error.reason() != Reason::Replay || refused == most_refused ||
          !give_up_table(models, error)) {
        throw;
      }
    }
  }
}

std::vector<Unread> unread_of(const Models& models) {
  std::vector<Unread> all;
  for (const UnreadModel& one : models.unread) {
    all.push_back({one.model, one.table, one.error.message(), one.error.hint(), one.error.place()});
  }
  return all;
}

UnreadTables unread_tables(const std::vector<Unread>& parts) {
  UnreadTables unread;
  for (const Unread& one : parts) {
    if (!one.object.empty()) continue;  // of the migrations
    if (one.table.empty()) {
      unread.others = true;
    } else {
      unread.names.insert(one.table);
    }
  }
  return unread;
}

ComparedModels compare_models(const DatabaseSettings& settings, const History& history,
                              const Target& target, ExpectedSchemas& schemas,
                              const std::stop_token& stop) {
  const AppliedHistory migrations = history.all();
  Models models = models_of(settings.models, settings.history.declared, stop);
  const auto migrated = schemas.of(migrations, target, settings.scope, stop);
  const Catalogue& catalogue = migrated->expected.catalogue;
  const auto modelled = schema_of_models(models, catalogue, target, settings.scope, schemas, stop);

  Report report;
  report.name = settings.name.empty() ? "models" : settings.name + " (models)";
  report.server.version = std::to_string(target.server_major);
  report.objects = modelled->expected.catalogue.objects().size();
  report.expected_digest = modelled->digest;
  report.looked = std::chrono::system_clock::now();
  report.notes = migrated->notes;
  report.notes.insert(report.notes.end(), models.notes.begin(), models.notes.end());
  report.notes.push_back(fmt::format(
      "the models{} are compared with all migrations, {} in number",
      models.tables.empty() ? std::string() : fmt::format(", {} tables,", models.tables.size()),
      migrations.applied.size()));
  report.unread = unread_of(models);
  for (Unread& part : undetermined_parts(migrated->expected, settings.scope)) {
    report.unread.push_back(std::move(part));
  }
  const Expected wanted{modelled->expected.catalogue.copy(), migrated->expected.undetermined};
  std::vector<Drift> drifts = compare(wanted, Actual{catalogue.copy()});
  drop_unmodelled(drifts, migrations.table.name, settings.model_rules);
  drop_mapped_views(drifts, catalogue);
  drop_unread(drifts, unread_tables(report.unread));
  judge_models(report, std::move(drifts), report.looked);
  for (Finding& finding : report.findings) finding.declared = declared(finding.drift, models);
  trace_to_migrations(report, schemas, migrations, target, settings.scope, stop);
  return {std::move(report), modelled, migrated};
}

std::string stamp_of_models(const ModelSource& source, const std::string& history_stamp) {
  std::vector<std::string> roots = source.paths;
  if (!source.root.empty()) roots.push_back(source.root);
  if (!source.command.directory.empty()) roots.push_back(source.command.directory);
  return stamp_of(roots) + "\n" + stamp_of_packages(source.packages) + "\n" + history_stamp;
}

}  // namespace driftd

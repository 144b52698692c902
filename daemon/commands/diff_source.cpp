#include "daemon/commands/diff_source.h"

#include <fmt/format.h>

#include <filesystem>

#include "daemon/commands/target.h"
#include "daemon/watch/models_look.h"
#include "daemon/watch/settled.h"
#include "daemon/watch/undetermined.h"
#include "expected_schema/base/text.h"
#include "expected_schema/expected/expected_schema.h"
#include "expected_schema/postgres/endpoint.h"

namespace driftd {
namespace {

Target target_of(const DatabaseSettings& settings, const std::string& conninfo,
                 const std::stop_token& stop) {
  if (conninfo.empty()) return plain_target(settings.scratch);
  Endpoint endpoint = settings.endpoint;
  endpoint.conninfo = libpq_conninfo(conninfo);
  Session session(endpoint, settings.limits, stop);
  Snapshot snapshot(session, settings.snapshot);
  return read_target(snapshot);
}

}  // namespace

DiffSource DiffSource::parse(const std::string& written) {
  DiffSource source;
  source.where_ = written;
  constexpr std::string_view models = "models:";
  constexpr std::string_view migrations = "migrations:";
  if (written.starts_with(models)) {
    source.kind_ = Kind::Models;
    source.where_ = written.substr(models.size());
    source.shown_ = "the models at " + source.where_;
  } else if (written.starts_with(migrations)) {
    source.kind_ = Kind::Migrations;
    source.where_ = written.substr(migrations.size());
    source.shown_ = "the migrations at " + source.where_;
  } else if (written.ends_with(".sql")) {
    source.kind_ = Kind::Sql;
    source.shown_ = "the SQL of " + written;
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(written, ignored)) {
      throw Error(Reason::Settings, fmt::format("there is no file {}", written),
                  "driftd diff takes databases, FILE.sql, models:PATH and migrations:PATH.");
    }
  }
  return source;
}

DiffSource::Read DiffSource::read(const DatabaseSettings& settings,
                                  const std::stop_token& stop) const {
  Endpoint endpoint = settings.endpoint;
  endpoint.conninfo = libpq_conninfo(where_);
  Settled settled =
      read_settled(endpoint, settings.scope, settings.limits, settings.snapshot, stop);
  return {std::move(settled.catalogue), settled.server, {}, {}};
}

DiffSource::Read DiffSource::make(const DatabaseSettings& settings, const DiffSource* other,
                                  const Catalogue* there, const std::stop_token& stop) const {
  const bool like_other = other != nullptr && other->is_database();
  const Target target = target_of(settings, like_other ? other->where_ : std::string(), stop);
  ExpectedSchemas schemas(settings.scratch);
  Read made{Catalogue::Builder(target.server_major).build(), {}, {}, {}};
  std::shared_ptr<const ExpectedSchema> schema;
  if (kind_ == Kind::Migrations) {
    HistorySource source = settings.history;
    source.path = where_;
    schema = schemas.of(open_history(source)->all(), target, settings.scope, stop);
    made.unread = undetermined_parts(schema->expected, settings.scope);
    made.undetermined = schema->expected.undetermined;
  } else {
    ModelSource source = settings.models;
    source.command = {};
    source.paths = split(where_, ',');
    Models models = kind_ == Kind::Models ? read_models(source, settings.history.declared)
                                          : models_of_sql(where_);
    const bool finds = kind_ == Kind::Models && there != nullptr;
    schema = schema_of_models(models, finds ? *there : made.catalogue, target, settings.scope,
                              schemas, stop);
    made.unread = unread_of(models);
    made.notes = models.notes;
  }
  made.notes.insert(made.notes.end(), schema->notes.begin(), schema->notes.end());
  made.catalogue = schema->expected.catalogue.copy();
  made.server.database = shown_;
  made.server.version = std::to_string(target.server_major);
  return made;
}

}  // namespace driftd

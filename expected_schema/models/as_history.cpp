#include <fmt/format.h>

#include <algorithm>

#include "expected_schema/base/digest.h"
#include "expected_schema/base/text.h"
#include "expected_schema/history/dump.h"
#include "expected_schema/history/statements.h"
#include "expected_schema/models/models.h"

namespace driftd {
namespace {

/// What models use but cannot make, as SQL.
std::string ground(const Catalogue& migrations) {
  std::string sql;
  for (const Object& object : migrations.objects()) {
    if (object.kind == "schema") {
      sql += fmt::format("CREATE SCHEMA IF NOT EXISTS {};\n", object.identity);
    }
  }
  for (const Object& object : migrations.objects()) {
    if (object.kind != "extension") continue;
    const auto schema = object.property("schema");
    sql += fmt::format("CREATE EXTENSION IF NOT EXISTS {}{} CASCADE;\n", object.identity,
                       schema ? fmt::format(" SCHEMA {}", *schema) : std::string());
  }
  return sql;
}

Migration migration_of(const std::string& revision, std::vector<Statement> statements) {
  Migration result;
  result.revision = revision;
  Digest digest;
  for (const Statement& one : statements) digest.add(one.sql);
  result.digest = digest.hex();
  if (!statements.empty()) result.file = statements.front().place.file;
  result.upgrade = [all = std::move(statements)](StatementSink& sink) {
    for (const Statement& one : all) sink.run(one);
  };
  return result;
}

}  // namespace

Models models_of_sql(const std::string& file) {
  Models models;
  for (const SqlStatement& part : cut_statements(without_psql(read_file(file), file))) {
    models.statements.push_back(
        {{for_its_own_transaction(part.sql), {file, part.line, 0}, "models", false}, {}, {}});
  }
  models.files = {file};
  return models;
}

AppliedHistory history_of_models(const Models& models, const Catalogue& migrations) {
  AppliedHistory history;
  history.tool = "models";
  history.heads = {"models"};
  std::vector<Statement> before;
  for (const SqlStatement& part : cut_statements(ground(migrations))) {
    before.push_back({part.sql, {"", part.line, 0}, "before the models"});
  }
  std::vector<std::pair<std::string, Place>> schemas = models.schemas;
  for (const ModelPlace& table : models.tables) schemas.emplace_back(table.schema, table.place);
  for (const auto& [schema, place] : schemas) {
    if (schema.empty()) continue;
    const std::string sql = "CREATE SCHEMA IF NOT EXISTS " + quote_identifier(schema);
    const auto same = [&](const Statement& one) { return one.sql == sql; };
    if (std::ranges::none_of(before, same)) before.push_back({sql, place, "before the models"});
  }
  for (const BorrowedFunction& one : models.borrowed) {
    before.push_back({one.sql, {}, "before the models"});
  }
  std::vector<Statement> all;
  for (const ModelStatement& one : models.statements) all.push_back(one.statement);
  history.before.push_back(migration_of("before the models", std::move(before)));
  history.applied.push_back(migration_of("models", std::move(all)));
  history.digest = Digest()
                       .add("models")
                       .add(history.before.back().digest)
                       .add(history.applied.back().digest)
                       .hex();
  return history;
}

}  // namespace driftd

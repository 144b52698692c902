#include "expected_schema/alembic/operations.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "expected_schema/alembic/names.h"
#include "expected_schema/alembic/statement.h"
#include "expected_schema/alembic/table.h"
#include "expected_schema/base/text.h"

namespace driftd::alembic {

namespace {

/// The keywords by which Alembic knew its arguments before 0.8, and took them until 1.0.
python::Term with_new_names(const python::Term& term, const std::string& operation) {
  static const std::map<std::string, std::string, std::less<>> of_constraint = {
      {"name", "constraint_name"},
      {"source", "source_table"},
      {"referent", "referent_table"},
      {"tablename", "table_name"},
      {"type", "type_"}};
  static const std::map<std::string, std::string, std::less<>> of_index = {
      {"name", "index_name"}, {"tablename", "table_name"}};
  const bool index = operation == "create_index" || operation == "drop_index";
  if (!index && !operation.ends_with("_constraint") && operation != "create_foreign_key") {
    return term;
  }
  python::Term renamed = term;
  for (auto& [name, value] : renamed.arguments.keyword) {
    const auto& names = index ? of_index : of_constraint;
    if (const auto found = names.find(name); found != names.end()) name = found->second;
  }
  return renamed;
}

}  // namespace

Call Step::bind(std::vector<std::string_view> parameters, std::string_view table,
                std::string_view schema) const {
  if (batch) std::erase(parameters, table);
  Call call(with_new_names(term, name), shown(), parameters);
  if (batch) {
    call.set(table, batch->table);
    if (batch->schema) call.set(schema, *batch->schema);
  }
  return call;
}

namespace {

Target target_of(const Call& call) {
  return {call.need_text("table_name"), call.text("schema")};
}

void create_table_operation(const Step& step) {
  create_table(step.bind({"table_name",
                          "*columns",
                          "schema",
                          "comment",
                          "prefixes",
                          "info",
                          "quote",
                          "if_not_exists",
                          "keep_existing",
                          "extend_existing",
                          "implicit_returning",
                          "_constraints_included",
                          "postgresql_inherits",
                          "postgresql_partition_by",
                          "postgresql_using",
                          "postgresql_with",
                          "postgresql_with_oids",
                          "postgresql_on_commit",
                          "postgresql_tablespace",
                          "postgresql_ignore_search_path"}),
               step.emitter);
}

void drop_table(const Step& step) {
  const Call call = step.bind({"table_name", "schema", "/", "if_exists", "info", "comment"});
  step.emitter.run(fmt::format("DROP TABLE {}{}", call.on("if_exists") ? "IF EXISTS " : "",
                               target_of(call).sql()));
}

void rename_table(const Step& step) {
  const Call call = step.bind({"old_table_name", "new_table_name", "schema"}, "old_table_name");
  step.emitter.run(fmt::format("ALTER TABLE {} RENAME TO {}",
                               qualified(call.text("schema"), call.need_text("old_table_name")),
                               quote_identifier(call.need_text("new_table_name"))));
}

void add_column_operation(const Step& step) {
  const Call call =
      step.batch ? step.bind({"column", "insert_before", "insert_after", "/", "if_not_exists"})
                 : step.bind({"table_name", "column", "schema", "/", "if_not_exists"});
  add_column(target_of(call), call.need("column"), call.on("if_not_exists"), step.emitter);
}

/// geoalchemy2.alembic_helpers' operation, which leaves the index to create_geospatial_index.
void add_geospatial_column(const Step& step) {
  const Call call = step.batch ? step.bind({"column", "insert_before", "insert_after"})
                               : step.bind({"table_name", "column", "schema"});
  add_column(target_of(call), call.need("column"), false, step.emitter, false);
}

void drop_column(const Step& step) {
  const Call call = step.bind({"table_name", "column_name", "schema", "/", "if_exists"});
  step.emitter.run(fmt::format("ALTER TABLE {} DROP COLUMN {}{}", target_of(call).sql(),
                               call.on("if_exists") ? "IF EXISTS " : "",
                               quote_identifier(call.need_text("column_name"))));
}

void create_index(const Step& step) {
  const Call call =
      step.bind({"index_name", "table_name", "columns", "schema", "unique", "/", "quote",
                 "if_not_exists", "info", "postgresql_using", "postgresql_include",
                 "postgresql_where", "postgresql_ops", "postgresql_concurrently", "postgresql_with",
                 "postgresql_tablespace", "postgresql_nulls_not_distinct"});
  call.need("columns");
  step.emitter.run(create_index_sql(call, call.list("columns"), target_of(call), step.emitter));
}

/// The name by which Alembic drops an index: its own, unless the convention is made of it.
std::string dropped_index(const Call& call, const Emitter& emitter) {
  Unnamed unnamed;
  unnamed.kind = "ix";
  unnamed.name = call.need_text("index_name");
  unnamed.settled = call.settled("index_name");
  unnamed.table = call.text("table_name").value_or("no_table");
  unnamed.schema = call.text("schema");
  unnamed.columns_known = false;
  return made_up_name(*emitter.naming().name(unnamed, call.place()));
}

void drop_index(const Step& step) {
  // What the index was made with may be said again and changes nothing.
  std::vector<std::string_view> parameters = {"index_name",
                                              "table_name",
                                              "schema",
                                              "/",
                                              "if_exists",
                                              "unique",
                                              "columns",
                                              "info",
                                              "postgresql_concurrently",
                                              "postgresql_where",
                                              "postgresql_using",
                                              "postgresql_ops",
                                              "postgresql_with",
                                              "postgresql_include",
                                              "postgresql_tablespace",
                                              "postgresql_nulls_not_distinct"};
  if (step.name == "drop_geospatial_index") {
    parameters.insert(parameters.begin() + 2, "column_name");
  }
  const Call call = step.bind(std::move(parameters));
  step.emitter.run(fmt::format("DROP INDEX {}{}{}",
                               call.on("postgresql_concurrently") ? "CONCURRENTLY " : "",
                               call.on("if_exists") ? "IF EXISTS " : "",
                               qualified(call.text("schema"), dropped_index(call, step.emitter))));
}

void table_comment(const Step& step) {
  const bool drop = step.name == "drop_table_comment";
  const Call call = drop ? step.bind({"table_name", "existing_comment", "schema"})
                         : step.bind({"table_name", "comment", "existing_comment", "schema"});
  comment_on_table(target_of(call), drop ? std::nullopt : call.text("comment"), step.emitter);
}

void execute(const Step& step) {
  const Call call = step.bind({"sqltext", "execution_options"});
  run_statement(call.need("sqltext"), {}, step.shown(), step.emitter);
}

void bulk_insert_operation(const Step& step) {
  const Call call = step.bind({"table", "rows", "multiinsert"});
  bulk_insert(call.need("table"), call.list("rows"), step.emitter);
}

}  // namespace

bool run_table_operation(const Step& step) {
  struct Row {
    std::string_view name;
    void (*run)(const Step&);
  };
  static constexpr Row rows[] = {{"create_table", create_table_operation},
                                 {"drop_table", drop_table},
                                 {"rename_table", rename_table},
                                 {"add_column", add_column_operation},
                                 {"drop_column", drop_column},
                                 {"alter_column", alter_column},
                                 {"create_index", create_index},
                                 {"drop_index", drop_index},
                                 {"create_geospatial_table", create_table_operation},
                                 {"drop_geospatial_table", drop_table},
                                 {"add_geospatial_column", add_geospatial_column},
                                 {"drop_geospatial_column", drop_column},
                                 {"create_geospatial_index", create_index},
                                 {"drop_geospatial_index", drop_index},
                                 {"create_table_comment", table_comment},
                                 {"drop_table_comment", table_comment},
                                 {"execute", execute},
                                 {"bulk_insert", bulk_insert_operation}};
  const auto* row = std::find_if(std::begin(rows), std::end(rows),
                                 [&](const Row& r) { return r.name == step.name; });
  if (row == std::end(rows)) return false;
  row->run(step);
  return true;
}

bool run_operation(const Step& step) {
  return run_table_operation(step) || run_constraint_operation(step) || run_enum_operation(step) ||
         run_entity_operation(step);
}

}  // namespace driftd::alembic

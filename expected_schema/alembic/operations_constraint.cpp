#include <fmt/format.h>

#include "expected_schema/alembic/constraint.h"
#include "expected_schema/alembic/names.h"
#include "expected_schema/alembic/operations.h"
#include "expected_schema/base/text.h"

namespace driftd::alembic {

namespace {

using Kind = Constraint::Kind;

void add(const Step& step, const std::optional<std::string>& schema, const std::string& table,
         const Constraint& constraint) {
  step.emitter.run(
      fmt::format("ALTER TABLE {} ADD {}", qualified(schema, table), constraint.sql()));
}

void create_foreign_key(const Step& step) {
  const Call call =
      step.batch ? step.bind({"constraint_name", "referent_table", "local_cols", "remote_cols", "/",
                              "referent_schema", "onupdate", "ondelete", "deferrable", "initially",
                              "match", "use_alter", "link_to_name", "info", "postgresql_not_valid"},
                             "source_table", "source_schema")
                 : step.bind({"constraint_name", "source_table", "referent_table", "local_cols",
                              "remote_cols", "onupdate", "ondelete", "deferrable", "initially",
                              "match", "source_schema", "referent_schema", "/", "use_alter",
                              "link_to_name", "info", "postgresql_not_valid"});
  const std::vector<std::string> columns = call.names("local_cols");
  const std::vector<std::string> referent = call.names("remote_cols");
  if (columns.empty() || columns.size() != referent.size()) {
    call.refuse("remote_cols", "Name as many columns as refer to them.");
  }
  add(step, call.text("source_schema"), call.need_text("source_table"),
      foreign_key(call, call.text("constraint_name"), columns,
                  qualified(call.text("referent_schema"), call.need_text("referent_table")),
                  referent));
}

void create_unique_constraint(const Step& step) {
  const Call call = step.bind({"constraint_name", "table_name", "columns", "schema", "/",
                               "deferrable", "initially", "info", "postgresql_nulls_not_distinct"});
  call.need("columns");
  Constraint constraint{
      Kind::Unique, call.text("constraint_name"), call.names("columns"), {}, false};
  constraint.body = fmt::format(
      "UNIQUE {}({}){}", call.on("postgresql_nulls_not_distinct") ? "NULLS NOT DISTINCT " : "",
      quoted_list(constraint.columns), deferrability(call));
  add(step, call.text("schema"), call.need_text("table_name"), constraint);
}

void create_check_constraint(const Step& step) {
  Call call = step.bind({"constraint_name", "table_name", "condition", "schema", "/", "deferrable",
                         "initially", "info", "postgresql_not_valid"});
  if (const auto name = call.text("constraint_name")) call.set("name", *name);
  add(step, call.text("schema"), call.need_text("table_name"), check(call, "condition"));
}

void create_primary_key(const Step& step) {
  const Call call = step.bind({"constraint_name", "table_name", "columns", "schema", "/",
                               "deferrable", "initially", "info"});
  call.need("columns");
  add(step, call.text("schema"), call.need_text("table_name"),
      {Kind::PrimaryKey, call.text("constraint_name"), call.names("columns"), deferrability(call),
       false});
}

void create_exclude_constraint(const Step& step) {
  const Call call = step.bind({"constraint_name", "table_name", "*elements", "where", "schema",
                               "using", "deferrable", "initially", "ops", "info"});
  add(step, call.text("schema"), call.need_text("table_name"),
      exclusion(call, call.text("constraint_name")));
}

void drop_constraint(const Step& step) {
  const Call call =
      step.bind({"constraint_name", "table_name", "type_", "schema", "/", "if_exists"});
  step.emitter.run(fmt::format("ALTER TABLE {} DROP CONSTRAINT {}{}",
                               qualified(call.text("schema"), call.need_text("table_name")),
                               call.on("if_exists") ? "IF EXISTS " : "",
                               quote_identifier(call.need_text("constraint_name"))));
}

}  // namespace

bool run_constraint_operation(const Step& step) {
  if (step.name == "create_foreign_key") {
    create_foreign_key(step);
  } else if (step.name == "create_unique_constraint") {
    create_unique_constraint(step);
  } else if (step.name == "create_check_constraint") {
    create_check_constraint(step);
  } else if (step.name == "create_primary_key") {
    create_primary_key(step);
  } else if (step.name == "create_exclude_constraint") {
    create_exclude_constraint(step);
  } else if (step.name == "drop_constraint") {
    drop_constraint(step);
  } else {
    return false;
  }
  return true;
}

}  // namespace driftd::alembic

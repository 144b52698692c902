#include <fmt/format.h>

#include "expected_schema/alembic/constraint.h"
#include "expected_schema/alembic/names.h"
#include "expected_schema/alembic/operations.h"
#include "expected_schema/base/text.h"

namespace driftd::alembic {

namespace {

using Kind = Constraint::Kind;

void add(const Step& step, const std::optional<std::string>& schema, const std::string& table,
         Constraint constraint) {
  settle_name(constraint, {table, schema}, step.emitter);
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
      foreign_key(call, "constraint_name", columns,
                  {call.need_text("referent_table"), call.text("referent_schema")}, referent));
}

void create_unique_constraint(const Step& step) {
  const Call call = step.bind({"constraint_name", "table_name", "columns", "schema", "/",
                               "deferrable", "initially", "info", "postgresql_nulls_not_distinct"});
  call.need("columns");
  Constraint constraint{
      Kind::Unique, call.text("constraint_name"), call.names("columns"), {}, false};
  constraint.settled = call.settled("constraint_name");
  constraint.body = fmt::format(
      "UNIQUE {}({}){}", call.on("postgresql_nulls_not_distinct") ? "NULLS NOT DISTINCT " : "",
      quoted_list(constraint.columns), deferrability(call));
  add(step, call.text("schema"), call.need_text("table_name"), constraint);
}

void create_check_constraint(const Step& step) {
  Call call = step.bind({"constraint_name", "table_name", "condition", "schema", "/", "deferrable",
                         "initially", "info", "postgresql_not_valid"});
  if (const python::Value* name = call.find("constraint_name")) call.set("name", *name);
  add(step, call.text("schema"), call.need_text("table_name"), check(call, "condition"));
}

void create_primary_key(const Step& step) {
  const Call call = step.bind({"constraint_name", "table_name", "columns", "schema", "/",
                               "deferrable", "initially", "info"});
  call.need("columns");
  Constraint constraint{Kind::PrimaryKey, call.text("constraint_name"), call.names("columns"),
                        deferrability(call), false};
  constraint.settled = call.settled("constraint_name");
  add(step, call.text("schema"), call.need_text("table_name"), std::move(constraint));
}

void create_exclude_constraint(const Step& step) {
  const Call call = step.bind({"constraint_name", "table_name", "*elements", "where", "schema",
                               "using", "deferrable", "initially", "ops", "info"});
  add(step, call.text("schema"), call.need_text("table_name"),
      exclusion(call, call.text("constraint_name")));
}

/// The convention's key for `type_=`; none where Alembic is not told what it drops.
std::string convention_key(const Call& call) {
  const auto type = call.text("type_");
  if (!type) return {};
  if (*type == "foreignkey") return "fk";
  if (*type == "primary") return "pk";
  if (*type == "unique") return "uq";
  if (*type == "check") return "ck";
  call.refuse("type_", "Alembic takes foreignkey, primary, unique or check.");
}

void drop_constraint(const Step& step) {
  const Call call =
      step.bind({"constraint_name", "table_name", "type_", "schema", "/", "if_exists"});
  const Target target{call.need_text("table_name"), call.text("schema")};
  // Alembic makes a constraint of the type to drop it; the convention names that one too.
  Unnamed unnamed;
  unnamed.kind = convention_key(call);
  unnamed.name = call.text("constraint_name");
  unnamed.settled = call.settled("constraint_name");
  unnamed.table = target.table;
  unnamed.schema = target.schema;
  unnamed.columns_known = false;
  const auto name = step.emitter.naming().name(unnamed, call.place());
  if (!name) call.need("constraint_name");
  step.emitter.run(fmt::format("ALTER TABLE {} DROP CONSTRAINT {}{}", target.sql(),
                               call.on("if_exists") ? "IF EXISTS " : "",
                               quote_identifier(made_up_name(*name))));
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

#include "expected_schema/alembic/constraint.h"

#include <fmt/format.h>

#include "expected_schema/alembic/expression.h"
#include "expected_schema/alembic/names.h"
#include "expected_schema/alembic/symbols.h"
#include "expected_schema/base/text.h"

namespace driftd::alembic {

using python::Term;
using python::Value;
using Kind = Constraint::Kind;

namespace {

/// The table that `table.c.x` belongs to, where the table was made in this migration.
std::optional<Target> table_of_column(const Value& value) {
  const Value* columns = nullptr;
  if (const auto* attribute = value.get_if<std::shared_ptr<const python::Attribute>>()) {
    columns = (*attribute)->object.get();
  } else if (const auto* operation = value.get_if<std::shared_ptr<const python::Operation>>()) {
    columns = (*operation)->left.get();
  }
  const auto* of =
      columns == nullptr ? nullptr : columns->get_if<std::shared_ptr<const python::Attribute>>();
  const Term* table = of == nullptr ? nullptr : (*of)->object->term();
  if (table == nullptr || table->arguments.positional.empty()) return std::nullopt;
  const auto* name = text_in(table->arguments.positional.front());
  if (name == nullptr) return std::nullopt;
  const Value* schema = table->arguments.find("schema");
  const auto* schema_name = schema == nullptr ? nullptr : text_in(*schema);
  return Target{*name, schema_name == nullptr ? std::nullopt : std::optional(*schema_name)};
}

/// What a convention is kept under (sql/naming.py); none for an exclusion.
std::string convention_key(Kind kind) {
  switch (kind) {
    case Kind::PrimaryKey:
      return "pk";
    case Kind::ForeignKey:
      return "fk";
    case Kind::Unique:
      return "uq";
    case Kind::Check:
      return "ck";
    case Kind::Exclude:
      break;
  }
  return {};
}

std::vector<std::string> column_names(const std::vector<Value>& values, const Call& call) {
  std::vector<std::string> result;
  for (const Value& value : values) {
    if (const auto* text = text_in(value)) {
      result.push_back(*text);
    } else if (const std::string column = column_name_of(value); !column.empty()) {
      result.push_back(column);
    } else {
      not_understood(fmt::format("{} over {}", call.shown(), python::repr(value)), call.place(),
                     "Name the columns as texts.");
    }
  }
  return result;
}

std::string phrase(const Call& call, std::string_view argument) {
  const std::string text = *call.text(argument);
  if (text.find_first_not_of(
          "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_ (),\"0123456789") !=
      std::string::npos) {
    call.refuse(argument, "Give it as a plain SQL phrase, such as \"CASCADE\".");
  }
  return text;
}

}  // namespace

std::string Constraint::sql() const {
  const std::string start =
      name ? "CONSTRAINT " + quote_identifier(made_up_name(*name)) + " " : std::string();
  if (kind == Kind::PrimaryKey) {
    return fmt::format("{}PRIMARY KEY ({}){}", start, quoted_list(columns), body);
  }
  return start + body;
}

void settle_name(Constraint& constraint, const Target& target, const Emitter& emitter) {
  Unnamed unnamed;
  unnamed.kind = convention_key(constraint.kind);
  unnamed.name = constraint.name;
  unnamed.settled = constraint.settled;
  unnamed.table = target.table;
  unnamed.schema = target.schema;
  unnamed.columns = constraint.columns;
  unnamed.columns_known = constraint.columns_known;
  unnamed.referred_table = constraint.referred_table;
  unnamed.referred_columns = constraint.referred_columns;
  constraint.name = emitter.naming().name(unnamed, emitter.place());
  constraint.settled = true;
}

std::string deferrability(const Call& call) {
  std::string sql;
  if (const auto deferrable = call.flag("deferrable")) {
    sql += *deferrable ? " DEFERRABLE" : " NOT DEFERRABLE";
  }
  if (call.find("initially") != nullptr) sql += " INITIALLY " + phrase(call, "initially");
  return sql;
}

Constraint foreign_key(const Call& call, std::string_view name_argument,
                       std::vector<std::string> columns, const Target& referent,
                       const std::vector<std::string>& referent_columns) {
  Constraint result{
      Kind::ForeignKey, call.text(name_argument), std::move(columns), {}, call.on("use_alter")};
  result.settled = call.settled(name_argument);
  result.referred_table = referent.table;
  result.referred_columns = referent_columns;
  result.body = fmt::format("FOREIGN KEY ({}) REFERENCES {} ({})", quoted_list(result.columns),
                            referent.sql(), quoted_list(referent_columns));
  if (call.find("match") != nullptr) result.body += " MATCH " + phrase(call, "match");
  if (call.find("ondelete") != nullptr) result.body += " ON DELETE " + phrase(call, "ondelete");
  if (call.find("onupdate") != nullptr) result.body += " ON UPDATE " + phrase(call, "onupdate");
  result.body += deferrability(call);
  if (call.on("postgresql_not_valid")) result.body += " NOT VALID";
  return result;
}

Referent referent_of(const Value& value, const Call& call, std::string_view argument) {
  const auto* text = text_in(value);
  if (text == nullptr) {
    const std::optional<Target> table = table_of_column(value);
    const std::string column = column_name_of(value);
    if (!table || column.empty()) {
      call.refuse(argument, "Name the column as a text, \"table.column\".");
    }
    return {*table, column};
  }
  std::vector<std::string> parts = split(*text, '.');
  if (parts.size() == 1) return {{parts[0], std::nullopt}, {}};
  const std::string column = parts.back();
  parts.pop_back();
  const std::string table = parts.back();
  parts.pop_back();
  const auto schema = parts.empty() ? std::nullopt : std::optional(join(parts, "."));
  return {{table, schema}, column};
}

Constraint check(const Call& call, std::string_view condition) {
  Constraint result{Kind::Check, call.text("name"), {}, {}, false};
  result.settled = call.settled("name");
  const Value& given = call.need(condition);
  result.columns_known = text_in(given) != nullptr || made_by(given) == "text";
  result.body =
      fmt::format("CHECK ({}){}{}", expression_sql(given, Texts::Sql, call.shown(), call.place()),
                  deferrability(call), call.on("postgresql_not_valid") ? " NOT VALID" : "");
  return result;
}

Constraint exclusion(const Call& call, const std::optional<std::string>& name) {
  const Value* ops = call.find("ops");
  const auto* ops_by_name = ops == nullptr ? nullptr : ops->get_if<python::Dict>();
  if (ops != nullptr && ops_by_name == nullptr) call.refuse("ops");
  std::vector<std::string> elements;
  for (const Value& element : call.rest()) {
    const auto* pair = sequence_in(element);
    if (pair == nullptr || pair->size() != 2 || text_in((*pair)[1]) == nullptr) {
      not_understood(fmt::format("{} with the element {}", call.shown(), python::repr(element)),
                     call.place(), "Give each element as (column, operator).");
    }
    std::string sql = expression_sql((*pair)[0], Texts::Name, call.shown(), call.place());
    const auto* plain = text_in((*pair)[0]);
    const std::string key = plain != nullptr ? *plain : column_name_of((*pair)[0]);
    if (ops_by_name != nullptr) {
      for (const auto& [column, operator_class] : **ops_by_name) {
        const auto* column_text = text_in(column);
        const auto* class_text = text_in(operator_class);
        if (column_text == nullptr || class_text == nullptr) call.refuse("ops");
        if (*column_text == key) sql += " " + *class_text;
      }
    }
    elements.push_back(sql + " WITH " + *text_in((*pair)[1]));
  }
  Constraint result{Kind::Exclude, name, {}, {}, false};
  result.body = fmt::format("EXCLUDE USING {} ({})", lower(call.text("using").value_or("gist")),
                            join(elements, ", "));
  if (const Value* where = call.find("where")) {
    result.body +=
        fmt::format(" WHERE ({})", expression_sql(*where, Texts::Sql, call.shown(), call.place()));
  }
  result.body += deferrability(call);
  return result;
}

Constraint inline_foreign_key(const Term& term, const std::string& column) {
  const Call call(
      term, "sa.ForeignKey",
      {"column", "_constraint", "use_alter", "name", "onupdate", "ondelete", "deferrable",
       "initially", "link_to_name", "match", "info", "comment", "postgresql_not_valid"});
  const Referent referent = referent_of(call.need("column"), call, "column");
  return foreign_key(call, "name", {column}, referent.table,
                     {referent.column.empty() ? column : referent.column});
}

Constraint inline_check(const Term& term) {
  const Call call(term, "sa.CheckConstraint",
                  {"sqltext", "name", "deferrable", "initially", "table", "info",
                   "postgresql_not_valid", "comment"});
  return check(call, "sqltext");
}

namespace {

Constraint foreign_key_constraint(const Term& term) {
  const Call call(
      term, "sa.ForeignKeyConstraint",
      {"columns", "refcolumns", "name", "onupdate", "ondelete", "deferrable", "initially",
       "use_alter", "link_to_name", "match", "table", "info", "comment", "postgresql_not_valid"});
  const std::vector<std::string> columns = column_names(call.list("columns"), call);
  std::optional<Target> table;
  std::vector<std::string> referent_columns;
  for (const Value& value : call.list("refcolumns")) {
    const Referent referent = referent_of(value, call, "refcolumns");
    if (table && table->sql() != referent.table.sql()) {
      call.refuse("refcolumns", "Name one table.");
    }
    table = referent.table;
    const std::size_t at = referent_columns.size();
    referent_columns.push_back(referent.column.empty() && at < columns.size() ? columns[at]
                                                                              : referent.column);
  }
  if (columns.empty() || referent_columns.size() != columns.size()) {
    call.refuse("refcolumns", "Name as many columns as refer to them.");
  }
  return foreign_key(call, "name", columns, *table, referent_columns);
}

}  // namespace

std::optional<Constraint> constraint_of(const Value& value) {
  const Term* term = value.term();
  const std::string maker = made_by(value);
  if (term == nullptr || maker.empty()) return std::nullopt;
  if (maker == "PrimaryKeyConstraint") {
    const Call call(*term, "sa.PrimaryKeyConstraint",
                    {"*columns", "name", "deferrable", "initially", "info", "comment"});
    Constraint result{Kind::PrimaryKey, call.text("name"), column_names(call.rest(), call),
                      deferrability(call), false};
    result.settled = call.settled("name");
    return result;
  }
  if (maker == "UniqueConstraint") {
    const Call call(*term, "sa.UniqueConstraint",
                    {"*columns", "name", "deferrable", "initially", "info", "comment",
                     "postgresql_nulls_not_distinct"});
    Constraint result{Kind::Unique, call.text("name"), column_names(call.rest(), call), {}, false};
    result.settled = call.settled("name");
    result.body = fmt::format("UNIQUE {}({}){}",
                              call.on("postgresql_nulls_not_distinct") ? "NULLS NOT DISTINCT " : "",
                              quoted_list(result.columns), deferrability(call));
    return result;
  }
  if (maker == "CheckConstraint") return inline_check(*term);
  if (maker == "ForeignKeyConstraint") return foreign_key_constraint(*term);
  if (maker == "ExcludeConstraint" || maker == "postgresql.ExcludeConstraint") {
    const Call call(
        *term, "postgresql.ExcludeConstraint",
        {"*elements", "name", "deferrable", "initially", "using", "where", "ops", "info"});
    return exclusion(call, call.text("name"));
  }
  return std::nullopt;
}

}  // namespace driftd::alembic

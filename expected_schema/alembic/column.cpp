#include "expected_schema/alembic/column.h"

#include <fmt/format.h>

#include <algorithm>

#include "expected_schema/alembic/expression.h"
#include "expected_schema/alembic/literal.h"
#include "expected_schema/alembic/symbols.h"
#include "expected_schema/base/text.h"

namespace driftd::alembic {

using python::Term;
using python::Value;

namespace {

constexpr std::string_view kSerialHint =
    "SQLAlchemy refuses this column; correct its primary_key= and autoincrement=.";

std::string computed_sql(const Term& term) {
  const Call call(term, "sa.Computed", {"sqltext", "persisted"});
  if (call.flag("persisted") == false) {
    call.refuse("persisted", "PostgreSQL 15 has stored computed columns only.");
  }
  return fmt::format("GENERATED ALWAYS AS ({}) STORED",
                     expression_sql(call.need("sqltext"), Texts::Sql, call.shown(), term.place));
}

/// A default that may also be an identity or a computed column.
void take_default(Column& column, const Value& value, const std::string& what, const Place& place) {
  const std::string maker = made_by(value);
  const Term* term = value.term();
  if (term != nullptr && maker == "Identity") {
    column.generated = identity_sql(*term);
    column.identity = true;
  } else if (term != nullptr && maker == "Computed") {
    column.generated = computed_sql(*term);
    column.fetched_default = true;
  } else {
    column.server_default = default_sql(value, what, place, column.open_default);
    column.fetched_default = !column.server_default;
  }
}

/// One argument of a column that is neither its name nor its type; false where it is none.
bool take_item(Column& column, const Value& value, const std::string& what) {
  const Term* term = value.term();
  const std::string maker = made_by(value);
  if (maker == "FetchedValue" || (term != nullptr && (maker == "Identity" || maker == "Computed" ||
                                                      maker == "DefaultClause"))) {
    take_default(column, value, what, term == nullptr ? Place{} : term->place);
    return true;
  }
  if (term == nullptr || term->object != nullptr) return false;
  if (maker == "ForeignKey") {
    column.foreign_keys.push_back(inline_foreign_key(*term, column.name));
  } else if (maker == "CheckConstraint") {
    column.checks.push_back(inline_check(*term));
  } else if (maker == "Sequence") {
    const Value* optional = term->arguments.find("optional");
    const auto* flag = optional == nullptr ? nullptr : optional->get_if<bool>();
    column.client_sequence = true;
    column.client_default = flag == nullptr || !*flag;
  } else if (maker == "ColumnDefault") {
    column.client_default = true;
  } else {
    return false;
  }
  return true;
}

Column::Autoincrement autoincrement_of(const Call& call) {
  const Value* value = call.find("autoincrement");
  if (value == nullptr) return Column::Autoincrement::Auto;
  if (const auto* flag = value->get_if<bool>()) {
    return *flag ? Column::Autoincrement::On : Column::Autoincrement::Off;
  }
  const auto* text = text_in(*value);
  if (text != nullptr && *text == "auto") return Column::Autoincrement::Auto;
  if (text != nullptr && *text == "ignore_fk") return Column::Autoincrement::IgnoreForeignKeys;
  call.refuse("autoincrement", "Give True, False, \"auto\" or \"ignore_fk\".");
}

}  // namespace

std::string Column::sql(bool serial) const {
  std::string sql = quote_identifier(name) + " ";
  if (serial) {
    sql += type.affinity == Affinity::BigInteger     ? "BIGSERIAL"
           : type.affinity == Affinity::SmallInteger ? "SMALLSERIAL"
                                                     : "SERIAL";
  } else {
    sql += type.sql;
    if (server_default) sql += " DEFAULT " + *server_default;
  }
  if (!generated.empty()) sql += " " + generated;
  const bool may_be_null = nullable.value_or(!primary_key && !identity);
  if (!may_be_null && !identity) sql += " NOT NULL";
  if (may_be_null && identity) sql += " NULL";
  for (const Constraint& constraint : checks) sql += " " + constraint.sql();
  return sql;
}

bool is_column(const Value& value) {
  return value.term() != nullptr && made_by(value) == "Column";
}

Column column_of(const Value& value, const Emitter& emitter,
                 const std::optional<std::string>& table_schema) {
  const Term* term = value.term();
  if (term == nullptr || made_by(value) != "Column") {
    not_understood("the column " + python::repr(value), emitter.place(),
                   "Write the column as sa.Column(\"name\", type, ...).");
  }
  Call call(*term, "sa.Column",
            {"*items",
             "name",
             "type_",
             "autoincrement",
             "comment",
             "default",
             "doc",
             "index",
             "info",
             "insert_default",
             "key",
             "nullable",
             "onupdate",
             "primary_key",
             "quote",
             "server_default",
             "server_onupdate",
             "system",
             "unique",
             "sort_order"});
  std::vector<Value> items = call.rest();
  if (!items.empty() && text_in(items.front()) != nullptr) {
    call.set("name", items.front());
    items.erase(items.begin());
  }
  Column column;
  column.name = call.need_text("name");
  call.check_quote("name");
  if (const auto key = call.text("key"); key && *key != column.name) {
    call.refuse("key", "Name the column in the migration as it is called in the database.");
  }
  const std::string what = "column " + column.name;
  const Value* type = call.find("type_");
  for (const Value& item : items) {
    if (take_item(column, item, what)) continue;
    if (type != nullptr) {
      not_understood(fmt::format("{} with the argument {}", what, python::repr(item)), term->place);
    }
    type = &item;
  }
  if (type == nullptr) {
    not_understood(what + " without a type", term->place, "Give the column its type.");
  }
  column.type = type_of(*type, emitter, table_schema, what);
  column.primary_key = call.on("primary_key");
  column.nullable = call.flag("nullable");
  column.unique = call.on("unique");
  column.index = call.on("index");
  column.autoincrement = autoincrement_of(call);
  column.comment = call.text("comment");
  if (const Value* given = call.find("default")) {
    if (made_by(*given) != "Sequence" || !take_item(column, *given, what)) {
      column.client_default = true;
    }
  }
  if (const Value* given = call.find("server_default")) {
    take_default(column, *given, what, term->place);
  }
  if (column.type.enumeration && !column.type.enumeration->native &&
      column.type.enumeration->create_constraint && !column.type.array) {
    std::string labels;
    for (const std::string& label : column.type.enumeration->labels) {
      labels += (labels.empty() ? "" : ", ") + string_literal(label);
    }
    Constraint in{Constraint::Kind::Check, column.type.enumeration->name, {}, {}, false};
    in.settled = column.type.enumeration->settled;
    in.columns_known = false;
    in.body = fmt::format("CHECK ({} IN ({}))", quote_identifier(column.name), labels);
    column.checks.push_back(std::move(in));
  }
  return column;
}

const Column* autoincrement_column(const std::vector<Column>& columns,
                                   const std::vector<std::string>& primary_key,
                                   const std::vector<Constraint>& constraints, const Place& place) {
  using Autoincrement = Column::Autoincrement;
  const auto can = [&](const Column& column, bool asked) {
    if (column.type.affinity == Affinity::Other) {
      if (asked) {
        not_understood(fmt::format("autoincrement=True of the column {}", column.name), place,
                       std::string(kSerialHint));
      }
      return false;
    }
    if (asked) return true;
    if (column.client_default && !column.client_sequence) return false;
    if (column.server_default || column.fetched_default) return false;
    if (column.autoincrement == Autoincrement::IgnoreForeignKeys) return true;
    if (!column.foreign_keys.empty()) return false;
    return std::none_of(constraints.begin(), constraints.end(), [&](const Constraint& constraint) {
      return constraint.kind == Constraint::Kind::ForeignKey &&
             std::find(constraint.columns.begin(), constraint.columns.end(), column.name) !=
                 constraint.columns.end();
    });
  };
  const Column* found = nullptr;
  for (const std::string& name : primary_key) {
    const auto column = std::find_if(columns.begin(), columns.end(),
                                     [&](const Column& c) { return c.name == name; });
    if (column == columns.end()) {
      not_understood(fmt::format("the primary key over {}, which is no column of the table", name),
                     place, "Name a column of the table.");
    }
    const bool asked = column->autoincrement == Autoincrement::On;
    const bool may = primary_key.size() == 1 && column->autoincrement != Autoincrement::Off;
    if ((!asked && !may) || !can(*column, asked)) continue;
    if (found != nullptr) {
      not_understood("autoincrement=True of two columns", place, std::string(kSerialHint));
    }
    found = &*column;
  }
  return found;
}

namespace {

/// Whether a default that is not known is an expression at least, and no Identity().
bool is_expression(const Value& value) {
  if (const python::Unknown* unknown = value.unknown()) return unknown->text.has_value();
  const std::string maker = made_by(value);
  return maker == "text" || maker.starts_with("func.");
}

}  // namespace

std::optional<std::string> default_sql(const Value& value, const std::string& what,
                                       const Place& place, std::optional<OpenDefault>& open) {
  if (const auto* text = text_in(value)) return string_literal(*text);
  const std::string maker = made_by(value);
  if (maker == "FetchedValue") return std::nullopt;
  const Term* term = value.term();
  if (maker == "DefaultClause" && term != nullptr && !term->arguments.positional.empty()) {
    return default_sql(term->arguments.positional.front(), what, place, open);
  }
  const bool plain = value.get_if<bool>() != nullptr || value.get_if<std::int64_t>() != nullptr ||
                     value.get_if<double>() != nullptr || maker == "Sequence";
  if (plain) {
    not_understood(fmt::format("server_default={} of {}", python::repr(value), what), place,
                   "SQLAlchemy takes a text or an SQL expression here, such as sa.text(\"0\").");
  }
  try {
    return expression_sql(value, Texts::Sql, "server_default of " + what, place);
  } catch (const Error& error) {
    if (error.reason() != Reason::NotUnderstood) throw;
    open = OpenDefault{error, is_expression(value)};
    return std::nullopt;
  }
}

void leave_default_open(const Target& table, const std::string& column, const OpenDefault& open,
                        const Emitter& emitter) {
  const auto type = emitter.ask(
      fmt::format("SELECT pg_catalog.format_type(atttypid, atttypmod) FROM pg_catalog.pg_attribute"
                  " WHERE attrelid = {}::pg_catalog.regclass AND attname = {}",
                  string_literal(table.sql()), string_literal(column)));
  if (!type || type->rows.empty() || !type->rows.front().front()) throw Error(open.why);
  // Any default will do, so long as it is one that nobody has; it is NULL where rows need it.
  emitter.run_open(
      fmt::format("ALTER TABLE {} ALTER COLUMN {} SET DEFAULT "
                  "CAST(pg_catalog.current_setting('{}', true) AS {})",
                  table.sql(), quote_identifier(column),
                  open.expression ? open_default : open_column, *type->rows.front().front()),
      open.why);
}

std::string sequence_options(const Call& call) {
  std::vector<std::string> parts;
  const auto number = [&](std::string_view name, std::string_view words) {
    if (const auto value = call.number(name)) parts.push_back(fmt::format("{} {}", words, *value));
  };
  number("increment", "INCREMENT BY");
  number("start", "START WITH");
  number("minvalue", "MINVALUE");
  number("maxvalue", "MAXVALUE");
  if (call.flag("nominvalue")) parts.emplace_back("NO MINVALUE");
  if (call.flag("nomaxvalue")) parts.emplace_back("NO MAXVALUE");
  number("cache", "CACHE");
  if (const auto cycle = call.flag("cycle")) parts.emplace_back(*cycle ? "CYCLE" : "NO CYCLE");
  return join(parts, " ");
}

std::string identity_sql(const Term& term) {
  const Call call(term, "sa.Identity",
                  {"always", "on_null", "start", "increment", "minvalue", "maxvalue", "nominvalue",
                   "nomaxvalue", "cycle", "cache", "order"});
  const std::string options = sequence_options(call);
  return fmt::format("GENERATED {} AS IDENTITY{}", call.on("always") ? "ALWAYS" : "BY DEFAULT",
                     options.empty() ? "" : " (" + options + ")");
}

}  // namespace driftd::alembic

#include "expected_schema/alembic/index.h"

#include <fmt/format.h>

#include <algorithm>

#include "expected_schema/alembic/expression.h"
#include "expected_schema/alembic/literal.h"
#include "expected_schema/alembic/names.h"
#include "expected_schema/alembic/symbols.h"
#include "expected_schema/base/text.h"

namespace driftd::alembic {

using python::Dict;
using python::Value;

namespace {

struct Element {
  std::string sql;
  std::string key;  ///< what postgresql_ops names it by; empty where it has no name
};

Element element_of(const Value& value, const Call& call) {
  if (const auto* name = text_in(value)) return {quote_identifier(*name), *name};
  if (const python::Term* label = method_call(value, "label");
      label != nullptr && label->arguments.positional.size() == 1) {
    const auto* key = text_in(label->arguments.positional.front());
    return {grouped_sql(*label->object, Texts::Name, call.shown(), call.place()),
            key == nullptr ? std::string() : *key};
  }
  return {grouped_sql(value, Texts::Name, call.shown(), call.place()), column_name_of(value)};
}

/// The pairs of a dictionary argument, as texts.
std::vector<std::pair<std::string, std::string>> pairs(const Call& call, std::string_view name) {
  std::vector<std::pair<std::string, std::string>> result;
  const Value* value = call.find(name);
  if (value == nullptr) return result;
  const auto* dict = value->get_if<Dict>();
  if (dict == nullptr) call.refuse(name, "Give it as a dictionary.");
  for (const auto& [key, item] : **dict) {
    const auto* text = text_in(key);
    std::string shown;
    if (const auto* item_text = text_in(item)) {
      shown = *item_text;
    } else if (const auto constant = literal(item)) {
      shown = *constant;
    }
    if (text == nullptr || shown.empty()) call.refuse(name, "Give it as a dictionary of texts.");
    result.emplace_back(*text, shown);
  }
  return result;
}

std::vector<std::string> included(const Call& call) {
  std::vector<std::string> names;
  for (const Value& value : call.list("postgresql_include")) {
    const auto* text = text_in(value);
    names.push_back(text != nullptr ? *text : column_name_of(value));
    if (names.back().empty()) call.refuse("postgresql_include", "Name the columns as texts.");
  }
  return names;
}

}  // namespace

std::string Target::sql() const {
  return qualified(schema, table);
}

namespace {

/// Which of the two ways was taken, of which only the application may know, leaves no trace.
bool concurrently(const Call& call) {
  const Value* value = call.find("postgresql_concurrently");
  return value != nullptr && value->unknown() == nullptr && call.on("postgresql_concurrently");
}

Unnamed unnamed_index(const Target& target, const std::vector<std::string>& columns) {
  Unnamed unnamed;
  unnamed.kind = "ix";
  unnamed.table = target.table;
  unnamed.schema = target.schema;
  unnamed.columns = columns;
  unnamed.columns_known = std::find(columns.begin(), columns.end(), "") == columns.end();
  return unnamed;
}

/// The convention for an index; SQLAlchemy's where the metadata has none at all.
std::optional<std::string> named(const Unnamed& unnamed, const Emitter& emitter) {
  static const NamingConvention own(
      std::map<std::string, std::optional<std::string>>{{"ix", "ix_%(column_0_label)s"}});
  return (emitter.naming().empty() ? own : emitter.naming()).name(unnamed, emitter.place());
}

}  // namespace

std::string index_name(const Target& target, const std::string& column, bool unique,
                       const Emitter& emitter) {
  Unnamed unnamed = unnamed_index(target, {column});
  unnamed.unique = unique;
  return made_up_name(named(unnamed, emitter).value_or(""));
}

std::string create_index_sql(const Call& call, const std::vector<Value>& values,
                             const Target& target, const Emitter& emitter) {
  call.check_quote("index_name");
  std::vector<Element> elements;
  for (const Value& value : values) elements.push_back(element_of(value, call));
  if (elements.empty()) {
    not_understood(call.shown() + " without columns", call.place(), "Name a column.");
  }
  std::vector<std::string> keys;
  for (const Element& element : elements) keys.push_back(element.key);
  Unnamed unnamed = unnamed_index(target, keys);
  unnamed.name = call.text("index_name");
  unnamed.settled = call.settled("index_name");
  unnamed.unique = call.on("unique");
  if (!unnamed.name && keys.front().empty()) {
    call.refuse("index_name", "Give the index a name.");
  }
  const std::optional<std::string> name = named(unnamed, emitter);
  if (!name) call.refuse("index_name", "Give the index a name; the convention has none for it.");

  for (const auto& [key, operator_class] : pairs(call, "postgresql_ops")) {
    for (Element& element : elements) {
      if (element.key == key) element.sql += " " + operator_class;
    }
  }
  std::vector<std::string> parts;
  for (const Element& element : elements) parts.push_back(element.sql);

  std::string sql = fmt::format("CREATE {}INDEX {}{}{} ON {} ", call.on("unique") ? "UNIQUE " : "",
                                concurrently(call) ? "CONCURRENTLY " : "",
                                call.on("if_not_exists") ? "IF NOT EXISTS " : "",
                                quote_identifier(made_up_name(*name)), target.sql());
  const Value* method = call.find("postgresql_using");
  if (const auto* text = method == nullptr ? nullptr : text_in(*method); text != nullptr) {
    sql += "USING " + quote_identifier(lower(*text)) + " ";
  } else if (method != nullptr && call.on("postgresql_using")) {
    call.refuse("postgresql_using");
  }
  sql += "(" + join(parts, ", ") + ")";
  if (const auto columns = included(call); !columns.empty()) {
    sql += " INCLUDE (" + quoted_list(columns) + ")";
  }
  if (call.on("postgresql_nulls_not_distinct")) sql += " NULLS NOT DISTINCT";
  std::vector<std::string> storage;
  for (const auto& [key, value] : pairs(call, "postgresql_with")) {
    storage.push_back(key + " = " + value);
  }
  if (!storage.empty()) sql += " WITH (" + join(storage, ", ") + ")";
  if (const auto tablespace = call.text("postgresql_tablespace")) {
    sql += " TABLESPACE " + quote_identifier(*tablespace);
  }
  if (const Value* where = call.find("postgresql_where")) {
    sql += " WHERE " + expression_sql(*where, Texts::Sql, call.shown(), call.place());
  }
  return sql;
}

std::optional<std::string> index_construct_sql(const Value& value, const Target& target,
                                               const Emitter& emitter, bool if_not_exists) {
  if (value.term() == nullptr || made_by(value) != "Index") return std::nullopt;
  Call call(*value.term(), "sa.Index",
            {"index_name", "*columns", "name", "unique", "quote", "info", "_table", "if_not_exists",
             "postgresql_using", "postgresql_include", "postgresql_where", "postgresql_ops",
             "postgresql_concurrently", "postgresql_with", "postgresql_tablespace",
             "postgresql_nulls_not_distinct"});
  if (const Value* name = call.find("name")) call.set("index_name", *name);
  if (if_not_exists) call.set("if_not_exists", true);
  return create_index_sql(call, call.rest(), target, emitter);
}

}  // namespace driftd::alembic

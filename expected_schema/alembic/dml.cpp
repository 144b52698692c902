#include "expected_schema/alembic/dml.h"

#include <fmt/format.h>

#include <algorithm>

#include "expected_schema/alembic/expression.h"
#include "expected_schema/alembic/literal.h"
#include "expected_schema/alembic/names.h"
#include "expected_schema/alembic/symbols.h"
#include "expected_schema/base/text.h"
#include "expected_schema/sql/effect.h"

namespace driftd::alembic {

using python::Dict;
using python::Term;
using python::Value;

namespace {

using Pairs = std::vector<std::pair<std::string, Value>>;

Query query_name(std::string_view name) {
  if (name == "insert" || name == "postgresql.insert") return Query::Insert;
  if (name == "update") return Query::Update;
  if (name == "delete") return Query::Delete;
  if (name == "select") return Query::Select;
  return Query::None;
}

std::optional<std::string> table_sql(const Value& value) {
  const Term* term = value.term();
  const std::string maker = made_by(value);
  if (term == nullptr || term->arguments.positional.empty() ||
      (maker != "table" && maker != "Table" && maker != "alembic.op.create_table")) {
    return std::nullopt;
  }
  const auto* name = text_in(term->arguments.positional.front());
  if (name == nullptr) return std::nullopt;
  const Value* schema = term->arguments.find("schema");
  const auto* schema_name = schema == nullptr ? nullptr : text_in(*schema);
  return qualified(schema_name == nullptr ? std::nullopt : std::optional(*schema_name), *name);
}

/// Whether a column of a statement is one of another table, which stands in no FROM here.
bool names_another_table(const Value& value, const std::string& table) {
  const auto any = [&](const std::vector<Value>& items) {
    return std::ranges::any_of(items,
                               [&](const Value& item) { return names_another_table(item, table); });
  };
  if (const auto* attribute = value.get_if<std::shared_ptr<const python::Attribute>>()) {
    const auto* columns = (*attribute)->object->get_if<std::shared_ptr<const python::Attribute>>();
    const bool column =
        columns != nullptr && ((*columns)->name == "c" || (*columns)->name == "columns");
    if (!column) return names_another_table(*(*attribute)->object, table);
    const auto owner = table_sql(*(*columns)->object);
    return owner && *owner != table;
  }
  if (const auto* operation = value.get_if<std::shared_ptr<const python::Operation>>()) {
    return names_another_table(*(*operation)->left, table) ||
           ((*operation)->right && names_another_table(*(*operation)->right, table));
  }
  if (const auto* items = sequence_in(value)) return any(*items);
  const Term* term = value.term();
  if (term == nullptr) return false;
  return (term->object && names_another_table(*term->object, table)) ||
         any(term->arguments.positional);
}

std::string value_sql(const Value& value) {
  if (const auto constant = literal(value)) return *constant;
  return expression_sql(value, Texts::Literal, "a value", {});
}

void append_pairs(Pairs& pairs, const Value& value) {
  const auto* dict = value.get_if<Dict>();
  if (dict == nullptr) throw Error(Reason::NotUnderstood, "values that are no dictionary");
  for (const auto& [key, item] : **dict) {
    const auto* text = text_in(key);
    const std::string name = text != nullptr ? *text : column_name_of(key);
    if (name.empty()) throw Error(Reason::NotUnderstood, "a value of no column");
    pairs.emplace_back(name, item);
  }
}

/// A statement built by a chain of calls, from its end to its beginning.
struct Chain {
  Query query = Query::None;
  std::string table;
  std::vector<Value> conditions;
  std::vector<Pairs> rows;
};

bool read(const Value& value, Chain& chain) {
  const Term* term = value.term();
  if (term == nullptr) return false;
  const std::vector<Value>& given = term->arguments.positional;
  const Query query = query_name(term->object ? term->callee : short_name(term->callee));
  if (query != Query::None) {
    const Value* of = term->object ? term->object.get() : given.empty() ? nullptr : &given.front();
    const auto table = of == nullptr ? std::nullopt : table_sql(*of);
    if (!table) return false;
    chain.query = query;
    chain.table = *table;
    return true;
  }
  if (!term->object || !read(*term->object, chain)) return false;
  if (term->callee == "where") {
    chain.conditions.insert(chain.conditions.end(), given.begin(), given.end());
  } else if (term->callee == "values") {
    const auto* many = given.size() == 1 ? sequence_in(given.front()) : nullptr;
    if (many != nullptr) {
      for (const Value& row : *many) append_pairs(chain.rows.emplace_back(), row);
    } else {
      Pairs& row = chain.rows.empty() ? chain.rows.emplace_back() : chain.rows.back();
      for (const Value& item : given) append_pairs(row, item);
      for (const auto& [name, item] : term->arguments.keyword) row.emplace_back(name, item);
    }
  } else if (term->callee != "execution_options" && term->callee != "inline") {
    return false;
  }
  return true;
}

std::string insert_of(const std::string& table, const std::vector<Pairs>& rows) {
  std::vector<std::string> columns;
  for (const auto& [name, value] : rows.front()) columns.push_back(name);
  std::vector<std::string> tuples;
  for (const Pairs& row : rows) {
    std::vector<std::string> values;
    for (const std::string& column : columns) {
      const auto found = std::find_if(row.begin(), row.end(),
                                      [&](const auto& pair) { return pair.first == column; });
      values.push_back(found == row.end() ? "DEFAULT" : value_sql(found->second));
    }
    tuples.push_back("(" + join(values, ", ") + ")");
  }
  return fmt::format("INSERT INTO {} ({}) VALUES {}", table, quoted_list(columns),
                     join(tuples, ", "));
}

std::string where_of(const std::vector<Value>& conditions) {
  std::vector<std::string> parts;
  for (const Value& condition : conditions) {
    parts.push_back("(" + expression_sql(condition, Texts::Sql, "a condition", {}) + ")");
  }
  return parts.empty() ? std::string() : " WHERE " + join(parts, " AND ");
}

std::optional<std::string> chain_sql(const Chain& chain) {
  for (const Value& condition : chain.conditions) {
    if (names_another_table(condition, chain.table)) return std::nullopt;
  }
  for (const Pairs& row : chain.rows) {
    for (const auto& [name, value] : row) {
      if (names_another_table(value, chain.table)) return std::nullopt;
    }
  }
  if (chain.query == Query::Delete && chain.rows.empty()) {
    return fmt::format("DELETE FROM {}{}", chain.table, where_of(chain.conditions));
  }
  if (chain.rows.empty() || chain.rows.front().empty()) return std::nullopt;
  if (chain.query == Query::Insert) return insert_of(chain.table, chain.rows);
  if (chain.query != Query::Update || chain.rows.size() != 1) return std::nullopt;
  std::vector<std::string> sets;
  for (const auto& [name, value] : chain.rows.front()) {
    sets.push_back(quote_identifier(name) + " = " + value_sql(value));
  }
  return fmt::format("UPDATE {} SET {}{}", chain.table, join(sets, ", "),
                     where_of(chain.conditions));
}

}  // namespace

namespace {
/// Whether a value is made of SQLAlchemy's: `metadata.tables["t"]`, a table with a subquery.
bool of_library(const Value& value) {
  const Value* at = &value;
  while (true) {
    if (const Term* term = at->term()) {
      if (!term->object) return term->callee.starts_with("sqlalchemy.");
      at = term->object.get();
    } else if (const auto* attribute = at->get_if<std::shared_ptr<const python::Attribute>>()) {
      at = (*attribute)->object.get();
    } else if (const auto* operation = at->get_if<std::shared_ptr<const python::Operation>>()) {
      if ((*operation)->op != "[]") return false;
      at = (*operation)->left.get();
    } else {
      return false;
    }
  }
}
}  // namespace

Query query_of(const Value& value) {
  const Value* at = &value;
  while (const Term* term = at->term()) {
    const Query query = query_name(term->object ? term->callee : short_name(term->callee));
    const bool library = term->object || term->callee.starts_with("sqlalchemy.");
    if (query != Query::None && library) {
      // `table.insert()` only of what is a table of SQLAlchemy.
      if (!term->object || query == Query::Select || table_sql(*term->object)) return query;
      return of_library(*term->object) ? query : Query::None;
    }
    if (!term->object) break;
    at = term->object.get();
  }
  return Query::None;
}

std::string function_in(const Value& value, const Computes& computes) {
  static constexpr std::string_view pure[] = {"func.count",
                                              "func.max",
                                              "func.min",
                                              "func.sum",
                                              "func.avg",
                                              "func.now",
                                              "func.coalesce",
                                              "func.lower",
                                              "func.upper",
                                              "func.length",
                                              "func.concat",
                                              "func.replace",
                                              "func.substring",
                                              "func.substr",
                                              "func.trim",
                                              "func.row_number",
                                              "func.rank",
                                              "func.array_agg",
                                              "func.unnest",
                                              "func.exists",
                                              "func.nullif",
                                              "func.gen_random_uuid",
                                              "func.uuid_generate_v4",
                                              "func.current_timestamp",
                                              "func.md5",
                                              "func.abs",
                                              "func.greatest",
                                              "func.least",
                                              "func.date_trunc",
                                              "func.extract",
                                              "func.any",
                                              "func.json_agg",
                                              "func.jsonb_build_object",
                                              "func.string_agg",
                                              "func.round",
                                              "func.random",
                                              "func.distinct",
                                              "func.to_tsvector"};
  if (const auto* attribute = value.get_if<std::shared_ptr<const python::Attribute>>()) {
    return function_in(*(*attribute)->object, computes);
  }
  if (const auto* operation = value.get_if<std::shared_ptr<const python::Operation>>()) {
    std::string found = function_in(*(*operation)->left, computes);
    if (found.empty() && (*operation)->right) found = function_in(*(*operation)->right, computes);
    return found;
  }
  if (const auto* items = sequence_in(value)) {
    for (const Value& item : *items) {
      if (std::string found = function_in(item, computes); !found.empty()) return found;
    }
    return {};
  }
  if (const auto* dict = value.get_if<Dict>()) {
    for (const auto& [key, item] : **dict) {
      if (std::string found = function_in(item, computes); !found.empty()) return found;
    }
    return {};
  }
  const Term* term = value.term();
  if (term == nullptr) return {};
  if (term->object) {
    if (std::string found = function_in(*term->object, computes); !found.empty()) return found;
  } else if (const std::string name = short_name(term->callee);
             name.starts_with("func.") && !only_computes(name.substr(name.rfind('.') + 1)) &&
             std::find(std::begin(pure), std::end(pure), name) == std::end(pure) &&
             !computes(name.substr(5))) {
    return name;
  }
  for (const Value& item : term->arguments.positional) {
    if (std::string found = function_in(item, computes); !found.empty()) return found;
  }
  for (const auto& [name, item] : term->arguments.keyword) {
    if (std::string found = function_in(item, computes); !found.empty()) return found;
  }
  return {};
}

std::optional<std::string> dml_sql(const Value& value) {
  try {
    Chain chain;
    return read(value, chain) ? chain_sql(chain) : std::nullopt;
  } catch (const Error& error) {
    if (error.reason() != Reason::NotUnderstood) throw;
    return std::nullopt;
  }
}

std::optional<std::string> insert_sql(const Value& table, const std::vector<Value>& rows) {
  try {
    const auto name = table_sql(table);
    std::vector<Pairs> all;
    for (const Value& row : rows) append_pairs(all.emplace_back(), row);
    if (!name || all.empty() || all.front().empty()) return std::nullopt;
    return insert_of(*name, all);
  } catch (const Error& error) {
    if (error.reason() != Reason::NotUnderstood) throw;
    return std::nullopt;
  }
}

}  // namespace driftd::alembic

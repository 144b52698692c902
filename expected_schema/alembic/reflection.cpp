#include "expected_schema/alembic/reflection.h"

#include <fmt/format.h>

#include <algorithm>

#include "expected_schema/alembic/answers.h"
#include "expected_schema/alembic/call.h"
#include "expected_schema/alembic/literal.h"
#include "expected_schema/alembic/symbols.h"
#include "expected_schema/base/text.h"

namespace driftd::alembic {

using python::Term;
using python::Value;

namespace {

using Pairs = std::vector<std::pair<Value, Value>>;

/// What stands for a construct that was reflected; attributes of it are its keywords.
Value construct(std::string_view maker, std::vector<Value> positional,
                std::vector<std::pair<std::string, Value>> keyword, const Place& place) {
  return std::make_shared<const Term>(Term{"sqlalchemy." + std::string(maker),
                                           nullptr,
                                           {std::move(positional), std::move(keyword)},
                                           place});
}

Value attribute_of(const Value& object, const std::string& name) {
  return std::make_shared<const python::Attribute>(
      python::Attribute{std::make_shared<Value>(object), name});
}

/// The table of `table.c.id`; null for other values.
const Value* owner_of(const Value& column) {
  const auto* attribute = column.get_if<std::shared_ptr<const python::Attribute>>();
  if (attribute == nullptr) return nullptr;
  const auto* columns = (*attribute)->object->get_if<std::shared_ptr<const python::Attribute>>();
  if (columns == nullptr || ((*columns)->name != "c" && (*columns)->name != "columns")) {
    return nullptr;
  }
  const Value& table = *(*columns)->object;
  return table.term() != nullptr && made_by(table) == "Table" ? &table : nullptr;
}

Value column_value(const Value& table, const std::string& name) {
  return attribute_of(attribute_of(table, "c"), name);
}

std::vector<Value> texts(const Value& value) {
  const auto* items = sequence_in(value);
  return items == nullptr ? std::vector<Value>() : *items;
}

std::string text_or(const Value& value, std::string fallback) {
  const auto* text = text_in(value);
  return text == nullptr ? std::move(fallback) : *text;
}

/// Columns, then constraints, then indexes, of the tables of a schema, in one form of row: what,
/// table, name, columns, a text, a flag, another table and its schema, columns of that.
constexpr const char* kQuery =
    "WITH t AS (SELECT c.oid, c.relname FROM pg_catalog.pg_class c WHERE c.relnamespace = "
    "(SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = {0}) AND c.relkind IN ({2}) AND "
    "c.relpersistence <> 't' AND {1}) "
    "SELECT 'column', t.relname::text, a.attname::text, NULL::text[], "
    "pg_catalog.pg_get_expr(d.adbin, d.adrelid), NOT a.attnotnull, "
    "CASE WHEN a.attidentity <> '' OR a.attgenerated <> '' THEN 'computed' END, NULL::text, "
    "NULL::text[], a.attnum::int FROM t JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND "
    "a.attnum > 0 AND NOT a.attisdropped LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = t.oid "
    "AND d.adnum = a.attnum "
    "UNION ALL SELECT 'constraint', t.relname::text, o.conname::text, ARRAY(SELECT "
    "a.attname::text FROM pg_catalog.unnest(o.conkey) WITH ORDINALITY k(n, place) JOIN "
    "pg_catalog.pg_attribute a ON a.attrelid = o.conrelid AND a.attnum = k.n ORDER BY k.place), "
    "o.contype::text, o.condeferrable, f.relname::text, "
    "NULLIF(n.nspname, {0})::text, ARRAY(SELECT "
    "a.attname::text FROM pg_catalog.unnest(o.confkey) WITH ORDINALITY k(n, place) JOIN "
    "pg_catalog.pg_attribute a ON a.attrelid = o.confrelid AND a.attnum = k.n ORDER BY k.place), "
    "0 FROM t JOIN pg_catalog.pg_constraint o ON o.conrelid = t.oid AND o.contype IN "
    "('p', 'u', 'f', 'c') LEFT JOIN pg_catalog.pg_class f ON f.oid = o.confrelid LEFT JOIN "
    "pg_catalog.pg_namespace n ON n.oid = f.relnamespace "
    "UNION ALL SELECT 'index', t.relname::text, i.relname::text, ARRAY(SELECT a.attname::text FROM "
    "pg_catalog.unnest(x.indkey) WITH ORDINALITY k(n, place) JOIN pg_catalog.pg_attribute a ON "
    "a.attrelid = x.indrelid AND a.attnum = k.n ORDER BY k.place), NULL, x.indisunique, NULL, "
    "NULL, NULL::text[], 0 FROM t JOIN pg_catalog.pg_index x ON x.indrelid = t.oid JOIN "
    "pg_catalog.pg_class i ON i.oid = x.indexrelid WHERE NOT EXISTS (SELECT FROM "
    "pg_catalog.pg_constraint o WHERE o.conindid = i.oid AND o.contype IN ('p', 'u', 'x')) "
    "ORDER BY 1, 2, 10, 3";

/// Whether the value is metadata of no schema, so that names are those of the search path.
bool is_plain_metadata(const Value& value) {
  const Term* term = value.term();
  if (term == nullptr || made_by(value) != "MetaData") return false;
  return term->arguments.positional.empty() && term->arguments.find("schema") == nullptr;
}

}  // namespace

bool is_reflecting(const Term& table) {
  if (table.object || short_name(table.callee) != "Table") return false;
  for (const char* name : {"autoload_with", "autoload"}) {
    const Value* given = table.arguments.find(name);
    if (given == nullptr || given->is_none()) continue;
    const auto* flag = given->get_if<bool>();
    return flag == nullptr || *flag;
  }
  return false;
}

void Reflections::read(const std::string& schema, const std::optional<std::string>& only,
                       const std::optional<std::string>& named_schema, const Value* metadata,
                       const Emitter& emitter,
                       std::map<std::string, std::shared_ptr<Table>>& tables) {
  const auto answer = emitter.ask(
      fmt::format(kQuery, schema, only ? "c.relname = " + string_literal(*only) : "true",
                  only ? "'r', 'p', 'v', 'm', 'f'" : "'r', 'p'"));
  const Place& place = emitter.place();
  const auto new_table = [&](const std::string& name, const std::optional<std::string>& in) {
    std::vector<Value> positional{Value(name)};
    if (metadata != nullptr) positional.push_back(*metadata);
    std::vector<std::pair<std::string, Value>> keyword;
    if (in) keyword.emplace_back("schema", Value(*in));
    return construct("Table", std::move(positional), std::move(keyword), place);
  };
  for (const auto& cells : answer->rows) {
    std::vector<Value> row;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      row.push_back(cell_value(cells[i], answer->types[i], place));
    }
    const std::string what = text_or(row[0], "");
    const std::string name = text_or(row[1], "");
    auto& table = tables[name];
    if (!table) {
      table = std::make_shared<Table>();
      table->value = new_table(name, named_schema);
    }
    const bool flag = row[5].get_if<bool>() != nullptr && *row[5].get_if<bool>();
    if (what == "column") {
      const auto* text = text_in(row[4]);
      table->columns.push_back({text_or(row[2], ""), flag,
                                text == nullptr ? std::nullopt : std::optional(*text),
                                text_in(row[6]) != nullptr});
      continue;
    }
    std::vector<Value> columns;
    for (const Value& one : texts(row[3])) {
      columns.push_back(column_value(table->value, *text_in(one)));
    }
    std::vector<std::pair<std::string, Value>> said{{"name", row[2]},
                                                    {"columns", python::list_of(columns)},
                                                    {"column_keys", row[3]},
                                                    {"table", table->value}};
    if (what == "index") {
      said.emplace_back("unique", Value(flag));
      table->indexes.push_back(construct("Index", {}, std::move(said), place));
      continue;
    }
    const std::string kind = text_or(row[4], "");
    if (kind == "f") {
      const auto* of = text_in(row[7]);
      const Value referred =
          new_table(text_or(row[6], ""), of != nullptr ? std::optional(*of) : named_schema);
      said.emplace_back("referred_table", referred);
      const Value constraint = construct("ForeignKeyConstraint", {}, said, place);
      const std::vector<Value> there = texts(row[8]);
      for (std::size_t i = 0; i < columns.size() && i < there.size(); ++i) {
        table->foreign_keys.push_back(
            construct("ForeignKey", {},
                      {{"name", row[2]},
                       {"constraint", constraint},
                       {"parent", columns[i]},
                       {"column", column_value(referred, *text_in(there[i]))}},
                      place));
      }
      table->constraints.push_back(constraint);
      continue;
    }
    const char* maker = kind == "p"   ? "PrimaryKeyConstraint"
                        : kind == "u" ? "UniqueConstraint"
                                      : "CheckConstraint";
    table->constraints.push_back(construct(maker, {}, std::move(said), place));
    if (kind == "p") table->primary_key = table->constraints.back();
  }
}

std::optional<Value> Reflections::table(const Term& table, const Emitter& emitter) {
  const auto* name =
      table.arguments.positional.empty() ? nullptr : text_in(table.arguments.positional.front());
  const Value* given = table.arguments.find("schema");
  const auto* schema = given == nullptr ? nullptr : text_in(*given);
  if (name == nullptr || (given != nullptr && !given->is_none() && schema == nullptr)) {
    return std::nullopt;
  }
  const auto& said = table.arguments.positional;
  if (said.size() != 2 || !is_plain_metadata(said[1]) ||
      table.arguments.find("include_columns") != nullptr) {
    return std::nullopt;
  }
  if (!emitter.ask("SELECT 1")) return std::nullopt;
  std::map<std::string, std::shared_ptr<Table>> found;
  read(schema == nullptr ? "pg_catalog.current_schema()" : string_literal(*schema), *name,
       schema == nullptr ? std::nullopt : std::optional(*schema), nullptr, emitter, found);
  if (found.empty()) {
    // Another schema of the search path may have it.
    const auto there = emitter.ask("SELECT pg_catalog.to_regclass(" +
                                   string_literal(quote_identifier(*name)) + ")");
    if (schema == nullptr && there->rows.front().front()) return std::nullopt;
    python::raise("sqlalchemy.exc.NoSuchTableError", *name, table.place);
  }
  const auto kept = std::make_shared<const Term>(table);
  found.begin()->second->value = kept;
  tables_.emplace(kept.get(), found.begin()->second);
  return Value(kept);
}

bool Reflections::metadata(const Value& metadata, const Term& call, const Emitter& emitter) {
  const Call given(call, "metadata.reflect",
                   {"bind", "schema", "views", "only", "extend_existing", "autoload_replace",
                    "resolve_fks", "**"});
  // `only` brings what it refers to, and `views` views.
  if (!is_plain_metadata(metadata) || given.find("only") != nullptr || given.on("views")) {
    return false;
  }
  if (!emitter.ask("SELECT 1")) return false;
  const auto schema = given.text("schema");
  std::map<std::string, std::shared_ptr<Table>> found;
  read(schema ? string_literal(*schema) : "pg_catalog.current_schema()", std::nullopt, schema,
       &metadata, emitter, found);
  Metadata& kept = metadata_[metadata.term()];
  kept.value = metadata;
  const auto* before = kept.tables.get_if<python::Dict>();
  Pairs pairs = before == nullptr ? Pairs() : **before;
  for (const auto& [name, table] : found) {
    tables_.emplace(table->value.term(), table);
    const std::string key = schema ? *schema + "." + name : name;
    std::erase_if(pairs, [&](const auto& pair) { return *text_in(pair.first) == key; });
    pairs.emplace_back(Value(key), table->value);
  }
  kept.tables = Value(std::make_shared<Pairs>(std::move(pairs)));
  return true;
}

const Reflections::Table* Reflections::table_of(const Value& value) const {
  const auto found = tables_.find(value.term());
  return value.term() == nullptr || found == tables_.end() ? nullptr : found->second.get();
}

const Reflections::Table* Reflections::columns_of(const Value& value) const {
  const auto* attribute = value.get_if<std::shared_ptr<const python::Attribute>>();
  if (attribute == nullptr) return nullptr;
  const std::string& name = (*attribute)->name;
  return name == "c" || name == "columns" ? table_of(*(*attribute)->object) : nullptr;
}

const Reflections::Column* Reflections::column_of(const Value& value) const {
  const auto* attribute = value.get_if<std::shared_ptr<const python::Attribute>>();
  const Table* table = attribute == nullptr ? nullptr : columns_of(*(*attribute)->object);
  if (table == nullptr) return nullptr;
  const auto found = std::ranges::find(table->columns, (*attribute)->name, &Column::name);
  return found == table->columns.end() ? nullptr : &*found;
}

bool Reflections::is_column(const Value& value) const {
  return column_of(value) != nullptr;
}

std::optional<Value> Reflections::attribute(const Value& object, const std::string& name,
                                            const Place& place) const {
  if (const auto found = metadata_.find(object.term());
      object.term() != nullptr && found != metadata_.end()) {
    if (name == "tables") return found->second.tables;
    if (name == "sorted_tables") {
      // In the order of dependence, which nobody asked for yet.
      return python::unknown("the order of reflected tables", place);
    }
  }
  if (const Table* table = table_of(object)) {
    if (name == "foreign_keys") return python::list_of(table->foreign_keys);
    if (name == "constraints") return python::list_of(table->constraints);
    if (name == "indexes") return python::list_of(table->indexes);
    if (name == "primary_key" && !table->primary_key.is_none()) return table->primary_key;
    if (name == "foreign_key_constraints") {
      std::vector<Value> keys;
      for (const Value& one : table->constraints) {
        if (made_by(one) == "ForeignKeyConstraint") keys.push_back(one);
      }
      return python::list_of(std::move(keys));
    }
    return std::nullopt;
  }
  if (const Column* column = column_of(object)) {
    if (name == "nullable") return Value(column->nullable);
    if (name == "type") return python::unknown("the type of a reflected column", place);
    if (name == "server_default") {
      if (column->computed) return python::unknown("the default of a computed column", place);
      if (!column->server_default) return Value();
      const Value text = construct("text", {Value(*column->server_default)}, {}, place);
      return construct("DefaultClause", {text}, {{"arg", text}}, place);
    }
  }
  if (const Value* table = owner_of(object)) {
    if (name == "table") return *table;
    if (name == "name" || name == "key") {
      return Value((*object.get_if<std::shared_ptr<const python::Attribute>>())->name);
    }
    return std::nullopt;
  }
  const Term* term = object.term();
  if (term == nullptr || term->object) return std::nullopt;
  const std::string maker = made_by(object);
  if (maker == "text" && name == "text" && term->arguments.positional.size() == 1 &&
      term->arguments.keyword.empty()) {
    return term->arguments.positional.front();
  }
  static constexpr std::string_view reflected[] = {
      "ForeignKey", "ForeignKeyConstraint", "UniqueConstraint", "CheckConstraint",
      "Index",      "PrimaryKeyConstraint", "DefaultClause"};
  if (std::ranges::find(reflected, maker) == std::end(reflected)) return std::nullopt;
  const Value* said = term->arguments.find(name);
  return said == nullptr ? std::nullopt : std::optional(*said);
}

std::optional<std::vector<Value>> Reflections::items(const Value& value) const {
  const Table* table = columns_of(value);
  if (table == nullptr) return std::nullopt;
  std::vector<Value> result;
  for (const Column& column : table->columns) {
    result.push_back(column_value(table->value, column.name));
  }
  return result;
}

std::optional<Value> Reflections::item(const Value& object, const Value& key) const {
  const Table* table = columns_of(object);
  const auto* name = text_in(key);
  if (table == nullptr || name == nullptr) return std::nullopt;
  const auto found = std::ranges::find(table->columns, *name, &Column::name);
  if (found == table->columns.end()) return std::nullopt;
  return column_value(table->value, *name);
}

std::optional<Value> Reflections::method(const Term& call) const {
  const Table* table = call.object ? columns_of(*call.object) : nullptr;
  if (table == nullptr) return std::nullopt;
  const auto& given = call.arguments.positional;
  if (call.callee == "keys" && given.empty()) {
    std::vector<Value> names;
    for (const Column& column : table->columns) names.emplace_back(column.name);
    return python::list_of(std::move(names));
  }
  if (call.callee == "values" && given.empty()) return python::list_of(*items(*call.object));
  if (call.callee == "get" && !given.empty() && text_in(given.front()) != nullptr) {
    if (auto found = item(*call.object, given.front())) return found;
    return given.size() > 1 ? given[1] : Value();
  }
  return std::nullopt;
}

std::optional<bool> Reflections::truth(const Value& value) const {
  const auto* operation = value.get_if<std::shared_ptr<const python::Operation>>();
  if (operation == nullptr || !(*operation)->right) return std::nullopt;
  const std::string& op = (*operation)->op;
  const Table* table = op == "in" || op == "not in" ? columns_of(*(*operation)->right) : nullptr;
  const auto* name = table == nullptr ? nullptr : text_in(*(*operation)->left);
  if (name == nullptr) return std::nullopt;
  const bool there =
      std::ranges::find(table->columns, *name, &Column::name) != table->columns.end();
  return there == (op == "in");
}

}  // namespace driftd::alembic

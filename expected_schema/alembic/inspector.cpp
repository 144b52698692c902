#include "expected_schema/alembic/inspector.h"

#include <fmt/format.h>

#include <functional>
#include <map>

#include "expected_schema/alembic/answers.h"
#include "expected_schema/alembic/call.h"
#include "expected_schema/alembic/literal.h"

namespace driftd::alembic {

using python::Value;

namespace {

using Pairs = std::vector<std::pair<Value, Value>>;

/// One question of the inspector: its call bound, and where the answer comes from.
struct Question {
  const Call& call;
  const Emitter& emitter;

  std::string schema() const {
    const auto name = call.text("schema");
    return name ? string_literal(*name) : std::string("pg_catalog.current_schema()");
  }
  std::string text(std::string_view name) const { return string_literal(call.need_text(name)); }

  Answer ask(const std::string& sql) const {
    auto answer = emitter.ask(sql);
    if (!answer) {
      not_understood(call.shown(), call.place(),
                     "There is no database here that could be asked; only a replay has one.");
    }
    return std::move(*answer);
  }
  std::vector<std::vector<Value>> rows(const std::string& sql) const {
    const Answer answer = ask(sql);
    std::vector<std::vector<Value>> result;
    for (const auto& cells : answer.rows) {
      auto& row = result.emplace_back();
      for (std::size_t i = 0; i < cells.size(); ++i) {
        row.push_back(cell_value(cells[i], answer.types[i], call.place()));
      }
    }
    return result;
  }
  Value column(const std::string& sql) const {
    std::vector<Value> values;
    for (const auto& row : rows(sql)) values.push_back(row.front());
    return python::list_of(std::move(values));
  }
  /// The table's oid; an error where there is none, as with SQLAlchemy.
  std::string table() const {
    const Answer answer = ask(fmt::format(
        "SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = "
        "c.relnamespace WHERE n.nspname = {} AND c.relname = {} AND c.relkind IN "
        "('r','p','v','m','f')",
        schema(), text("table_name")));
    if (answer.rows.empty()) {
      python::raise("sqlalchemy.exc.NoSuchTableError", call.need_text("table_name"), call.place());
    }
    return *answer.rows.front().front();
  }
};

Value dict(Pairs pairs) {
  return Value(std::make_shared<Pairs>(std::move(pairs)));
}

Value text(const char* name) {
  return Value(std::string(name));
}

Value relations(const Question& q, const char* kinds) {
  return q.column(
      fmt::format("SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON "
                  "n.oid = c.relnamespace WHERE n.nspname = {} AND c.relkind IN ({}) AND "
                  "c.relpersistence <> 't' ORDER BY c.relname",
                  q.schema(), kinds));
}

Value has_relation(const Question& q, std::string_view name, const char* kinds) {
  const Answer answer = q.ask(
      fmt::format("SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = "
                  "c.relnamespace WHERE n.nspname = {} AND c.relname = {} AND c.relkind IN ({})",
                  q.schema(), q.text(name), kinds));
  return !answer.rows.empty();
}

Value columns(const Question& q) {
  std::vector<Value> result;
  for (const auto& row : q.rows(fmt::format(
           "SELECT a.attname, NOT a.attnotnull, pg_catalog.pg_get_expr(d.adbin, d.adrelid), "
           "pg_catalog.format_type(a.atttypid, a.atttypmod), "
           "pg_catalog.col_description(a.attrelid, a.attnum) FROM pg_catalog.pg_attribute a LEFT "
           "JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE "
           "a.attrelid = {} AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
           q.table()))) {
    result.push_back(
        dict({{text("name"), row[0]},
              {text("type"),
               python::unknown("the type of a column as the inspector gives it", q.call.place())},
              {text("nullable"), row[1]},
              {text("default"), row[2]},
              {text("autoincrement"),
               python::unknown("autoincrement as the inspector gives it", q.call.place())},
              {text("comment"), row[4]}}));
  }
  return python::list_of(std::move(result));
}

// Columns in the order of the index; an expression is None there, as SQLAlchemy has it.
Value indexes(const Question& q) {
  std::vector<Value> result;
  for (const auto& row : q.rows(fmt::format(
           "SELECT c.relname, i.indisunique, ARRAY(SELECT a.attname::text FROM "
           "pg_catalog.generate_series(0, i.indnkeyatts - 1) k LEFT JOIN pg_catalog.pg_attribute a "
           "ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k] AND i.indkey[k] <> 0 ORDER BY k) "
           "FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid WHERE "
           "i.indrelid = {} AND NOT i.indisprimary ORDER BY c.relname",
           q.table()))) {
    result.push_back(
        dict({{text("name"), row[0]}, {text("unique"), row[1]}, {text("column_names"), row[2]}}));
  }
  return python::list_of(std::move(result));
}

std::string names_of(const char* keys, const char* relation) {
  return fmt::format(
      "ARRAY(SELECT a.attname::text FROM pg_catalog.unnest(o.{}) WITH ORDINALITY "
      "k(attnum, place) JOIN pg_catalog.pg_attribute a ON a.attrelid = o.{} AND "
      "a.attnum = k.attnum ORDER BY k.place)",
      keys, relation);
}

/// What a foreign key says beside its columns; what it does not say is not there.
Value options_of(const std::vector<Value>& row) {
  const auto action = [](const Value& letter) -> std::optional<std::string> {
    const auto* given = letter.get_if<std::string>();
    if (given == nullptr) return std::nullopt;
    if (*given == "c") return "CASCADE";
    if (*given == "n") return "SET NULL";
    if (*given == "d") return "SET DEFAULT";
    if (*given == "r") return "RESTRICT";
    return std::nullopt;  // NO ACTION is what PostgreSQL does not print
  };
  const auto on = [](const Value& flag) { return flag.get_if<bool>() && *flag.get_if<bool>(); };
  Pairs pairs;
  if (const auto update = action(row[7])) pairs.emplace_back(text("onupdate"), Value(*update));
  if (const auto deleted = action(row[6])) pairs.emplace_back(text("ondelete"), Value(*deleted));
  if (on(row[8])) pairs.emplace_back(text("deferrable"), true);
  if (on(row[9])) pairs.emplace_back(text("initially"), text("DEFERRED"));
  const auto* match = row[10].get_if<std::string>();
  if (match != nullptr && *match == "f") pairs.emplace_back(text("match"), text("FULL"));
  return dict(std::move(pairs));
}

Value foreign_keys(const Question& q) {
  std::vector<Value> result;
  for (const auto& row : q.rows(fmt::format(
           "SELECT o.conname, {}, n.nspname = pg_catalog.current_schema(), n.nspname, f.relname, "
           "{}, o.confdeltype::text, o.confupdtype::text, o.condeferrable, o.condeferred, "
           "o.confmatchtype::text FROM pg_catalog.pg_constraint o JOIN pg_catalog.pg_class f ON "
           "f.oid = o.confrelid "
           "JOIN pg_catalog.pg_namespace n ON n.oid = f.relnamespace WHERE o.conrelid = {} AND "
           "o.contype = 'f' ORDER BY o.conname",
           names_of("conkey", "conrelid"), names_of("confkey", "confrelid"), q.table()))) {
    result.push_back(dict({{text("name"), row[0]},
                           {text("constrained_columns"), row[1]},
                           {text("referred_schema"), *row[2].get_if<bool>() ? Value() : row[3]},
                           {text("referred_table"), row[4]},
                           {text("referred_columns"), row[5]},
                           {text("options"), options_of(row)}}));
  }
  return python::list_of(std::move(result));
}

Value unique_constraints(const Question& q) {
  std::vector<Value> result;
  for (const auto& row : q.rows(fmt::format(
           "SELECT o.conname, {} FROM pg_catalog.pg_constraint o WHERE o.conrelid = {} AND "
           "o.contype = 'u' ORDER BY o.conname",
           names_of("conkey", "conrelid"), q.table()))) {
    result.push_back(dict({{text("name"), row[0]}, {text("column_names"), row[1]}}));
  }
  return python::list_of(std::move(result));
}

Value primary_key(const Question& q) {
  const auto rows = q.rows(fmt::format(
      "SELECT o.conname, {} FROM pg_catalog.pg_constraint o WHERE o.conrelid = {} AND o.contype = "
      "'p'",
      names_of("conkey", "conrelid"), q.table()));
  return dict({{text("constrained_columns"), rows.empty() ? python::list_of({}) : rows[0][1]},
               {text("name"), rows.empty() ? Value() : rows[0][0]}});
}

Value check_constraints(const Question& q) {
  std::vector<Value> result;
  for (const auto& row : q.rows(fmt::format(
           "SELECT o.conname, pg_catalog.pg_get_expr(o.conbin, o.conrelid) FROM "
           "pg_catalog.pg_constraint o WHERE o.conrelid = {} AND o.contype = 'c' ORDER BY "
           "o.conname",
           q.table()))) {
    result.push_back(dict({{text("name"), row[0]}, {text("sqltext"), row[1]}}));
  }
  return python::list_of(std::move(result));
}

Value enums(const Question& q) {
  std::vector<Value> result;
  for (const auto& row : q.rows(fmt::format(
           "SELECT t.typname, n.nspname, pg_catalog.pg_type_is_visible(t.oid), ARRAY(SELECT "
           "e.enumlabel::text FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid ORDER BY "
           "e.enumsortorder) FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = "
           "t.typnamespace WHERE t.typtype = 'e' AND ({} OR n.nspname = {}) ORDER BY n.nspname, "
           "t.typname",
           q.call.text("schema") == "*" ? "true" : "false", q.schema()))) {
    result.push_back(dict({{text("name"), row[0]},
                           {text("schema"), row[1]},
                           {text("visible"), row[2]},
                           {text("labels"), row[3]}}));
  }
  return python::list_of(std::move(result));
}

Value has_schema(const Question& q) {
  return !q.ask("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = " + q.text("schema_name"))
              .rows.empty();
}

Value has_index(const Question& q) {
  const auto rows = q.rows(fmt::format(
      "SELECT 1 FROM pg_catalog.pg_indexes WHERE schemaname = {} AND tablename = {} AND "
      "indexname = {}",
      q.schema(), q.text("table_name"), q.text("index_name")));
  return !rows.empty();
}

Value table_comment(const Question& q) {
  const auto rows =
      q.rows(fmt::format("SELECT pg_catalog.obj_description({}, 'pg_class')", q.table()));
  return dict({{text("text"), rows[0][0]}});
}

Value schemas(const Question& q) {
  return q.column(
      "SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname NOT LIKE 'pg\\_%' ORDER BY 1");
}

struct Method {
  std::vector<std::string_view> parameters;
  std::function<Value(const Question&)> answer;
};

const std::map<std::string, Method, std::less<>>& methods() {
  static const std::map<std::string, Method, std::less<>> table = {
      {"has_table",
       {{"table_name", "schema", "info_cache"},
        [](const Question& q) { return has_relation(q, "table_name", "'r','p','v','m','f'"); }}},
      {"has_sequence",
       {{"sequence_name", "schema"},
        [](const Question& q) { return has_relation(q, "sequence_name", "'S'"); }}},
      {"has_index", {{"table_name", "index_name", "schema"}, has_index}},
      {"has_schema", {{"schema_name"}, has_schema}},
      {"get_table_names", {{"schema"}, [](const Question& q) { return relations(q, "'r','p'"); }}},
      {"get_view_names", {{"schema"}, [](const Question& q) { return relations(q, "'v'"); }}},
      {"get_materialized_view_names",
       {{"schema"}, [](const Question& q) { return relations(q, "'m'"); }}},
      {"get_sequence_names", {{"schema"}, [](const Question& q) { return relations(q, "'S'"); }}},
      {"get_schema_names", {{}, schemas}},
      {"get_columns", {{"table_name", "schema"}, columns}},
      {"get_indexes", {{"table_name", "schema"}, indexes}},
      {"get_foreign_keys", {{"table_name", "schema"}, foreign_keys}},
      {"get_unique_constraints", {{"table_name", "schema"}, unique_constraints}},
      {"get_pk_constraint", {{"table_name", "schema"}, primary_key}},
      {"get_check_constraints", {{"table_name", "schema"}, check_constraints}},
      {"get_table_comment", {{"table_name", "schema"}, table_comment}},
      {"get_enums", {{"schema"}, enums}}};
  return table;
}

}  // namespace

Value inspect(const python::Term& call, const std::string& method, const Emitter& emitter) {
  const auto found = methods().find(method);
  if (found == methods().end()) {
    not_understood("inspector." + method, call.place,
                   "Ask get_columns(), get_indexes() and their like, or the catalogue by SQL.");
  }
  const Call bound(call, "inspector." + method, found->second.parameters);
  return found->second.answer(Question{bound, emitter});
}

}  // namespace driftd::alembic

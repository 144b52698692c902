#include "expected_schema/sql/effect.h"

#include <pg_query.h>

#include <algorithm>
#include <boost/json.hpp>
#include <set>
#include <sstream>
#include <string_view>

#include "expected_schema/base/text.h"

namespace driftd {
namespace {

namespace json = boost::json;

// A seed of a million rows is not turned into a tree.
constexpr std::size_t longest_parsed = 200'000;

struct Parsed {
  explicit Parsed(const std::string& sql) : result(pg_query_parse(sql.c_str())) {}
  ~Parsed() { pg_query_free_parse_result(result); }
  Parsed(const Parsed&) = delete;
  Parsed& operator=(const Parsed&) = delete;

  PgQueryParseResult result;
};

bool among(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Tables of the catalogue whose rows follow from the schema (the manual, "System Catalogs").
bool tells_schema(std::string_view table) {
  return among(table, {"pg_class",        "pg_attribute",     "pg_attrdef",
                       "pg_constraint",   "pg_index",         "pg_indexes",
                       "pg_tables",       "pg_views",         "pg_matviews",
                       "pg_namespace",    "pg_type",          "pg_enum",
                       "pg_proc",         "pg_trigger",       "pg_extension",
                       "pg_depend",       "pg_rewrite",       "pg_rules",
                       "pg_inherits",     "pg_policy",        "pg_policies",
                       "pg_sequence",     "pg_sequences",     "pg_description",
                       "pg_collation",    "pg_event_trigger", "pg_partitioned_table",
                       "pg_am",           "pg_opclass",       "pg_operator",
                       "pg_language",     "pg_range",         "pg_cast",
                       "pg_aggregate",    "pg_publication",   "pg_publication_tables",
                       "pg_statistic_ext"});
}

// Columns of those tables that are no part of a schema.
bool tells_data(std::string_view column) {
  return among(column, {"reltuples", "relpages", "relallvisible", "relfilenode", "relfrozenxid",
                        "last_value", "xmin", "ctid"});
}

// Functions of which the same schema gives the same answer.
bool follows_from_schema(std::string_view name) {
  return name.starts_with("pg_get_") || among(name, {"count",
                                                     "max",
                                                     "min",
                                                     "array_agg",
                                                     "string_agg",
                                                     "bool_or",
                                                     "bool_and",
                                                     "coalesce",
                                                     "lower",
                                                     "upper",
                                                     "format_type",
                                                     "to_regclass",
                                                     "to_regtype",
                                                     "to_regproc",
                                                     "to_regnamespace",
                                                     "current_schema",
                                                     "current_schemas",
                                                     "current_database",
                                                     "quote_ident",
                                                     "quote_literal",
                                                     "format",
                                                     "concat",
                                                     "unnest",
                                                     "generate_series",
                                                     "generate_subscripts",
                                                     "array_length",
                                                     "array_position",
                                                     "array_to_string",
                                                     "any",
                                                     "exists",
                                                     "length",
                                                     "replace",
                                                     "substring",
                                                     "split_part",
                                                     "regexp_replace",
                                                     "regexp_matches",
                                                     "starts_with",
                                                     "like",
                                                     "obj_description",
                                                     "col_description",
                                                     "pg_table_is_visible",
                                                     "pg_type_is_visible",
                                                     "pg_function_is_visible",
                                                     "enum_range",
                                                     "row_number",
                                                     "position",
                                                     "strpos",
                                                     "left",
                                                     "right",
                                                     "trim",
                                                     "btrim",
                                                     "cardinality",
                                                     "nullif",
                                                     "greatest",
                                                     "least",
                                                     "to_json",
                                                     "json_agg"});
}

struct Walk {
  SqlEffect effect;
  std::set<std::string, std::less<>> common;  ///< names of WITH
  bool differs = false;                       ///< the answer follows from more than the schema
  bool strange_call = false;
  bool has_source = false;  ///< reads a table

  static std::string text(const json::object& node, std::string_view name) {
    const json::value* value = node.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                  : std::string();
  }
  static std::string last_name(const json::value* list) {
    if (list == nullptr || !list->is_array() || list->get_array().empty()) return {};
    const json::value& last = list->get_array().back();
    const json::value* string =
        last.is_object() ? last.get_object().if_contains("String") : nullptr;
    return string != nullptr && string->is_object()
               ? text(string->get_object(), "sval") + text(string->get_object(), "str")
               : std::string();
  }

  void table(const json::object& node) {
    const std::string name = text(node, "relname");
    const std::string schema = text(node, "schemaname");
    if (schema.empty() && common.contains(name)) return;
    has_source = true;
    const bool catalogue = (schema.empty() || schema == "pg_catalog") && tells_schema(name);
    const bool information =
        schema == "information_schema" && !name.starts_with("sql_") && name != "role_table_grants";
    if (!catalogue && !information) differs = true;
  }

  void node(std::string_view type, const json::object& node) {
    if (type == "RangeVar") table(node);
    if (type == "CommonTableExpr") common.insert(text(node, "ctename"));
    if (type == "SQLValueFunction") {
      const std::string op = text(node, "op");
      if (op != "SVFOP_CURRENT_SCHEMA" && op != "SVFOP_CURRENT_CATALOG") differs = true;
    }
    if (type == "ColumnRef" && tells_data(last_name(node.if_contains("fields")))) differs = true;
    if (type == "FuncCall") {
      const std::string name = last_name(node.if_contains("funcname"));
      if (!follows_from_schema(name)) differs = true;
      if (!only_computes(name)) strange_call = true;
    }
    if (type == "ParamRef") differs = true;
  }

  // The tree is as deep as the text nests; no deeper than the parser itself allows.
  void walk(const json::value& value, int depth) {
    if (depth > 2000) {
      differs = strange_call = true;
      return;
    }
    if (value.is_array()) {
      for (const json::value& item : value.get_array()) walk(item, depth + 1);
    }
    if (!value.is_object()) return;
    for (const auto& [key, part] : value.get_object()) {
      if (part.is_object()) node({key.data(), key.size()}, part.get_object());
      // The node types of these two are left out where no other is possible.
      if (key == "relation" && part.is_object()) table(part.get_object());
      walk(part, depth + 1);
    }
  }
};

void collect_common(const json::value& value, Walk& walk, int depth) {
  if (depth > 2000) return;
  if (value.is_array()) {
    for (const json::value& item : value.get_array()) collect_common(item, walk, depth + 1);
  }
  if (!value.is_object()) return;
  for (const auto& [key, part] : value.get_object()) {
    if (key == "CommonTableExpr" && part.is_object()) {
      walk.common.insert(Walk::text(part.get_object(), "ctename"));
    }
    collect_common(part, walk, depth + 1);
  }
}

/// ALTER SEQUENCE that only sets where it goes on.
bool only_restarts(const json::value& node) {
  const json::value* options =
      node.is_object() ? node.get_object().if_contains("options") : nullptr;
  if (options == nullptr || !options->is_array()) return false;
  return std::ranges::all_of(options->get_array(), [](const json::value& option) {
    const json::value* definition =
        option.is_object() ? option.get_object().if_contains("DefElem") : nullptr;
    return definition != nullptr && definition->is_object() &&
           Walk::text(definition->get_object(), "defname") == "restart";
  });
}

SqlEffect of_statement(const json::object& statement) {
  const std::string_view type(statement.begin()->key().data(), statement.begin()->key().size());
  const json::value& node = statement.begin()->value();
  SqlEffect effect;
  effect.schema = !among(
      type, {"SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "VariableSetStmt",
             "VariableShowStmt", "TransactionStmt", "LockStmt", "TruncateStmt", "CopyStmt",
             // Settings of roles and databases are no schema, nor is what they say to others.
             "AlterRoleSetStmt", "AlterDatabaseSetStmt", "NotifyStmt", "ListenStmt",
             "CheckPointStmt", "DiscardStmt", "ConstraintsSetStmt"});
  if (type == "AlterSeqStmt") effect.schema = !only_restarts(node);
  if (const json::value* target =
          node.is_object() ? node.get_object().if_contains("relation") : nullptr;
      target != nullptr && target->is_object() && type != "SelectStmt") {
    // Rows of the catalogue are the schema.
    effect.schema = effect.schema || Walk::text(target->get_object(), "relname").starts_with("pg_");
  }
  if (type != "SelectStmt") return effect;
  if (node.is_object() && node.get_object().contains("intoClause")) {
    effect.schema = true;  // SELECT INTO makes a table
    return effect;
  }
  Walk walk;
  collect_common(node, walk, 0);
  walk.walk(node, 0);
  effect.about_schema = !walk.differs && !walk.strange_call;
  // `SELECT create_hypertable('t')` is how functions that make tables are called.
  effect.schema = walk.strange_call && !walk.has_source;
  return effect;
}

/// ALTER ROLE ... SET, ALTER DATABASE ... SET, ALTER SEQUENCE ... RESTART, with parts unknown.
bool alters_no_schema(const std::string& text) {
  std::istringstream words(text);
  std::string alter;
  std::string what;
  std::string name;
  std::string verb;
  words >> alter >> what >> name >> verb;
  if (what == "sequence" && name != "if") return verb == "restart";
  if (what == "database") return verb == "set" || verb == "reset";
  if (what != "role" && what != "user") return false;
  if (verb == "in") words >> verb >> verb >> verb;  // IN DATABASE name
  return verb == "set" || verb == "reset";
}

SqlEffect by_first_words(const std::string& sql) {
  SqlEffect effect;
  effect.schema = false;
  for (const std::string& part : split(sql, ';')) {
    std::string_view rest = trim(part);
    while (rest.starts_with("--")) {
      const std::size_t line = rest.find('\n');
      rest = line == std::string_view::npos ? std::string_view() : trim(rest.substr(line));
    }
    if (rest.empty()) continue;
    const auto end = std::find_if(rest.begin(), rest.end(), [](char c) {
      return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
    });
    const std::string word = lower(std::string_view(rest.begin(), end));
    if (word == "alter" && alters_no_schema(lower(rest))) continue;
    if (!among(word, {"insert", "update", "delete", "select", "set"})) effect.schema = true;
    // A function that makes tables, of which the text is not known.
    if (word == "select" && lower(rest).find(" from ") == std::string::npos) effect.schema = true;
  }
  return effect;
}

}  // namespace

bool only_computes(std::string_view name) {
  return follows_from_schema(name) || name.starts_with("pg_") || name.starts_with("json") ||
         name.starts_with("array_") || name.starts_with("regexp_") || name.starts_with("to_") ||
         name.starts_with("date_") || name.starts_with("txid_") || name.starts_with("st_") ||
         among(name, {"setval",
                      "nextval",
                      "currval",
                      "lastval",
                      "now",
                      "version",
                      "sum",
                      "avg",
                      "random",
                      "gen_random_uuid",
                      "uuid_generate_v4",
                      "md5",
                      "set_config",
                      "current_setting",
                      "clock_timestamp",
                      "age",
                      "extract",
                      "round",
                      "abs",
                      "jsonb_set",
                      "row_to_json",
                      "encode",
                      "decode",
                      "digest",
                      "rank",
                      "timezone",
                      "make_interval",
                      "has_table_privilege",
                      "ceil",
                      "floor",
                      "mod",
                      "min_scale",
                      "trim_scale",
                      "scale",
                      "power",
                      "sqrt",
                      "exp",
                      "ln",
                      "log",
                      "sign",
                      "initcap",
                      "lpad",
                      "rpad",
                      "repeat",
                      "reverse",
                      "translate",
                      "ascii",
                      "chr",
                      "overlay",
                      "make_date",
                      "make_timestamp",
                      "justify_days",
                      "uuid_generate_v1",
                      "uuid_generate_v5",
                      "crypt",
                      "gen_salt",
                      "hashtext",
                      "unaccent",
                      "similarity",
                      "ts_rank",
                      "setweight",
                      "plainto_tsquery",
                      "websearch_to_tsquery",
                      "nlevel",
                      "subpath"});
}

SqlEffect effect_of(const std::string& sql) {
  if (sql.size() > longest_parsed) return by_first_words(sql);
  const Parsed parsed(sql);
  if (parsed.result.error != nullptr) return by_first_words(sql);
  json::parse_options options;
  options.max_depth = 100000;
  json::error_code error;
  const json::value tree = json::parse(parsed.result.parse_tree, error, {}, options);
  if (error) return by_first_words(sql);
  SqlEffect all;
  all.schema = false;
  const json::value* list = tree.as_object().if_contains("stmts");
  if (list == nullptr || !list->is_array()) return all;
  for (const json::value& statement : list->get_array()) {
    const SqlEffect one = of_statement(statement.as_object().at("stmt").as_object());
    all.schema = all.schema || one.schema;
    all.about_schema = one.about_schema && list->get_array().size() == 1;
  }
  return all;
}

}  // namespace driftd

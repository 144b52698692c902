#include "expected_schema/history/statements.h"

#include <pg_query.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <memory>

#include "expected_schema/base/text.h"

namespace driftd {
namespace {

namespace json = boost::json;

struct SplitResult {
  explicit SplitResult(const std::string& sql) : result(pg_query_split_with_parser(sql.c_str())) {}
  ~SplitResult() { pg_query_free_split_result(result); }
  SplitResult(const SplitResult&) = delete;
  SplitResult& operator=(const SplitResult&) = delete;

  PgQuerySplitResult result;
};

struct ParseResult {
  explicit ParseResult(const std::string& sql) : result(pg_query_parse(sql.c_str())) {}
  ~ParseResult() { pg_query_free_parse_result(result); }
  ParseResult(const ParseResult&) = delete;
  ParseResult& operator=(const ParseResult&) = delete;

  PgQueryParseResult result;
};

// Where the first word begins: after blanks and comments, which nest.
std::size_t first_word(std::string_view sql) {
  std::size_t at = 0;
  while (at < sql.size()) {
    if (std::string_view(" \t\r\n\f\v;").find(sql[at]) != std::string_view::npos) {
      ++at;
    } else if (sql.substr(at, 2) == "--") {
      at = std::min(sql.find('\n', at), sql.size());
    } else if (sql.substr(at, 2) == "/*") {
      int depth = 0;
      do {
        if (sql.substr(at, 2) == "/*") {
          ++depth;
          at += 2;
        } else if (sql.substr(at, 2) == "*/") {
          --depth;
          at += 2;
        } else {
          ++at;
        }
      } while (depth > 0 && at < sql.size());
    } else {
      break;
    }
  }
  return std::min(at, sql.size());
}

// Only statements that begin so can be of a kind of their own: a seed of a million rows is not
// turned into a tree.
bool may_be_special(std::string_view sql) {
  constexpr std::array<std::string_view, 15> words{
      "create", "alter", "drop",  "vacuum",   "reindex", "cluster", "begin",  "start",
      "commit", "end",   "abort", "rollback", "prepare", "call",    "refresh"};
  const auto end = std::ranges::find_if(
      sql, [](char c) { return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'); });
  const std::string word = lower(std::string_view(sql.begin(), end));
  return std::ranges::find(words, word) != words.end();
}

bool flag(const json::object& node, std::string_view name) {
  const json::value* value = node.if_contains(name);
  return value && value->is_bool() && value->get_bool();
}

std::string text(const json::object& node, std::string_view name) {
  const json::value* value = node.if_contains(name);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

// REINDEX (CONCURRENTLY) and REINDEX ... CONCURRENTLY are both a DefElem of that name.
bool has_option(const json::object& node, std::string_view list, std::string_view wanted) {
  const json::value* value = node.if_contains(list);
  if (!value || !value->is_array()) return false;
  return std::ranges::any_of(value->get_array(), [&](const json::value& item) {
    const json::value* element =
        item.is_object() ? item.get_object().if_contains("DefElem") : nullptr;
    return element && element->is_object() && text(element->get_object(), "defname") == wanted;
  });
}

bool detaches_concurrently(const json::object& node) {
  const json::value* commands = node.if_contains("cmds");
  if (!commands || !commands->is_array()) return false;
  return std::ranges::any_of(commands->get_array(), [](const json::value& item) {
    const json::value* command =
        item.is_object() ? item.get_object().if_contains("AlterTableCmd") : nullptr;
    if (!command || !command->is_object()) return false;
    const json::value* definition = command->get_object().if_contains("def");
    const json::value* partition = definition && definition->is_object()
                                       ? definition->get_object().if_contains("PartitionCmd")
                                       : nullptr;
    return partition && partition->is_object() && flag(partition->get_object(), "concurrent");
  });
}

bool refuses_transaction(std::string_view type, const json::object& node) {
  if (type == "IndexStmt" || type == "DropStmt") return flag(node, "concurrent");
  if (type == "AlterTableStmt") return detaches_concurrently(node);
  if (type == "ReindexStmt") {
    const std::string kind = text(node, "kind");
    return kind == "REINDEX_OBJECT_SCHEMA" || kind == "REINDEX_OBJECT_SYSTEM" ||
           kind == "REINDEX_OBJECT_DATABASE" || has_option(node, "params", "concurrently");
  }
  // ALTER TYPE ... ADD VALUE: allowed in a transaction since 12, but the value cannot be used
  // there.
  if (type == "AlterEnumStmt") return text(node, "oldVal").empty();
  if (type == "VacuumStmt") return flag(node, "is_vacuumcmd");
  if (type == "ClusterStmt") return !node.contains("relation");
  return type == "CreatedbStmt" || type == "DropdbStmt" || type == "AlterSystemStmt" ||
         type == "CreateTableSpaceStmt" || type == "DropTableSpaceStmt";
}

void classify_transaction(const json::object& node, SqlStatement& statement) {
  const std::string kind = text(node, "kind");
  if (kind == "TRANS_STMT_BEGIN" || kind == "TRANS_STMT_START") statement.kind = SqlKind::Begin;
  if (kind == "TRANS_STMT_COMMIT") statement.kind = SqlKind::Commit;
  if (kind == "TRANS_STMT_ROLLBACK") statement.kind = SqlKind::Rollback;
}

void classify(SqlStatement& statement) {
  const ParseResult parsed(statement.sql);
  if (parsed.result.error) return;
  json::parse_options options;
  options.max_depth = 100000;
  json::error_code error;
  const json::value tree = json::parse(parsed.result.parse_tree, error, {}, options);
  if (error) return;
  const json::array& list = tree.as_object().at("stmts").as_array();
  if (list.size() != 1) return;
  const json::object& wrapper = list.front().as_object().at("stmt").as_object();
  const std::string_view type(wrapper.begin()->key().data(), wrapper.begin()->key().size());
  const json::object& node = wrapper.begin()->value().as_object();
  if (type == "TransactionStmt") {
    classify_transaction(node, statement);
  } else if (type == "CreateExtensionStmt" || type == "AlterExtensionStmt") {
    statement.kind = SqlKind::Extension;
    statement.name = text(node, "extname");
    if (!has_option(node, "options", "new_version")) {
      statement.version_word = type == "CreateExtensionStmt" ? "VERSION" : "TO";
    }
  } else if (type == "CreateRoleStmt") {
    statement.kind = SqlKind::CreateRole;
    statement.name = text(node, "role");
  } else if (refuses_transaction(type, node)) {
    statement.kind = SqlKind::RefusesTransaction;
  }
}

int lines_before(std::string_view sql, std::size_t at) {
  return static_cast<int>(std::ranges::count(sql.substr(0, at), '\n'));
}

}  // namespace

std::vector<SqlStatement> cut_statements(const std::string& sql) {
  const std::size_t begin = first_word(sql);
  if (begin == sql.size()) return {};
  SqlStatement whole;
  whole.sql = sql;
  whole.line = lines_before(sql, begin) + 1;
  const std::size_t semicolon = sql.find(';', begin);
  const bool one = semicolon == std::string::npos || trim(sql.substr(semicolon + 1)).empty();
  if (one && !may_be_special(std::string_view(sql).substr(begin))) return {whole};

  const SplitResult split(sql);
  if (split.result.error) {
    whole.kind = SqlKind::NotParsed;
    return {whole};
  }
  std::vector<SqlStatement> statements;
  for (int i = 0; i < split.result.n_stmts; ++i) {
    const auto from = static_cast<std::size_t>(split.result.stmts[i]->stmt_location);
    const auto length = static_cast<std::size_t>(split.result.stmts[i]->stmt_len);
    SqlStatement statement;
    statement.sql = sql.substr(from, length == 0 ? std::string::npos : length);
    const std::size_t word = first_word(statement.sql);
    if (word == statement.sql.size()) continue;
    statement.line = lines_before(sql, from + word) + 1;
    if (may_be_special(std::string_view(statement.sql).substr(word))) classify(statement);
    statements.push_back(std::move(statement));
  }
  return statements;
}

}  // namespace driftd

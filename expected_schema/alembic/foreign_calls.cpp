#include "expected_schema/alembic/foreign_calls.h"

#include <algorithm>
#include <iterator>

#include "expected_schema/base/text.h"

namespace driftd::alembic {

using python::Value;

namespace {

/// Packages that run programs or SQL, by a part of their names.
bool reaches_a_database(std::string_view package) {
  static constexpr std::string_view parts[] = {
      "sql",     "alembic",         "psycopg",   "pg8000",  "asyncpg", "pony",    "peewee",
      "django",  "tortoise",        "databases", "dataset", "records", "migra",   "yoyo",
      "celery",  "subprocess",      "invoke",    "fabric",  "plumbum", "ansible", "dagster",
      "airflow", "prefect",         "oslo_db",   "odbc",    "dbapi",   "orm",     "importlib",
      "runpy",   "multiprocessing", "concurrent"};
  return std::ranges::any_of(
      parts, [&](std::string_view part) { return package.find(part) != std::string_view::npos; });
}

/// Whether a function is named for something that it does, or for a way to do it.
bool names_a_deed(std::string_view function) {
  static constexpr std::string_view words[] = {
      "add",      "alter",   "apply",       "attach",     "backfill",   "bootstrap", "build",
      "call",     "commit",  "conn",        "connect",    "connection", "create",    "cursor",
      "database", "db",      "delete",      "deploy",     "disable",    "do",        "downgrade",
      "drop",     "enable",  "engine",      "ensure",     "exec",       "execute",   "fix",
      "grant",    "import",  "init",        "initialize", "insert",     "install",   "main",
      "make",     "migrate", "migration",   "move",       "patch",      "perform",   "populate",
      "prepare",  "process", "query",       "rebuild",    "recreate",   "refresh",   "register",
      "remove",   "rename",  "replace",     "reset",      "restore",    "revoke",    "run",
      "seed",     "session", "set",         "setup",      "sql",        "start",     "sync",
      "table",    "tables",  "transaction", "transfer",   "trigger",    "update",    "upgrade",
      "upsert",   "write"};
  return std::ranges::any_of(split(lower(function), '_'), [&](const std::string& word) {
    return std::find(std::begin(words), std::end(words), word) != std::end(words);
  });
}

/// Whether a value is what a module of values made: a moment, a decimal.
bool is_made_value(const Value& value, int depth);

/// A value that holds nothing that could act: no object, class or function.
bool is_data(const Value& value, int depth) {
  if (depth == 0) return false;
  if (is_made_value(value, depth)) return true;
  const auto all = [&](const auto& items) {
    return std::ranges::all_of(items, [&](const Value& item) { return is_data(item, depth - 1); });
  };
  if (const auto* list = value.get_if<python::List>()) return all(**list);
  if (const auto* tuple = value.get_if<python::Tuple>()) return all(*tuple->items);
  if (const auto* set = value.get_if<python::Set>()) return all(*set->items);
  if (const auto* dict = value.get_if<python::Dict>()) {
    return std::ranges::all_of(**dict, [&](const auto& pair) {
      return is_data(pair.first, depth - 1) && is_data(pair.second, depth - 1);
    });
  }
  return value.is_none() || value.unknown() != nullptr || value.get_if<bool>() != nullptr ||
         value.get_if<std::int64_t>() != nullptr || value.get_if<double>() != nullptr ||
         value.get_if<std::string>() != nullptr || value.get_if<python::Bytes>() != nullptr;
}

bool all_data(const python::Arguments& given, int depth) {
  return std::ranges::all_of(given.positional,
                             [&](const Value& value) { return is_data(value, depth); }) &&
         std::ranges::all_of(given.keyword,
                             [&](const auto& pair) { return is_data(pair.second, depth); });
}

bool is_made_value(const Value& value, int depth) {
  // Modules of values: what they make holds no way to a database, as flask's and sys' may.
  const auto computes = [](std::string_view path) {
    static constexpr std::string_view modules[] = {"calendar", "dateutil", "datetime", "decimal",
                                                   "math",     "pytz",     "uuid",     "zoneinfo"};
    return std::ranges::find(modules, path.substr(0, path.find('.'))) != std::end(modules);
  };
  if (const auto* symbol = value.get_if<python::Symbol>()) return computes(symbol->path);
  if (const python::Term* term = value.term()) {
    const bool known = term->object ? is_made_value(*term->object, depth) : computes(term->callee);
    return known && all_data(term->arguments, depth - 1);
  }
  if (const auto* attribute = value.get_if<std::shared_ptr<const python::Attribute>>()) {
    return is_made_value(*(*attribute)->object, depth);
  }
  if (const auto* operation = value.get_if<std::shared_ptr<const python::Operation>>()) {
    return is_data(*(*operation)->left, depth - 1) &&
           (!(*operation)->right || is_data(*(*operation)->right, depth - 1));
  }
  return false;
}

}  // namespace

bool only_computes_elsewhere(std::string_view path, const python::Arguments& given,
                             const std::vector<std::string>& application) {
  const std::size_t dot = path.find('.');
  if (dot == std::string_view::npos || dot == 0) return false;
  const std::string_view package = path.substr(0, dot);
  if (std::ranges::find(application, package) != application.end()) return false;
  if (reaches_a_database(lower(package))) return false;
  if (names_a_deed(path.substr(path.rfind('.') + 1))) return false;
  constexpr int deepest = 6;
  return all_data(given, deepest);
}

bool names_a_check(std::string_view path) {
  static constexpr std::string_view first[] = {"validate", "check", "verify", "assert"};
  const auto words = split(lower(path.substr(path.rfind('.') + 1)), '_');
  return std::ranges::find(first, words.front()) != std::end(first);
}

}  // namespace driftd::alembic

#include "expected_schema/introspect/object_ids.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>

namespace driftd {
namespace {

// A standby has the commit times of its primary, whatever its own setting says, or none.
constexpr const char* database_sql =
    "SELECT oid, current_setting('track_commit_timestamp') = 'on' AND NOT pg_is_in_recovery()"
    "  FROM pg_database WHERE datname = current_database()";

constexpr const char* ids_sql = R"sql(
SELECT c.oid, 0,
       CASE c.relkind WHEN 'f' THEN 'foreign table' WHEN 'v' THEN 'view'
                      WHEN 'm' THEN 'materialized view' WHEN 'i' THEN 'index' WHEN 'I' THEN 'index'
                      WHEN 'S' THEN 'sequence' WHEN 'c' THEN 'composite type' ELSE 'table' END,
       quote_ident(n.nspname) || '.' || quote_ident(c.relname)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relpersistence <> 't'
UNION ALL
SELECT c.oid, a.attnum, 'column', c.name || '.' || quote_ident(a.attname)
  FROM (SELECT c.oid, quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
           AND c.relpersistence <> 't' AND c.relkind IN ('r', 'p', 'f') OFFSET 0) c
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
)sql";

/// Of this process alone.
std::uint64_t hash_of(const ObjectId& id) {
  return std::hash<std::string>()(id.kind + '\n' + id.identity);
}

template <typename Value>
Value number(std::string_view text) {
  Value value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

void ObjectIds::add(const ObjectId& id, const Number& number) {
  entries_.push_back({hash_of(id), number.first, number.second});
}

void ObjectIds::sort() {
  std::ranges::sort(entries_, {}, &Entry::name);
  entries_.shrink_to_fit();
}

std::optional<ObjectIds::Number> ObjectIds::find(const ObjectId& id) const {
  const std::uint64_t name = hash_of(id);
  const auto found = std::ranges::lower_bound(entries_, name, {}, &Entry::name);
  if (found == entries_.end() || found->name != name) return std::nullopt;
  return Number{found->oid, found->column};
}

std::optional<ObjectId> object_of(Snapshot& snapshot, const ObjectIds::Number& number) {
  const Rows rows = snapshot.query(
      fmt::format("SELECT kind, identity FROM ({}) AS ids (oid, number, kind, identity)"
                  " WHERE oid = $1::oid AND number = $2::int",
                  ids_sql),
      {std::to_string(number.first), std::to_string(number.second)});
  if (rows.size() == 0) return std::nullopt;
  return ObjectId{rows.text(0, 0), rows.text(0, 1)};
}

ObjectIds read_object_ids(Snapshot& snapshot, const std::string& system_identifier) {
  ObjectIds ids;
  const Rows database = snapshot.query(database_sql);
  ids.database = system_identifier + " " + database.text(0, 0);
  ids.commits_tracked = database.at(0, 1) == "t";
  const Rows rows = snapshot.query(ids_sql);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    ids.add({rows.text(row, 2), rows.text(row, 3)},
            {number<std::uint32_t>(rows.at(row, 0).value_or("")),
             number<int>(rows.at(row, 1).value_or(""))});
  }
  ids.sort();
  return ids;
}

}  // namespace driftd

#include "expected_schema/introspect/commit_times.h"

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace driftd {
namespace {

// A row whose commit time is gone is older than those of which it is kept.
// The rows in which the differing properties of an object stand: the labels of a type, what a view
// selects, and whether an index is valid, each stand beside the row that has the name. Names are
// put together as the kinds do.
constexpr const char* rows_sql = R"sql(
WITH named AS MATERIALIZED (
  SELECT c.oid, c.xmin, c.relkind, quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
), types AS MATERIALIZED (
  SELECT t.oid, t.xmin, t.typtype,
         quote_ident(n.nspname) || '.' || quote_ident(t.typname) AS name
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
   WHERE t.typtype IN ('e', 'd', 'r') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
), found(kind, identity, xid) AS (
  SELECT CASE relkind WHEN 'f' THEN 'foreign table' WHEN 'v' THEN 'view'
                      WHEN 'm' THEN 'materialized view' WHEN 'i' THEN 'index' WHEN 'I' THEN 'index'
                      WHEN 'S' THEN 'sequence' WHEN 'c' THEN 'composite type' ELSE 'table' END,
         name, xmin FROM named
  UNION ALL
  SELECT 'index', c.name, i.xmin FROM pg_index i JOIN named c ON c.oid = i.indexrelid
  UNION ALL
  SELECT CASE c.relkind WHEN 'm' THEN 'materialized view' ELSE 'view' END, c.name, r.xmin
    FROM pg_rewrite r JOIN named c ON c.oid = r.ev_class AND c.relkind IN ('v', 'm')
  UNION ALL
  SELECT 'sequence', c.name, s.xmin FROM pg_sequence s JOIN named c ON c.oid = s.seqrelid
  UNION ALL
  SELECT 'column', c.name || '.' || quote_ident(a.attname), a.xmin
    FROM pg_attribute a JOIN named c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p', 'f')
   WHERE a.attnum > 0 AND NOT a.attisdropped
  UNION ALL
  SELECT 'constraint', quote_ident(k.conname) || ' on ' || c.name, k.xmin
    FROM pg_constraint k JOIN named c ON c.oid = k.conrelid
  UNION ALL
  SELECT 'constraint', quote_ident(k.conname) || ' on ' || t.name, k.xmin
    FROM pg_constraint k JOIN types t ON t.oid = k.contypid
  UNION ALL
  SELECT 'trigger', quote_ident(g.tgname) || ' on ' || c.name, g.xmin
    FROM pg_trigger g JOIN named c ON c.oid = g.tgrelid
  UNION ALL
  SELECT 'policy', quote_ident(p.polname) || ' on ' || c.name, p.xmin
    FROM pg_policy p JOIN named c ON c.oid = p.polrelid
  UNION ALL
  SELECT CASE typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' ELSE 'range' END, name, xmin
    FROM types
  UNION ALL
  SELECT 'enum', t.name, e.xmin FROM pg_enum e JOIN types t ON t.oid = e.enumtypid
  UNION ALL
  SELECT 'schema', quote_ident(nspname), xmin FROM pg_namespace
  UNION ALL
  SELECT 'extension', quote_ident(extname), xmin FROM pg_extension
  UNION ALL
  SELECT CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END,
         quote_ident(n.nspname) || '.' || quote_ident(p.proname) || '(' ||
           coalesce((SELECT string_agg(
                              CASE WHEN tn.nspname = 'pg_catalog' AND f.name =
                                        quote_ident(coalesce(e.typname, t.typname)) ||
                                        CASE WHEN e.oid IS NULL THEN '' ELSE '[]' END
                                   THEN 'pg_catalog.' || f.name ELSE f.name END, ',' ORDER BY nr)
                       FROM unnest(p.proargtypes) WITH ORDINALITY AS r(argument, nr)
                       JOIN pg_type t ON t.oid = r.argument
                       JOIN pg_namespace tn ON tn.oid = t.typnamespace
                       LEFT JOIN pg_type e
                              ON e.oid = t.typelem AND t.typlen = -1 AND e.typarray = t.oid
                      CROSS JOIN LATERAL (SELECT format_type(t.oid, NULL)) f(name)), '') || ')',
         p.xmin
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
   WHERE p.prokind IN ('f', 'p', 'w') AND p.oid >= 16384
)
SELECT f.kind, f.identity,
       floor(extract(epoch FROM max(pg_xact_commit_timestamp(f.xid))) * 1000)::bigint
  FROM found f JOIN unnest($1::text[], $2::text[]) AS wanted(kind, identity)
       USING (kind, identity)
 WHERE f.xid::text::bigint >= 3
 GROUP BY 1, 2
HAVING bool_or(pg_xact_commit_timestamp(f.xid) IS NOT NULL)
)sql";

/// An array of text, as SQL reads it.
std::string array_of(const std::vector<ObjectId>& ids, std::string ObjectId::*part) {
  std::string text = "{";
  for (const ObjectId& id : ids) {
    if (text.size() > 1) text += ',';
    text += '"';
    for (const char c : id.*part) {
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    }
    text += '"';
  }
  return text + "}";
}

}  // namespace

std::map<ObjectId, std::chrono::system_clock::time_point> commit_times(
    Snapshot& snapshot, const std::vector<ObjectId>& ids) {
  std::map<ObjectId, std::chrono::system_clock::time_point> times;
  if (ids.empty()) return times;
  const Rows rows = snapshot.query(
      rows_sql, {array_of(ids, &ObjectId::kind), array_of(ids, &ObjectId::identity)});
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::string_view text = rows.at(row, 2).value_or("");
    std::int64_t milliseconds = 0;
    std::from_chars(text.data(), text.data() + text.size(), milliseconds);
    times[{rows.text(row, 0), rows.text(row, 1)}] =
        std::chrono::system_clock::time_point(std::chrono::milliseconds(milliseconds));
  }
  return times;
}

}  // namespace driftd

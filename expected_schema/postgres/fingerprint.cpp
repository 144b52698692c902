#include <fmt/format.h>

#include <string>
#include <string_view>

#include "expected_schema/postgres/snapshot.h"

namespace driftd {
namespace {

/// A catalogue that some kind reads, and the condition that drops only rows that no kind reads.
struct Source {
  std::string_view table;
  std::string_view rows;
};

/// Objects of initdb have oids below 16384, and pg_catalog is out of scope; public is 2200. The
/// condition stands where it drops most rows: elsewhere it makes the planner take an index, which
/// costs 4 times the plain scan. Rows of
/// temporary relations stay in: to tell them costs more than a look that was not needed.
/// Of pg_depend the members of extensions alone: whatever else changes there changes with a row of
/// a catalogue that stands here (ALTER SEQUENCE OWNED BY writes pg_sequence).
constexpr Source sources[] = {
    {"pg_class", "true"},
    {"pg_attribute", "true"},
    {"pg_attrdef", "true"},
    {"pg_constraint", "true"},
    {"pg_index", "true"},
    {"pg_inherits", "true"},
    {"pg_partitioned_table", "true"},
    {"pg_sequence", "true"},
    {"pg_trigger", "true"},
    {"pg_rewrite", "true"},
    {"pg_policy", "true"},
    {"pg_type", "true"},
    {"pg_enum", "true"},
    {"pg_range", "rngtypid >= 16384"},
    {"pg_proc", "oid >= 16384"},
    {"pg_aggregate", "aggfnoid >= 16384"},
    {"pg_operator", "oid >= 16384"},
    {"pg_opclass", "oid >= 16384"},
    {"pg_opfamily", "oid >= 16384"},
    {"pg_amop", "oid >= 16384"},
    {"pg_amproc", "oid >= 16384"},
    {"pg_cast", "oid >= 16384"},
    {"pg_conversion", "oid >= 16384"},
    {"pg_collation", "true"},
    {"pg_am", "true"},
    {"pg_language", "true"},
    {"pg_transform", "true"},
    {"pg_namespace", "true"},
    {"pg_extension", "true"},
    {"pg_depend", "refclassid = 'pg_extension'::regclass"},
    {"pg_description", "objoid >= 16384 OR classoid = 'pg_namespace'::regclass"},
    {"pg_seclabel", "true"},
    {"pg_default_acl", "true"},
    {"pg_event_trigger", "true"},
    {"pg_statistic_ext", "true"},
    {"pg_foreign_data_wrapper", "true"},
    {"pg_foreign_server", "true"},
    {"pg_foreign_table", "true"},
    {"pg_ts_config", "oid >= 16384"},
    {"pg_ts_config_map", "mapcfg >= 16384"},
    {"pg_ts_dict", "oid >= 16384"},
    {"pg_ts_parser", "oid >= 16384"},
    {"pg_ts_template", "oid >= 16384"},
    {"pg_publication", "true"},
    {"pg_publication_rel", "true"},
    {"pg_db_role_setting",
     "setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))"},
};

/// A new version of a row has a new xmin, and two versions that were there at once different
/// ctids; together they tell every version from every other. VACUUM moves neither (its updates of
/// pg_class are in place). age() is the cheapest number of a transaction: counted from that of
/// xid 3, so that it stands still; the transactions of initdb have none. Over pg_attribute of
/// 1,000 tables a bare count(*) costs 1, this 2, xmin::text::bigint 2.5, hashtext() 4. The hash of
/// a tid came with PostgreSQL 14.
std::string_view hash_of_row(int server_major) {
  return server_major >= 14 ? "hashtidextended(ctid, CASE age(xmin) WHEN 2147483647 THEN 0"
                              " ELSE (age(xmin) - since.three) & 4294967295 END)"
                            : "hashtextextended(xmin::text || ctid::text, 0)";
}

std::string query_for(int server_major) {
  std::string sql;
  for (const Source& source : sources) {
    sql += sql.empty() ? "SELECT concat_ws(' '" : "";
    sql += fmt::format(", (SELECT count(*) || ':' || coalesce(sum({}), 0) FROM {} WHERE {})",
                       hash_of_row(server_major), source.table, source.rows);
  }
  return sql + ") FROM (SELECT age('3'::xid)::bigint AS three OFFSET 0) since";
}
}  // namespace

std::string fingerprint(Snapshot& snapshot) {
  return snapshot.query(query_for(snapshot.server_major())).text(0, 0);
}

}  // namespace driftd

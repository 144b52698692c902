#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "expected_schema/postgres/snapshot.h"

namespace driftd {
namespace {

/// A catalogue that some kind reads, and the condition that drops only rows that no kind reads.
struct Source {
  std::string_view table;
  std::string_view rows;
  int since = 0;  ///< the server's major that has it
  /// What is added up over the rows, where their versions may not be read.
  std::string_view sum = {};
};

/// What the kinds read, and what definitions print the names of. To plan a source costs a new
/// session about as much as to read a small one: a catalogue stands here when a kind needs it.
/// Not here is what moves with a row that is: pg_attrdef (each change of a default writes
/// pg_attribute), pg_partitioned_table, pg_range and pg_aggregate (with pg_type and pg_proc), and
/// of pg_depend all but the members of extensions (ALTER SEQUENCE OWNED BY writes pg_sequence).
///
/// Objects of initdb have oids below 16384, and pg_catalog is out of scope; public is 2200. The
/// condition stands where it drops most rows by an index: to look into a row costs more than to
/// hash where it stands. Rows of temporary relations stay in: to tell them costs more than a look
/// that was not needed.
constexpr Source sources[] = {
    {"pg_class", "true"},
    {"pg_attribute", "true"},
    {"pg_constraint", "true"},
    {"pg_index", "true"},
    {"pg_inherits", "true"},
    {"pg_sequence", "true"},
    {"pg_trigger", "true"},
    {"pg_policy", "true"},
    {"pg_event_trigger", "true"},
    {"pg_statistic_ext", "true"},
    {"pg_publication", "true"},
    {"pg_publication_rel", "true"},
    {"pg_publication_namespace", "true", 15},
    {"pg_tablespace", "true"},
    {"pg_database", "datname = current_database()"},
    {"pg_user_mappings", "true", 0, "umid::bigint"},
    {"pg_roles", "true", 0, "hashtextextended(oid || rolname, 0)"},
    {"pg_default_acl", "true"},
    {"pg_init_privs", "objoid >= 16384"},
    {"pg_db_role_setting", "true"},
    {"pg_seclabel", "true"},
    {"pg_shdescription", "classoid = 'pg_database'::regclass"},
    {"pg_foreign_data_wrapper", "true"},
    {"pg_rewrite", "true"},
    {"pg_type", "true"},
    {"pg_enum", "true"},
    {"pg_proc", "oid >= 16384"},
    {"pg_operator", "oid >= 16384"},
    {"pg_opclass", "oid >= 16384"},
    {"pg_opfamily", "oid >= 16384"},
    {"pg_amop", "oid >= 16384"},
    {"pg_amproc", "oid >= 16384"},
    {"pg_am", "oid >= 16384"},
    {"pg_cast", "oid >= 16384"},
    {"pg_conversion", "oid >= 16384"},
    {"pg_transform", "true"},
    {"pg_collation", "oid >= 16384"},
    {"pg_language", "true"},
    {"pg_namespace", "true"},
    {"pg_extension", "true"},
    {"pg_depend", "refclassid = 'pg_extension'::regclass"},
    {"pg_description", "objoid >= 16384 OR classoid = 'pg_namespace'::regclass"},
    {"pg_foreign_server", "true"},
    {"pg_foreign_table", "true"},
    {"pg_ts_config", "oid >= 16384"},
    {"pg_ts_config_map", "mapcfg >= 16384"},
    {"pg_ts_dict", "oid >= 16384"},
    {"pg_ts_parser", "oid >= 16384"},
    {"pg_ts_template", "oid >= 16384"},
};

/// A new version of a row has a new xmin, and two versions that were there at once different
/// ctids; together they tell every version from every other. VACUUM moves neither (its updates of
/// pg_class are in place). age() is the cheapest number of a transaction: counted from that of
/// xid 3, so that it stands still but once in 2^31 transactions; the rows of initdb have none, and
/// are only counted. Over pg_attribute of 1,000 tables a bare count(*) costs 1, this 2,
/// xmin::text::bigint 2.5, hashtext() 4. The hash of a tid and bit_xor() over it came with
/// PostgreSQL 14.
std::string_view print_of_rows(int server_major) {
  return server_major >= 14
             ? "bit_xor(hashtidextended(ctid, nullif(age(xmin), 2147483647) - since.three))"
             : "sum(hashtextextended(xmin::text || ctid::text, 0))";
}

/// Of pg_subscription everybody may read these columns, and no system column.
std::string subscriptions(int server_major) {
  std::string columns = "subname, subowner, subenabled, subslotname, subpublications::text";
  if (server_major >= 14) columns += ", subbinary, substream, subsynccommit";
  if (server_major >= 15) columns += ", subtwophasestate, subdisableonerr";
  if (server_major >= 16) columns += ", suborigin, subpasswordrequired, subrunasowner";
  if (server_major >= 17) columns += ", subfailover";
  return fmt::format(
      ", (SELECT concat(count(*), ':', sum(hashtextextended(concat_ws('|', {}), 0)))"
      " FROM pg_subscription"
      " WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database()))",
      columns);
}

std::string query_for(int server_major) {
  std::string sql = "SELECT concat_ws(' '";
  for (const Source& source : sources) {
    if (server_major < source.since) continue;
    const std::string print = source.sum.empty() ? std::string(print_of_rows(server_major))
                                                 : fmt::format("sum({})", source.sum);
    sql += fmt::format(", (SELECT concat(count(*), ':', {}) FROM {} WHERE {})", print, source.table,
                       source.rows);
  }
  return sql + subscriptions(server_major) +
         ") FROM (SELECT age('3'::xid)::bigint AS three OFFSET 0) since";
}
}  // namespace

std::string fingerprint(Snapshot& snapshot) {
  return snapshot.query(query_for(snapshot.server_major())).text(0, 0);
}

std::vector<std::string> fingerprinted_tables(int server_major) {
  std::vector<std::string> tables{"pg_subscription"};
  for (const Source& source : sources) {
    if (server_major < source.since) continue;
    if (source.table == "pg_roles") {
      tables.emplace_back("pg_authid");
    } else if (source.table == "pg_user_mappings") {
      tables.emplace_back("pg_user_mapping");
    } else {
      tables.emplace_back(source.table);
    }
  }
  return tables;
}

bool in_fingerprint(std::string_view catalogue) {
  return catalogue == "pg_subscription" ||
         std::ranges::find(sources, catalogue, &Source::table) != std::end(sources);
}

}  // namespace driftd

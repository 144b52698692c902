#include "expected_schema/history/tenants.h"

#include <fmt/format.h>

#include <algorithm>

#include "expected_schema/base/digest.h"
#include "expected_schema/base/text.h"

namespace driftd {
namespace {

/// So many version tables are read by one statement, and locked at once. A server has room for some
/// thousands of locks, which are the application's.
constexpr std::size_t at_once = 100;

// CREATE SCHEMA refuses names that begin with pg_.
constexpr const char* schemas_sql =
    "SELECT n.nspname, quote_ident(n.nspname), has_schema_privilege(n.oid, 'USAGE'),"
    "       c.oid IS NOT NULL, coalesce(has_table_privilege(c.oid, 'SELECT'), false),"
    "       coalesce(quote_ident(pg_get_userbyid(c.relowner)), ''),"
    "       coalesce(pg_get_userbyid(c.relowner), '')"
    "  FROM pg_namespace n"
    "  LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = $1"
    "                      AND c.relkind IN ('r', 'p', 'v', 'm', 'f')"
    " WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
    " ORDER BY n.nspname COLLATE \"C\"";

bool wanted(const Scope& which, std::string_view schema) {
  const auto matches = [&](const std::string& glob) { return glob_matches(glob, schema); };
  return std::ranges::any_of(which.schemas, matches) &&
         std::ranges::none_of(which.exclude_schemas, matches);
}

std::string current_role(Snapshot& snapshot) {
  return snapshot.query("SELECT quote_ident(current_user)").text(0, 0);
}

Error no_table(const TenantVersion& tenant, const VersionTable& table) {
  return {Reason::History, fmt::format("schema {} has no table {}", tenant.identity, table.name),
          "Its migrations have not run yet, or it is no tenant: see tenants.schemas and "
          "exclude_schemas. Where one table speaks for all tenants, set version_table.schema."};
}

Error unreadable(const TenantVersion& tenant, const VersionTable& table, const std::string& role,
                 bool usable_schema) {
  const std::string name = tenant.identity + "." + quote_identifier(table.name);
  return {Reason::Permission, fmt::format("the version table {} may not be read", name),
          fmt::format("Run as its owner: {}GRANT SELECT ON {} TO {};",
                      usable_schema
                          ? ""
                          : fmt::format("GRANT USAGE ON SCHEMA {} TO {}; ", tenant.identity, role),
                      name, role)};
}

/// The rows of a few version tables, by their index.
std::string rows_sql(const std::vector<TenantVersion*>& tenants, std::size_t begin, std::size_t end,
                     const VersionTable& table) {
  const std::string said =
      table.expression.empty() ? quote_identifier(table.column) : table.expression;
  std::string sql;
  for (std::size_t i = begin; i < end; ++i) {
    if (i > begin) sql += " UNION ALL ";
    sql += fmt::format("SELECT {}, said FROM (SELECT ({})::text AS said FROM {}.{}) AS t{}", i,
                       said, tenants[i]->identity, quote_identifier(table.name), i);
  }
  return fmt::format("SELECT * FROM ({}) AS all_rows WHERE said IS NOT NULL", sql);
}

void read_rows(Snapshot& snapshot, const std::vector<TenantVersion*>& tenants, std::size_t begin,
               std::size_t end, const VersionTable& table) {
  const Rows rows = snapshot.query_and_unlock(rows_sql(tenants, begin, end, table));
  for (std::size_t row = 0; row < rows.size(); ++row) {
    tenants[std::stoul(rows.text(row, 0))]->revisions.push_back(rows.text(row, 1));
  }
}

/// One table that cannot be read does not take the others with it.
void read_each(Snapshot& snapshot, const std::vector<TenantVersion*>& tenants,
               const VersionTable& table) {
  for (std::size_t begin = 0; begin < tenants.size(); begin += at_once) {
    const std::size_t end = std::min(begin + at_once, tenants.size());
    try {
      read_rows(snapshot, tenants, begin, end, table);
      continue;
    } catch (const Error& error) {
      if (error.reason() != Reason::Query && error.reason() != Reason::Permission) throw;
    }
    for (std::size_t i = begin; i < end; ++i) {
      try {
        read_rows(snapshot, tenants, i, i + 1, table);
      } catch (const Error& error) {
        if (error.reason() != Reason::Query && error.reason() != Reason::Permission) throw;
        tenants[i]->problem = Error(error.reason(),
                                    fmt::format("the version table of schema {} cannot be read: {}",
                                                tenants[i]->identity, error.message()),
                                    error.hint());
      }
    }
  }
}

void read_shared(Snapshot& snapshot, std::vector<TenantVersion>& tenants,
                 const VersionTable& table) {
  auto revisions = read_version_table(snapshot, table);
  if (!revisions) {
    throw Error(Reason::History, fmt::format("there is no table {}.{}", table.schema, table.name),
                "Check version_table, by which one table speaks for all tenants.");
  }
  std::ranges::sort(*revisions);
  const std::string owner = owner_of_version_table(snapshot, table);
  for (TenantVersion& tenant : tenants) {
    tenant.revisions = *revisions;
    tenant.owner = owner;
  }
}

/// `"$user", public` is what everybody has.
std::string rest_of_path(const Target& target) {
  std::vector<std::string> rest;
  for (const auto& [name, value] : target.settings) {
    if (name != "search_path") continue;
    for (const std::string& entry : split(value, ',')) {
      const std::string_view schema = trim(entry);
      if (!schema.empty() && schema != "\"$user\"" && schema != "\"\"") rest.emplace_back(schema);
    }
  }
  return rest.empty() ? "public" : join(rest, ", ");
}

Migration extensions_beforehand(
    const std::vector<std::pair<std::string, std::string>>& extensions) {
  Migration migration;
  migration.revision = "extensions";
  migration.message = "the extensions that the database has for all tenants";
  Digest digest;
  for (const auto& [name, schema] : extensions) digest.add(name).add(schema);
  migration.digest = digest.hex();
  migration.upgrade = [extensions](StatementSink& sink) {
    for (const auto& [name, schema] : extensions) {
      const auto answer = sink.query({fmt::format("SELECT FROM pg_catalog.pg_available_extensions"
                                                  " WHERE name = {} AND installed_version IS NULL",
                                                  quote_literal(name)),
                                      {},
                                      "extensions",
                                      false});
      // One that this machine does not have is missed where it is needed, and not before.
      if (!answer || answer->rows.empty()) continue;
      if (schema != "pg_catalog") {
        sink.run(
            {"CREATE SCHEMA IF NOT EXISTS " + quote_identifier(schema), {}, "extensions", false});
      }
      sink.run({fmt::format("CREATE EXTENSION IF NOT EXISTS {} SCHEMA {} CASCADE",
                            quote_identifier(name), quote_identifier(schema)),
                {},
                "extensions",
                false});
    }
  };
  return migration;
}

}  // namespace

std::vector<TenantVersion> read_tenants(Snapshot& snapshot, const Scope& which,
                                        const VersionTable& table) {
  const Rows rows = snapshot.query(schemas_sql, {table.name});
  std::vector<TenantVersion> tenants;
  std::vector<std::size_t> at;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (!wanted(which, rows.text(row, 0))) continue;
    tenants.push_back({rows.text(row, 0), rows.text(row, 1), rows.text(row, 6), {}, {}});
    at.push_back(row);
  }
  if (!table.schema.empty()) {
    if (!tenants.empty()) read_shared(snapshot, tenants, table);
    return tenants;
  }
  std::vector<TenantVersion*> readable;
  std::optional<std::string> role;
  for (std::size_t i = 0; i < tenants.size(); ++i) {
    const std::size_t row = at[i];
    const bool usable = rows.text(row, 2) == "t";
    if (rows.text(row, 3) != "t") {
      tenants[i].problem = no_table(tenants[i], table);
    } else if (!usable || rows.text(row, 4) != "t") {
      if (!role) role = current_role(snapshot);
      tenants[i].problem = unreadable(tenants[i], table, *role, usable);
    } else {
      readable.push_back(&tenants[i]);
    }
  }
  read_each(snapshot, readable, table);
  for (TenantVersion* tenant : readable) std::ranges::sort(tenant->revisions);
  return tenants;
}

std::vector<std::pair<std::string, std::string>> read_extension_schemas(Snapshot& snapshot) {
  const Rows rows = snapshot.query(
      "SELECT e.extname, n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = "
      "e.extnamespace"
      " ORDER BY e.extname COLLATE \"C\"");
  std::vector<std::pair<std::string, std::string>> schemas;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    schemas.emplace_back(rows.text(row, 0), rows.text(row, 1));
  }
  return schemas;
}

AppliedHistory for_tenants(AppliedHistory history,
                           const std::vector<std::pair<std::string, std::string>>& extensions) {
  const Migration beforehand = extensions_beforehand(extensions);
  history.digest = Digest().add("tenants").add(history.digest).add(beforehand.digest).hex();
  history.setup.insert(history.setup.begin(), fmt::format("CREATE SCHEMA {}", tenant_schema));
  history.before.insert(history.before.begin(), beforehand);
  history.made_in = tenant_schema;
  return history;
}

Target tenant_target(Target target) {
  const std::string path = fmt::format("{}, {}", tenant_schema, rest_of_path(target));
  std::erase_if(target.settings, [](const auto& one) { return one.first == "search_path"; });
  target.settings.emplace_back("search_path", path);
  std::ranges::sort(target.settings);
  return target;
}

}  // namespace driftd

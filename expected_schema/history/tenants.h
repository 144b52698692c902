#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "expected_schema/base/error.h"
#include "expected_schema/history/history.h"
#include "expected_schema/introspect/introspect.h"
#include "expected_schema/postgres/snapshot.h"

/// Databases with one schema per tenant, each of which its own migrations brought to its revision.
namespace driftd {

/// What the schema of every tenant is called on the scratch server. No migration has a word of it:
/// wherever it stands in a definition, a tenant's definition has the name of its own schema.
inline constexpr std::string_view tenant_schema = "driftd_tenant";

/// What the version table says of one tenant.
struct TenantVersion {
  std::string schema;                  ///< its name
  std::string identity;                ///< the same as the server quotes it
  std::string owner;                   ///< of the version table: who runs the migrations
  std::vector<std::string> revisions;  ///< sorted
  std::optional<Error> problem;        ///< why they are not known

  friend bool operator==(const TenantVersion&, const TenantVersion&) = delete;
};

/// All schemas that `which` names, by name. A version table with a schema of its own speaks for all
/// of them; else each has one in its schema, and what is wrong with that is a problem of the tenant
/// alone. Takes no lock longer than it reads a few of them. Throws what cannot be told of any
/// tenant, and errors that are passing.
std::vector<TenantVersion> read_tenants(Snapshot& snapshot, const Scope& which,
                                        const VersionTable& table);

/// The schemas of the database's extensions: name, schema; sorted.
std::vector<std::pair<std::string, std::string>> read_extension_schemas(Snapshot& snapshot);

/// The history as it is replayed for any tenant: with its search path (see tenant_target) into the
/// schema `tenant_schema`, which begins empty, beside the extensions that the database has already.
AppliedHistory for_tenants(AppliedHistory history,
                           const std::vector<std::pair<std::string, std::string>>& extensions);

/// The target, with the search path of a tenant.
Target tenant_target(Target target);

}  // namespace driftd

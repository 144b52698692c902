#pragma once

#include <string>
#include <utility>
#include <vector>

#include "expected_schema/catalogue/catalogue.h"
#include "expected_schema/postgres/snapshot.h"

namespace driftd {

/// What of a database is looked at. System schemas, temporary schemas and members of extensions
/// never are.
struct Scope {
  std::vector<std::string> schemas{"*"};     ///< globs over schema names
  std::vector<std::string> exclude_schemas;  ///< globs; stronger than `schemas`
  /// What is read, by the names of groups.h.
  std::vector<std::string> groups{"structure", "code",        "security",
                                  "storage",   "replication", "documentation"};

  friend bool operator==(const Scope&, const Scope&) = default;
};

/// Reads every kind in the snapshot. Both sides of every comparison come from here.
/// `main_owner` is a role whose name is no property: an owner is one only where it is another role.
/// So whoever runs the migrations on one side stands for whoever did on the other. Empty: every
/// owner is told by name.
/// Throws Error{CatalogueChanged} for the marks of a torn read (a definition that is NULL beside
/// an existing row, `???`), else what Session throws.
Catalogue introspect(Snapshot& snapshot, const Scope& scope, const std::string& main_owner = {});

/// What a scratch database must share with the live one.
struct Target {
  std::string database;  ///< its name
  int server_major = 0;
  std::string encoding;  ///< pg_encoding_to_char
  std::string collate;
  std::string ctype;
  std::string owner;               ///< who runs the migrations
  std::vector<std::string> roles;  ///< all role names that do not begin with pg_, sorted
  /// What ALTER DATABASE and ALTER ROLE (the owner's) set for its sessions, of the settings that
  /// change what a migration's SQL means; the value as SET takes it, names in lower case, sorted.
  std::vector<std::pair<std::string, std::string>> settings;
  std::vector<std::pair<std::string, std::string>> extensions;  ///< name, version; sorted

  friend bool operator==(const Target&, const Target&) = default;
};

/// `main_owner`: who runs the migrations; empty: taken to be the owner of the database.
Target read_target(Snapshot& snapshot, const std::string& main_owner = {});

}  // namespace driftd

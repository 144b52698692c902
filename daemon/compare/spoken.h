#pragma once

#include <string_view>
#include <vector>

#include "daemon/compare/drift.h"

namespace driftd {

/// Which privileges are compared.
enum class Privileges {
  Spoken,  ///< of objects on which the migrations grant or revoke something
  All,
  None,
};

/// `spoken`, `all`, `none`: the settings' words.
Privileges privileges_named(std::string_view name);

/// Of a database and its migrations: drops what migrations do not speak of. That is the database
/// itself (the scratch database is made like the live one), settings and security labels that no
/// migration sets, and privileges as asked for.
void drop_unspoken(std::vector<Drift>& drifts, const Expected& expected, Privileges privileges);

}  // namespace driftd

#pragma once

#include <set>
#include <string>
#include <vector>

#include "daemon/compare/drift.h"

namespace driftd {

/// How a team widens and narrows what models speak of.
struct ModelRules {
  std::vector<std::string> also;     ///< kinds of objects that models have whole, such as "view"
  std::vector<std::string> without;  ///< globs over what the migrations make and no model needs

  friend bool operator==(const ModelRules&, const ModelRules&) = default;
};

/// Of models (expected) and the migrations (actual): drops what models do not speak of. That is
/// - every object that is no table, column, constraint, index, enum or domain, and every comment,
///   that no model has: views, functions, triggers, sequences, extensions, privileges, ...;
/// - partitions, and the version table (`version_table`: its name);
/// - of a table, a column, an index, what only the migrations say: storage, statistics, options,
///   the order of columns, collations;
/// - whether a constraint has been validated, which is no part of what it says;
/// - the name of a constraint that PostgreSQL chose on the models' side.
void drop_unmodelled(std::vector<Drift>& drifts, const std::string& version_table,
                     const ModelRules& rules = {});

/// Takes out tables of the models that the migrations make as views: a class may be mapped to one.
void drop_mapped_views(std::vector<Drift>& drifts, const Catalogue& migrations);

/// What of the models is not understood.
struct UnreadTables {
  std::set<std::string> names;  ///< of tables, without their schemas
  bool others = false;          ///< there are parts of which it is not known what they touch
};

/// Takes out what cannot be told while parts of the models are not understood: all that is about
/// those tables, what the migrations have beyond the other ones where it may be theirs.
void drop_unread(std::vector<Drift>& drifts, const UnreadTables& unread);

}  // namespace driftd

#pragma once

#include <string>
#include <vector>

#include "daemon/compare/drift.h"
#include "expected_schema/catalogue/catalogue.h"

/// The migrations that would bring the database to what the models ask for.
namespace driftd::plan {

/// One change, as the body of one revision.
struct Change {
  std::string title;                   ///< the first line of the docstring: "Add users.phone"
  std::vector<std::string> upgrade;    ///< lines of Python
  std::vector<std::string> downgrade;  ///< empty: it cannot be taken back
  std::string warning;  ///< what a person must look at before running it; may be empty
};

struct Plan {
  std::vector<Change> changes;    ///< in an order that runs
  std::vector<ObjectId> by_hand;  ///< what is not planned
};

/// One change a drift, tables before what refers to them, foreign keys of new tables to new tables
/// that come later last. `drifts`: of `wanted` (expected) and `there` (actual).
Plan plan_of(const std::vector<Drift>& drifts, const Catalogue& wanted, const Catalogue& there);

/// A change as the file of a revision.
struct RevisionFile {
  std::string revision;
  std::string name;  ///< of the file
  std::string text;
};

/// A chain that begins behind `head` (empty: no revision yet). Ids are the same for the same
/// changes.
std::vector<RevisionFile> revisions_of(const std::vector<Change>& changes, const std::string& head);

}  // namespace driftd::plan

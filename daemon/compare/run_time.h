#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "daemon/compare/drift.h"

namespace driftd {

/// Objects that the application makes and drops by itself.
struct RunTimePattern {
  std::string written;  ///< as in the settings
  std::string kind;     ///< of the objects; empty: tables and foreign tables
  std::string object;   ///< a glob over identities
};

struct RunTimeRules {
  std::vector<RunTimePattern> patterns;
  /// Of one schema of many that are alike: as the server quotes it, and how it is spoken of.
  /// Patterns may name either.
  std::string schema;
  std::string spoken_schema;
  bool expected_in_use = false;  ///< what is expected is a database in use as well
};

/// What is made at run time, and is no drift.
struct RunTime {
  /// Partitions that only one side has, of a table that both have.
  struct Partitions {
    std::string parent;  ///< the nearest table above them that is expected
    std::size_t there = 0;
    std::size_t gone = 0;  ///< only on the expected side
  };
  struct Declared {
    std::string pattern;  ///< as written
    std::size_t there = 0;
    std::size_t gone = 0;  ///< expected, and not there
    bool used = false;     ///< it names anything at all, on either side
  };
  std::vector<Partitions> partitions;  ///< by parent
  std::vector<Declared> declared;      ///< all patterns, in their order

  std::size_t there() const;
  /// Of another schema with the same rules.
  void add(const RunTime& other);
};

/// compare() that leaves out what is made at run time:
/// - partitions that only `actual` has of a partitioned table that is expected. They are held
///   against their parent: what PostgreSQL does not keep alike and the application or a later
///   migration would notice is a drift, with `like`. Indexes and constraints of their own, how they
///   are stored and what is said of them are nobody's drift; triggers of their own are. One that
///   takes the place of a missing partition, with its bound, is compared with that instead;
/// - what a pattern names and only one side has, with all it contains. A partition is held against
///   its parent all the same, and so is a child by inheritance. What both have is compared, but for
///   a partition that was detached, or attached.
/// A column of a partition is an object only where it is not as its parent's; so one that only one
/// side has, of a table that both have, is held against its parent as well.
/// What is undetermined is not compared, nor held against a partition. `seen` gets what was left
/// out.
std::vector<Drift> compare(const Expected& expected, const Actual& actual,
                           const RunTimeRules& rules, RunTime& seen);

}  // namespace driftd

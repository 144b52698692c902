#pragma once

#include <optional>
#include <string>
#include <vector>

#include "expected_schema/catalogue/catalogue.h"

namespace driftd {

enum class DriftKind {
  Missing,     ///< expected, and not there
  Unexpected,  ///< there, and not expected
  Changed,     ///< there, with other properties
  Renamed,     ///< there in every property, under another name
};

/// `missing`, `unexpected`, `changed`, `renamed`: API and metrics.
std::string_view name_of(DriftKind kind);

struct Difference {
  std::string property;
  std::optional<std::string> expected;  ///< nothing: the property is absent on that side
  std::optional<std::string> actual;

  friend bool operator==(const Difference&, const Difference&) = default;
};

/// A fact: one object is not what it should be. What contains it is; what it contains is part of
/// this drift and no drift of its own when the object is missing or unexpected.
struct Drift {
  ObjectId object;  ///< under its expected name, if it is expected at all
  DriftKind kind = DriftKind::Changed;
  std::vector<Difference> differences;  ///< of Changed, in the order of the kind's properties;
                                        ///< of Renamed one: property "name"
  std::vector<Difference> properties;   ///< of Missing and Unexpected: all of its properties
  std::size_t folded = 0;               ///< how many contained objects share its fate
  std::optional<ObjectId> parent;
  /// Of a partition, or a column of one, that no migration speaks of by itself: what it is held
  /// against, its parent or that parent's column.
  std::optional<ObjectId> like = {};

  friend bool operator==(const Drift&, const Drift&) = default;
};

/// The object as it is called in the database.
ObjectId actual_object(const Drift& drift);

}  // namespace driftd

#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/compare/drift.h"

namespace driftd {

/// What a drift does to the app. Ordered: a larger one is worse.
enum class Impact {
  Harmless,  ///< comments, positions, statistics targets
  Risky,     ///< works today; slow, unsafe, or will fail a later migration
  Breaking,  ///< the app's reads or writes fail, or integrity is lost
};

std::string_view name_of(Impact impact);

struct Consequence {
  Impact impact = Impact::Breaking;
  std::string sentence;  ///< what breaks, one sentence that names the object
};

/// One row of the impact table: what a drift of this shape does.
struct ImpactRule {
  std::string_view kind;  ///< of object; "*" for every kind
  DriftKind drift;
  std::string_view property;  ///< for Changed; "*" for every property; "" otherwise
  Impact impact;
  std::string_view sentence;  ///< with {object}, {name}, {parent}, {like}, {expected}, {actual}
  /// The row fits only where this holds; null: always. The difference is the one of `property`,
  /// or empty where the drift is not Changed.
  bool (*when)(const Drift&, const Difference&) = nullptr;
};

/// The whole table; the first row that fits decides. A test checks that every kind and property
/// that introspect can return has a row of its own.
std::span<const ImpactRule> impact_rules();

/// The kinds of object that the table knows, sorted: the closed list behind the `kind` label.
const std::vector<std::string>& judged_kinds();

/// The worst consequence over the differences of a drift; of equally bad ones the first.
Consequence consequence_of(const Drift& drift);

}  // namespace driftd

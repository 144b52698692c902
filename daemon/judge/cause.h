#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "expected_schema/base/error.h"

namespace driftd {

/// Why a database is not what its applied migrations say. A closed list: API and metrics.
enum class Cause {
  ChangedByHand,       ///< no migration does this
  StampedNotApplied,   ///< the version table has revisions that were never run
  AppliedNotStamped,   ///< pending revisions were run, and the version table has them not
  HalfApplied,         ///< of one revision some statements were run
  EditedAfterApplied,  ///< the file of an applied revision says something else now
  RolledBackImage,     ///< the database has revisions that no file is
};

/// `changed_by_hand`, `stamped_not_applied`, ...
std::string_view name_of(Cause cause);

/// All of them.
std::span<const Cause> all_causes();

/// Whether one deed is behind all findings of a database that have it, so that they are one alert.
bool is_shared(Cause cause);

/// A cause, with what is known of it.
struct NamedCause {
  Cause cause = Cause::ChangedByHand;
  std::string sentence;                ///< for people, without a full stop
  std::vector<std::string> revisions;  ///< that it is about, in the order of their replay
  Place place;                         ///< of half_applied, where it stopped

  friend bool operator==(const NamedCause&, const NamedCause&) = default;
};

}  // namespace driftd

#include "daemon/judge/cause.h"

#include <array>

namespace driftd {

std::string_view name_of(Cause cause) {
  switch (cause) {
    case Cause::ChangedByHand:
      return "changed_by_hand";
    case Cause::StampedNotApplied:
      return "stamped_not_applied";
    case Cause::AppliedNotStamped:
      return "applied_not_stamped";
    case Cause::HalfApplied:
      return "half_applied";
    case Cause::EditedAfterApplied:
      return "edited_after_applied";
    case Cause::RolledBackImage:
      return "rolled_back_image";
  }
  return "changed_by_hand";
}

std::span<const Cause> all_causes() {
  static constexpr std::array all{Cause::ChangedByHand,      Cause::StampedNotApplied,
                                  Cause::AppliedNotStamped,  Cause::HalfApplied,
                                  Cause::EditedAfterApplied, Cause::RolledBackImage};
  return all;
}

bool is_shared(Cause cause) {
  return cause != Cause::ChangedByHand;
}

}  // namespace driftd

#include "daemon/judge/rules/rules.h"

namespace driftd::rules {
namespace {

using enum DriftKind;
using enum Impact;

constexpr ImpactRule table[]{
    // An owner that is not told is the role that runs the migrations.
    ImpactRule{
        "*", Changed, "owner", Risky,
        "{kind} {object} belongs to {actual}, who may change and drop it; the role that runs "
        "the migrations may not",
        was_added},
    ImpactRule{
        "*", Changed, "owner", Risky,
        "{kind} {object} belongs to the role that runs the migrations and not to {expected}: "
        "what {expected} does as its owner fails",
        was_lost},
    ImpactRule{"*", Changed, "owner", Risky,
               "{kind} {object} belongs to {actual} and not to {expected}: what {expected} does as "
               "its owner fails"},
};

}  // namespace

std::span<const ImpactRule> ownership() {
  return table;
}

}  // namespace driftd::rules

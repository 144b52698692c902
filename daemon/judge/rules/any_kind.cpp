#include "daemon/judge/rules/rules.h"

namespace driftd::rules {
namespace {

using enum DriftKind;
using enum Impact;

/// Not knowing is no reason to stay calm.
constexpr ImpactRule table[]{
    ImpactRule{"*", Changed, "parent", Risky,
               "{kind} {object} belongs to {actual} and not to {expected}: it is dropped with "
               "another object"},
    ImpactRule{"*", Missing, "", Breaking, "whatever uses {kind} {object} fails: it is gone"},
    ImpactRule{"*", Unexpected, "", Risky, "{kind} {object} is in no migration"},
    ImpactRule{"*", Changed, "*", Breaking,
               "{kind} {object} is not what the app relies on: its {property} is {actual} and not "
               "{expected}"},
    ImpactRule{"*", Renamed, "", Breaking,
               "whatever names {kind} {expected} fails: it is called {actual}"},
};

}  // namespace

std::span<const ImpactRule> any_kind() {
  return table;
}

}  // namespace driftd::rules

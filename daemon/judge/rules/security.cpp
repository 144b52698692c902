#include "daemon/judge/rules/rules.h"

namespace driftd::rules {
namespace {

using enum DriftKind;
using enum Impact;

constexpr ImpactRule table[]{
    // rule
    ImpactRule{"rule", Missing, "", Breaking,
               "statements on {parent} no longer do what rule {name} did"},
    ImpactRule{"rule", Unexpected, "", Breaking,
               "statements on {parent} are rewritten by rule {name}, which is in no migration"},
    ImpactRule{"rule", Renamed, "", Risky,
               "{expected} is called {actual}: rules apply in the order of their names, and a "
               "migration that drops it will fail"},
    ImpactRule{"rule", Changed, "definition", Breaking,
               "statements on {parent} are rewritten otherwise than meant: rule {name} is another"},
    ImpactRule{"rule", Changed, "enabled", Breaking,
               "statements on {parent} are no longer rewritten by rule {name}: it is disabled",
               is_disabled},
    ImpactRule{
        "rule", Changed, "enabled", Breaking,
        "rule {name} on {parent} applies otherwise than meant: it is {actual} and not {expected}"},
    // policy
    ImpactRule{"policy", Missing, "", Breaking,
               "users of {parent} see or change other rows than meant: policy {name} is gone"},
    ImpactRule{
        "policy", Unexpected, "", Breaking,
        "users of {parent} see or change other rows than meant: policy {name} is in no migration"},
    ImpactRule{
        "policy", Renamed, "", Risky,
        "a migration that drops or alters policy {expected} will fail: it is called {actual}"},
    ImpactRule{"policy", Changed, "command", Breaking,
               "policy {name} of {parent} is for {actual} and not for {expected}: other statements "
               "are let through"},
    ImpactRule{"policy", Changed, "permissive", Breaking,
               "policy {name} of {parent} adds rows where it should take them away, or the "
               "reverse: permissive is {actual} and not {expected}"},
    ImpactRule{"policy", Changed, "roles", Breaking,
               "policy {name} of {parent} is for {actual} and not for {expected}: others see or "
               "change rows"},
    ImpactRule{
        "policy", Changed, "using", Breaking,
        "policy {name} of {parent} shows other rows than meant: {actual} and not {expected}"},
    ImpactRule{"policy", Changed, "with_check", Breaking,
               "policy {name} of {parent} lets other rows be written than meant: {actual} and not "
               "{expected}"},
    // event trigger
    ImpactRule{"event trigger", Missing, "", Breaking,
               "DDL no longer does what event trigger {object} did"},
    ImpactRule{"event trigger", Unexpected, "", Risky,
               "every DDL also runs event trigger {object}, which is in no migration: it can "
               "refuse a migration"},
    ImpactRule{"event trigger", Renamed, "", Risky,
               "event triggers fire in the order of their names: {expected} is called {actual}"},
    ImpactRule{"event trigger", Changed, "event", Breaking,
               "event trigger {object} fires at {actual} and not at {expected}"},
    ImpactRule{"event trigger", Changed, "function", Breaking,
               "event trigger {object} runs {actual} and not {expected}"},
    ImpactRule{"event trigger", Changed, "tags", Breaking,
               "event trigger {object} fires for {actual} and not for {expected}"},
    ImpactRule{"event trigger", Changed, "enabled", Breaking,
               "DDL no longer does what event trigger {object} does: it is disabled", is_disabled},
    ImpactRule{
        "event trigger", Changed, "enabled", Breaking,
        "event trigger {object} fires otherwise than meant: it is {actual} and not {expected}"},
    // user mapping
    ImpactRule{"user mapping", Missing, "", Breaking,
               "queries of that user on foreign tables of {parent} fail: the user mapping {object} "
               "is gone"},
    ImpactRule{"user mapping", Unexpected, "", Risky,
               "{object} can be reached by a user mapping that is in no migration"},
    ImpactRule{
        "user mapping", Renamed, "", Breaking,
        "the user mapping {expected} is {actual}: queries on foreign tables of {parent} fail"},
};

}  // namespace

std::span<const ImpactRule> security() {
  return table;
}

}  // namespace driftd::rules

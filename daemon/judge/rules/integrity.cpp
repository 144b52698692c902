#include "daemon/judge/rules/rules.h"

namespace driftd::rules {
namespace {

using enum DriftKind;
using enum Impact;

constexpr ImpactRule table[]{
    // constraint
    ImpactRule{"constraint", Missing, "", Breaking,
               "{parent} has no primary key: duplicate rows can enter, and ON CONFLICT and logical "
               "replication of updates fail",
               is_primary_key},
    ImpactRule{"constraint", Missing, "", Breaking,
               "duplicates can enter {parent}, and ON CONFLICT on these columns fails: unique "
               "constraint {name} is missing",
               is_unique_key},
    ImpactRule{"constraint", Missing, "", Breaking,
               "rows of {parent} can point to nothing, and deletes no longer reach them: foreign "
               "key {name} is missing",
               is_foreign_key},
    ImpactRule{"constraint", Missing, "", Breaking,
               "values that check {name} forbids can enter {parent}", is_check},
    ImpactRule{"constraint", Missing, "", Breaking, "rows that {name} forbids can enter {parent}"},
    ImpactRule{
        "constraint", Unexpected, "", Breaking,
        "rows in violation can enter {parent}, and stay, while {name} is shown as valid: its "
        "triggers are disabled there",
        is_not_enforced},
    ImpactRule{"constraint", Unexpected, "", Breaking,
               "writes to {parent} that the app holds for valid fail where they violate {name}, "
               "which is in no migration"},
    ImpactRule{"constraint", Renamed, "", Risky,
               "{expected} is called {actual}: ON CONFLICT ON CONSTRAINT, error handling by name "
               "and a migration that drops it fail"},
    ImpactRule{"constraint", Changed, "definition", Breaking,
               "{name} of {parent} lets other rows pass than meant: it is {actual} and not "
               "{expected}"},
    ImpactRule{"constraint", Changed, "type", Breaking,
               "{name} of {parent} is a constraint of another type: {actual} and not {expected}"},
    ImpactRule{"constraint", Changed, "triggers", Breaking,
               "rows in violation can enter, and stay, while {name} of {parent} is shown as valid: "
               "its triggers are disabled",
               is_disabled},
    ImpactRule{"constraint", Changed, "triggers", Breaking,
               "{name} of {parent} is enforced in other sessions than meant: its triggers are "
               "{actual} and not {expected}"},
    ImpactRule{"constraint", Changed, "tablespace", Harmless,
               "the index behind {object} is kept in tablespace {actual} and not in {expected}"},
    ImpactRule{"index", Changed, "tablespace", Harmless,
               "{object} is kept in tablespace {actual} and not in {expected}"},
    ImpactRule{"constraint", Changed, "validated", Risky,
               "old rows of {parent} may violate {name}: it is NOT VALID", became_false},
    ImpactRule{"constraint", Changed, "validated", Harmless,
               "{name} of {parent} has been validated, where the migrations left it NOT VALID"},
    ImpactRule{"constraint", Changed, "deferrable", Breaking,
               "{name} of {parent} can be deferred: {actual}, expected {expected}; SET CONSTRAINTS "
               "and writes that are consistent only at commit fail or pass otherwise"},
    ImpactRule{
        "constraint", Changed, "deferred", Breaking,
        "{name} of {parent} is checked at commit: {actual}, expected {expected}; errors come "
        "at another statement"},
    ImpactRule{"constraint", Changed, "no_inherit", Risky,
               "{name} of {parent} is not inherited: {actual}, expected {expected}; child tables "
               "are held to other rules"},

    ImpactRule{"constraint", Changed, "references", Breaking,
               "{name} of {parent} points to {actual} and not to {expected}: valid rows are "
               "refused, and others pass"},
    ImpactRule{"constraint", Changed, "partitions_without", Breaking,
               "duplicates can enter {parent} in {actual}: {name} has no index there that is valid "
               "and attached"},
    ImpactRule{"constraint", Changed, "options", Harmless,
               "storage options of {name} are {actual} and not {expected}"},
    ImpactRule{"constraint", Changed, "valid", Breaking,
               "duplicates may stand in {parent}: the index behind {name} is invalid",
               became_false},
    ImpactRule{"constraint", Changed, "valid", Harmless,
               "the index behind {name} is valid, where the migrations leave it invalid"},

    // index
    ImpactRule{
        "index", Missing, "", Breaking,
        "duplicates can enter {parent}, and ON CONFLICT on these columns fails: unique index "
        "{object} is missing",
        is_unique},
    ImpactRule{"index", Missing, "", Risky,
               "queries on {parent} that index {object} was made for read the whole table"},
    ImpactRule{
        "index", Unexpected, "", Risky,
        "index {object} is being built, or is what a failed CREATE INDEX CONCURRENTLY left: no "
        "query uses it, and writes to {parent} pay for it",
        is_unfinished},
    ImpactRule{
        "index", Unexpected, "", Breaking,
        "inserts and updates of {parent} fail on values that are there already: unique index "
        "{object} is in no migration",
        is_unique},
    ImpactRule{"index", Unexpected, "", Harmless,
               "index {object} is in no migration: writes to {parent} keep it up for nothing the "
               "app asked for, and a migration that creates it will fail"},
    ImpactRule{
        "index", Renamed, "", Risky,
        "index {expected} is called {actual}: a migration that drops or alters it will fail"},
    ImpactRule{"index", Changed, "unique", Breaking,
               "inserts and updates of {parent} fail on duplicates: {object} has become unique",
               became_true},
    ImpactRule{"index", Changed, "unique", Breaking,
               "duplicates can enter {parent}: {object} is unique no longer"},
    ImpactRule{"index", Changed, "valid", Risky,
               "no query uses index {object}, yet every write pays for it: it is invalid, as a "
               "failed CREATE INDEX CONCURRENTLY leaves it",
               became_false},
    ImpactRule{"index", Changed, "valid", Harmless,
               "index {object} is valid, where the migrations leave it invalid"},
    ImpactRule{"index", Changed, "partitions_without", Risky,
               "{actual} of {parent} cannot use index {object}: theirs is not there, invalid or "
               "not attached; a unique one keeps no duplicates out of them"},
    ImpactRule{"index", Changed, "options", Harmless,
               "storage options of {object} are {actual} and not {expected}"},
    ImpactRule{"index", Changed, "statistics", Harmless,
               "statistics targets of {object} are {actual} and not {expected}"},

    ImpactRule{"index", Changed, "columns", Risky,
               "index {object} is over {actual} and not {expected}: queries it was made for read "
               "the whole table, and a unique one keeps other duplicates out"},
    ImpactRule{"index", Changed, "predicate", Risky,
               "index {object} holds the rows {actual} and not {expected}: queries it was made for "
               "read the whole table, and a unique one guards other rows"},
    ImpactRule{"index", Changed, "method", Risky,
               "index {object} is a {actual} and not a {expected}: it serves other queries"},
};

}  // namespace

std::span<const ImpactRule> integrity() {
  return table;
}

}  // namespace driftd::rules

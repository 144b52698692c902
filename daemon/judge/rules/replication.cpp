#include "daemon/judge/rules/rules.h"

namespace driftd::rules {
namespace {

using enum DriftKind;
using enum Impact;

constexpr ImpactRule table[]{
    // publication
    ImpactRule{"publication", Missing, "", Breaking,
               "subscribers get no more changes: publication {object} is gone"},
    ImpactRule{"publication", Unexpected, "", Risky,
               "publication {object} is in no migration: tables in it may need a replica identity "
               "for updates and deletes to succeed"},
    ImpactRule{"publication", Renamed, "", Breaking,
               "subscribers that name publication {expected} fail: it is called {actual}"},
    ImpactRule{
        "publication", Changed, "all_tables", Breaking,
        "subscribers of {object} get the changes of all tables: {actual}, expected {expected}"},
    ImpactRule{"publication", Changed, "operations", Breaking,
               "subscribers of {object} get {actual} and not {expected}: their copies differ"},
    ImpactRule{"publication", Changed, "via_root", Breaking,
               "changes of partitions reach subscribers of {object} under the name of their root: "
               "{actual}, expected {expected}"},
    ImpactRule{"publication", Changed, "generated_columns", Breaking,
               "subscribers of {object} get the generated columns {actual} and not {expected}"},
    ImpactRule{"publication table, publication schema", Missing, "", Breaking,
               "subscribers get no more changes of {object}"},
    ImpactRule{"publication table, publication schema", Unexpected, "", Risky,
               "subscribers get changes of {object}, which is in no migration: they fail where "
               "they have no such table"},
    ImpactRule{"publication table", Changed, "columns", Breaking,
               "subscribers get the columns {actual} of {object} and not {expected}"},
    ImpactRule{"publication table", Changed, "rows", Breaking,
               "subscribers get the rows {actual} of {object} and not {expected}"},
    // subscription
    ImpactRule{"subscription", Missing, "", Breaking,
               "no more changes arrive by subscription {object}: it is gone"},
    ImpactRule{
        "subscription", Unexpected, "", Risky,
        "subscription {object}, which is in no migration, writes into tables of this database"},
    ImpactRule{"subscription", Renamed, "", Risky,
               "a migration that names subscription {expected} will fail: it is called {actual}"},
    ImpactRule{"subscription", Changed, "enabled", Breaking,
               "no more changes arrive by subscription {object}: it is disabled", became_false},
    ImpactRule{"subscription", Changed, "enabled", Risky,
               "changes arrive by subscription {object}, which the migrations leave disabled"},
    ImpactRule{"subscription", Changed, "slot", Breaking,
               "subscription {object} takes changes from slot {actual} and not from {expected}"},
    ImpactRule{"subscription", Changed, "publications", Breaking,
               "subscription {object} takes the publications {actual} and not {expected}"},
    ImpactRule{"subscription", Changed, "synchronous_commit", Risky,
               "subscription {object} works otherwise than meant: its {property} is {actual} and "
               "not {expected}"},
    ImpactRule{"subscription", Changed, "binary", Risky,
               "subscription {object} works otherwise than meant: its {property} is {actual} and "
               "not {expected}"},
    ImpactRule{"subscription", Changed, "streaming", Risky,
               "subscription {object} works otherwise than meant: its {property} is {actual} and "
               "not {expected}"},
    ImpactRule{"subscription", Changed, "two_phase", Risky,
               "subscription {object} works otherwise than meant: its {property} is {actual} and "
               "not {expected}"},
    ImpactRule{"subscription", Changed, "disable_on_error", Risky,
               "subscription {object} works otherwise than meant: its {property} is {actual} and "
               "not {expected}"},
    ImpactRule{"subscription", Changed, "origin", Risky,
               "subscription {object} works otherwise than meant: its {property} is {actual} and "
               "not {expected}"},
    ImpactRule{"subscription", Changed, "password_required", Risky,
               "subscription {object} works otherwise than meant: its {property} is {actual} and "
               "not {expected}"},
    ImpactRule{"subscription", Changed, "run_as_owner", Risky,
               "subscription {object} works otherwise than meant: its {property} is {actual} and "
               "not {expected}"},
    ImpactRule{"subscription", Changed, "failover", Risky,
               "subscription {object} works otherwise than meant: its {property} is {actual} and "
               "not {expected}"},
    // foreign data
    ImpactRule{"foreign data wrapper, server", Missing, "", Breaking,
               "queries on foreign tables of {object} fail: the {kind} is gone"},
    ImpactRule{"foreign data wrapper, server", Unexpected, "", Harmless,
               "{kind} {object} is in no migration; a migration that creates it will fail"},
    ImpactRule{"foreign data wrapper, server", Renamed, "", Risky,
               "migrations that name {expected} fail: the {kind} is called {actual}"},
    ImpactRule{"foreign data wrapper", Changed, "handler", Breaking,
               "queries on foreign tables of {object} are run by {actual} and not by {expected}"},
    ImpactRule{"foreign data wrapper", Changed, "validator", Risky,
               "options of {object} are checked by {actual} and not by {expected}"},
    ImpactRule{"foreign data wrapper, server", Changed, "options", Breaking,
               "queries on foreign tables of {object} go elsewhere or fail: its options are "
               "{actual} and not {expected}"},
    ImpactRule{
        "server", Changed, "wrapper", Breaking,
        "queries on foreign tables of {object} go through {actual} and not through {expected}"},
    ImpactRule{"server", Changed, "type", Risky,
               "server {object} is of type {actual} and not {expected}"},
    ImpactRule{"server", Changed, "version", Risky,
               "server {object} is of version {actual} and not {expected}"},
    // statistics
    ImpactRule{"statistics", Missing, "", Risky,
               "queries on {parent} may get bad plans: the statistics {object} are gone"},
    ImpactRule{"statistics", Unexpected, "", Harmless,
               "the statistics {object} are in no migration; a migration that drops or retypes "
               "their columns takes them along"},
    ImpactRule{"statistics", Renamed, "", Risky,
               "migrations that name the statistics {expected} fail: they are called {actual}"},
    ImpactRule{"statistics", Changed, "definition", Risky,
               "queries on {parent} may get bad plans: the statistics {object} are {actual} and "
               "not {expected}"},
    ImpactRule{"statistics", Changed, "target", Harmless,
               "the statistics target of {object} is {actual} and not {expected}"},
};

}  // namespace

std::span<const ImpactRule> replication() {
  return table;
}

}  // namespace driftd::rules

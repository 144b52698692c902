#include "daemon/judge/rules/rules.h"

namespace driftd::rules {
namespace {

using enum DriftKind;
using enum Impact;

bool of_run_time(const Drift& drift, const Difference&) {
  return drift.like.has_value();
}
bool of_run_time_lost(const Drift& drift, const Difference& d) {
  return of_run_time(drift, d) && was_lost(drift, d);
}
bool of_run_time_added(const Drift& drift, const Difference& d) {
  return of_run_time(drift, d) && was_added(drift, d);
}
bool of_run_time_disabled(const Drift& drift, const Difference& d) {
  return of_run_time(drift, d) && is_disabled(drift, d);
}
bool of_run_time_stricter(const Drift& drift, const Difference& d) {
  return of_run_time(drift, d) && became_true(drift, d);
}

/// Rows reach a partition through its parent, which fills in defaults and lets rows be seen.
constexpr ImpactRule table[]{
    ImpactRule{"table, foreign table", Changed, "owner", Risky,
               "{object} belongs to {actual}, and {like} to the role that runs the migrations: a "
               "migration that alters {like}, and with it its partitions, will fail",
               of_run_time_added},
    ImpactRule{"table, foreign table", Changed, "owner", Risky,
               "{object} belongs to the role that runs the migrations, and {like} to {expected}: "
               "when {expected} alters {like}, and with it its partitions, that fails",
               of_run_time_lost},
    ImpactRule{"table, foreign table", Changed, "owner", Risky,
               "{object} belongs to {actual}, and {like} to {expected}: to alter {like}, and with "
               "it its partitions, fails",
               of_run_time},
    ImpactRule{"table, foreign table", Changed, "persistence", Breaking,
               "rows of {like} that {object} holds are gone after a crash, and are on no standby: "
               "it is {actual}",
               of_run_time},
    ImpactRule{"table, foreign table", Changed, "detach_pending", Breaking,
               "queries on {like} pass the rows of {object} by: DETACH PARTITION CONCURRENTLY was "
               "not finished",
               of_run_time},
    ImpactRule{"table, foreign table", Changed, "row_security", Risky,
               "whoever may read {object} by itself sees all its rows: the row security of {like} "
               "is not on there",
               of_run_time},
    ImpactRule{"column", Changed, "not_null", Breaking,
               "rows that belong to {parent} are refused where {name} is NULL, which {like} allows",
               of_run_time_stricter},
    ImpactRule{"column", Changed, "default", Harmless,
               "rows that are written to {parent} itself, and not through its parent, are not "
               "given {expected} where they leave {name} out",
               of_run_time_lost},
    ImpactRule{"column", Changed, "default", Risky,
               "rows that are written to {parent} itself, and not through its parent, get "
               "{actual}, where {like} has no default",
               of_run_time_added},
    ImpactRule{"column", Changed, "default", Risky,
               "rows that are written to {parent} itself, and not through its parent, get {actual} "
               "and not {expected}, as {like} says",
               of_run_time},
    ImpactRule{"column", Changed, "generated", Breaking,
               "{object} is computed as {actual} and not as {expected}, as {like} is", of_run_time},
    ImpactRule{"trigger", Changed, "enabled", Breaking,
               "rows that go to {parent} do not run {like}: the trigger is disabled there",
               of_run_time_disabled},
    ImpactRule{"trigger", Changed, "enabled", Breaking,
               "rows that go to {parent} run {like} otherwise than meant: it is {actual} there and "
               "not {expected}",
               of_run_time},
};

}  // namespace

std::span<const ImpactRule> run_time() {
  return table;
}

}  // namespace driftd::rules

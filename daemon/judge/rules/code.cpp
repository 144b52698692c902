#include "daemon/judge/rules/rules.h"

namespace driftd::rules {
namespace {

using enum DriftKind;
using enum Impact;

constexpr ImpactRule table[]{
    // view
    ImpactRule{"view", Missing, "", Breaking, "every query on {object} fails: the view is gone"},
    ImpactRule{
        "view", Unexpected, "", Risky,
        "view {object} is in no migration: migrations that drop or retype what it reads will "
        "fail"},
    ImpactRule{"view", Renamed, "", Breaking,
               "every query on {expected} fails: the view is called {actual}"},
    ImpactRule{
        "view", Changed, "definition", Breaking,
        "queries on {object} give other rows or columns than meant: it is defined otherwise"},
    ImpactRule{"view, materialized view", Changed, "tablespace", Harmless,
               "{object} is kept in tablespace {actual} and not in {expected}"},
    ImpactRule{"view, materialized view", Changed, "clustered_on", Harmless,
               "CLUSTER orders {object} by {actual} and not by {expected}"},
    ImpactRule{"view column", Missing, "", Breaking,
               "inserts into {parent} that leave {name} out store something else: what was set for "
               "the column is gone"},
    ImpactRule{"view column", Unexpected, "", Risky,
               "something is set for column {name} of {parent} that is in no migration"},
    ImpactRule{"view column", Changed, "default", Risky,
               "inserts into {parent} that leave {name} out store {actual} and not {expected}"},
    ImpactRule{"view column", Changed, "statistics", Harmless,
               "the statistics target of {object} is {actual} and not {expected}"},
    ImpactRule{"view column", Changed, "storage", Harmless,
               "long values of {object} are stored as {actual} and not as {expected}"},
    ImpactRule{"view column", Changed, "compression", Harmless,
               "long values of {object} are compressed by {actual} and not by {expected}"},
    ImpactRule{"view column", Changed, "options", Harmless,
               "the options of {object} are {actual} and not {expected}"},
    ImpactRule{"view", Changed, "access_method", Harmless,
               "{object} is stored by {actual} and not by {expected}"},
    ImpactRule{"view", Changed, "populated", Harmless,
               "{object} holds data: {actual}, expected {expected}"},
    ImpactRule{"view", Changed, "options", Risky,
               "{object} has the options {actual} and not {expected}: who may see and write what "
               "through it may differ"},

    // materialized view
    ImpactRule{"materialized view", Missing, "", Breaking,
               "every query on {object} fails: the materialized view is gone"},
    ImpactRule{"materialized view", Unexpected, "", Risky,
               "materialized view {object} is in no migration: migrations that drop or retype what "
               "it reads will fail"},
    ImpactRule{"materialized view", Renamed, "", Breaking,
               "every query on {expected} fails: the materialized view is called {actual}"},
    ImpactRule{
        "materialized view", Changed, "definition", Breaking,
        "queries on {object} give other rows or columns than meant: it is defined otherwise"},
    ImpactRule{"materialized view", Changed, "populated", Breaking,
               "every query on {object} fails until it is refreshed: it holds no data",
               became_false},
    ImpactRule{"materialized view", Changed, "populated", Harmless,
               "{object} holds data, where the migrations leave it empty"},
    ImpactRule{"materialized view", Changed, "options", Harmless,
               "storage options of {object} are {actual} and not {expected}"},
    ImpactRule{"materialized view", Changed, "access_method", Harmless,
               "{object} is stored by {actual} and not by {expected}"},

    // function
    ImpactRule{"function", Missing, "", Breaking,
               "every call of {object} fails, in queries, defaults, checks and triggers: the "
               "function is gone"},
    ImpactRule{"function", Unexpected, "", Risky,
               "function {object} is in no migration: calls that were clear may choose it instead"},
    ImpactRule{"function", Renamed, "", Breaking,
               "every call of {expected} fails: the function is called {actual}"},

    // procedure
    ImpactRule{"procedure", Missing, "", Breaking,
               "every CALL of {object} fails: the procedure is gone"},
    ImpactRule{
        "procedure", Unexpected, "", Risky,
        "procedure {object} is in no migration: calls that were clear may choose it instead"},
    ImpactRule{"procedure", Renamed, "", Breaking,
               "every CALL of {expected} fails: the procedure is called {actual}"},

    // function and procedure
    ImpactRule{"function, procedure", Changed, "body", Breaking,
               "{object} does something else than meant: its body was replaced"},
    ImpactRule{"function, procedure", Changed, "arguments", Breaking,
               "calls of {object} that name arguments or leave some out fail: it takes ({actual}) "
               "and not ({expected})"},
    ImpactRule{"function, procedure", Changed, "result", Breaking,
               "callers of {object} get {actual} and not {expected}"},
    ImpactRule{"function, procedure", Changed, "language", Breaking,
               "{object} is written in {actual} and not in {expected}: it is another program"},
    ImpactRule{"function, procedure", Changed, "library", Breaking,
               "{object} is code of {actual} and not of {expected}"},
    ImpactRule{"function, procedure", Changed, "window", Breaking,
               "{object} is a window function: {actual}, expected {expected}"},
    ImpactRule{"function, procedure", Changed, "strict", Breaking,
               "{object} gives NULL for NULL without being run: {actual}, expected {expected}"},
    ImpactRule{"function, procedure", Changed, "security_definer", Breaking,
               "{object} runs with its owner's rights, whoever calls it", became_true},
    ImpactRule{"function, procedure", Changed, "security_definer", Breaking,
               "callers of {object} without rights of their own are refused: it runs with its "
               "owner's rights no longer"},
    ImpactRule{"function, procedure", Changed, "config", Breaking,
               "{object} runs with the settings {actual} and not {expected}: a search_path here "
               "decides what its names mean"},
    ImpactRule{"function, procedure", Changed, "volatility", Risky,
               "{object} is {actual} and not {expected}: its result is taken for constant, or "
               "computed anew, where it was not"},
    ImpactRule{"function, procedure", Changed, "leakproof", Risky,
               "{object} is trusted before row security: {actual}, expected {expected}"},
    ImpactRule{"function, procedure", Changed, "parallel", Risky,
               "{object} is parallel {actual} and not {expected}: plans may be slower or wrong"},
    ImpactRule{"function, procedure", Changed, "cost", Harmless,
               "the planner takes the cost of {object} to be {actual} and not {expected}"},
    ImpactRule{"function, procedure", Changed, "rows", Harmless,
               "the planner expects {actual} rows of {object} and not {expected}"},
    ImpactRule{"function, procedure", Changed, "support", Harmless,
               "the planner asks {actual} about {object} and not {expected}"},
    ImpactRule{"function, procedure", Changed, "transforms", Breaking,
               "{object} meets its arguments in another form: transforms {actual}, expected "
               "{expected}"},

    // trigger
    ImpactRule{"trigger", Missing, "", Breaking,
               "writes to {parent} no longer do what trigger {name} did"},
    ImpactRule{
        "trigger", Unexpected, "", Breaking,
        "writes to {parent} do not run trigger {name}, which is disabled there and not on the "
        "table above it",
        is_disabled_trigger},
    ImpactRule{"trigger", Unexpected, "", Breaking,
               "every write to {parent} also runs trigger {name}, which is in no migration: it can "
               "change or refuse rows"},
    ImpactRule{"trigger", Renamed, "", Risky,
               "{expected} is called {actual}: triggers fire in the order of their names, and a "
               "migration that drops it will fail"},
    ImpactRule{"trigger", Changed, "definition", Breaking,
               "writes to {parent} do something else than meant: trigger {name} is {actual}"},
    ImpactRule{"trigger", Changed, "enabled", Breaking,
               "writes to {parent} no longer do what trigger {name} does: it is disabled",
               is_disabled},
    ImpactRule{"trigger", Changed, "enabled", Breaking,
               "writes to {parent} run trigger {name} otherwise than meant: it is {actual} and not "
               "{expected}"},
};

}  // namespace

std::span<const ImpactRule> code() {
  return table;
}

}  // namespace driftd::rules

#include <algorithm>
#include <array>

#include "daemon/judge/impact.h"

/// Sentences are for whoever is woken by them: what fails now, for whom, with names and values.
/// For each kind: the drifts of the object as a whole, then its properties; a row with a condition
/// stands before the row without one.
namespace driftd {
namespace {

using enum DriftKind;
using enum Impact;

bool is_true(const std::optional<std::string>& value) {
  return value && (*value == "true" || *value == "t");
}

/// A property of a missing or unexpected object.
std::optional<std::string> fact(const Drift& drift, std::string_view property) {
  const auto found = std::ranges::find(drift.properties, property, &Difference::property);
  if (found == drift.properties.end()) return std::nullopt;
  return found->expected ? found->expected : found->actual;
}

bool became_true(const Drift&, const Difference& d) {
  return is_true(d.actual);
}
bool became_false(const Drift&, const Difference& d) {
  return !is_true(d.actual);
}
bool was_lost(const Drift&, const Difference& d) {
  return !d.actual;
}
bool was_added(const Drift&, const Difference& d) {
  return !d.expected;
}

bool is_unique(const Drift& drift, const Difference&) {
  return is_true(fact(drift, "unique"));
}

/// CREATE INDEX CONCURRENTLY makes the index first and then fills it.
bool is_unfinished(const Drift& drift, const Difference&) {
  return fact(drift, "valid") == "false";
}

bool is_disabled(const Drift&, const Difference& d) {
  return d.actual == "disabled";
}

/// An insert that does not name the column fails.
bool must_be_given(const Drift& drift, const Difference&) {
  return is_true(fact(drift, "not_null")) && !fact(drift, "default") &&
         !fact(drift, "identity_kind") && !fact(drift, "generated");
}

bool of_type(const Drift& drift, std::string_view type) {
  return fact(drift, "type") == type;
}

bool is_primary_key(const Drift& d, const Difference&) {
  return of_type(d, "primary key");
}
bool is_unique_key(const Drift& d, const Difference&) {
  return of_type(d, "unique");
}
bool is_foreign_key(const Drift& d, const Difference&) {
  return of_type(d, "foreign key");
}
bool is_check(const Drift& d, const Difference&) {
  return of_type(d, "check");
}

/// All old labels are still there, in their order: values were added, none was taken away.
bool only_grew(const Drift&, const Difference& difference) {
  if (!difference.expected || !difference.actual) return false;
  std::string_view rest = *difference.actual;
  std::string_view wanted = *difference.expected;
  while (!wanted.empty()) {
    const auto end = std::min(wanted.find_first_of(",\n"), wanted.size());
    const std::string_view label = wanted.substr(0, end);
    const auto at = rest.find(label);
    if (at == std::string_view::npos) return false;
    rest.remove_prefix(at + label.size());
    wanted.remove_prefix(std::min(end + 1, wanted.size()));
  }
  return true;
}

constexpr std::array rules{
    // schema
    ImpactRule{"schema", Missing, "", Breaking,
               "every query that names something in schema {object} fails: the schema is gone"},
    ImpactRule{"schema", Unexpected, "", Harmless,
               "schema {object} is in no migration; nothing of the app needs it"},
    ImpactRule{
        "schema", Renamed, "", Breaking,
        "every query that names something in schema {expected} fails: it is called {actual}"},

    // table
    ImpactRule{"table, foreign table", Missing, "", Breaking,
               "every query on {object} fails: the {kind} is gone"},
    ImpactRule{"table, foreign table", Unexpected, "", Harmless,
               "{kind} {object} is in no migration; the app does not know it, and a migration that "
               "creates a table of this name will fail"},
    ImpactRule{"table, foreign table", Renamed, "", Breaking,
               "every query on {expected} fails: the table is called {actual}"},
    ImpactRule{"table, foreign table", Changed, "persistence", Breaking,
               "rows of {object} are kept otherwise than meant ({actual} and not {expected}): an "
               "unlogged table is empty after a crash and on every standby"},
    ImpactRule{"table, foreign table", Changed, "row_security", Breaking,
               "row security of {object} is off: every user with SELECT sees every row",
               became_false},
    ImpactRule{"table, foreign table", Changed, "row_security", Breaking,
               "row security of {object} is on: rows without a policy are invisible to the app"},
    ImpactRule{"table, foreign table", Changed, "force_row_security", Risky,
               "row security of {object} is forced on its owner ({actual}, expected {expected}): "
               "the owner sees other rows than meant"},
    ImpactRule{"table, foreign table", Changed, "partition_key", Breaking,
               "{object} is divided by {actual} and not by {expected}: inserts may find no "
               "partition, and unique keys hold other columns than meant"},
    ImpactRule{"table, foreign table", Changed, "partition_bound", Breaking,
               "partition {object} takes {actual} and not {expected}: inserts outside of it fail"},
    ImpactRule{
        "table, foreign table", Changed, "inherits", Breaking,
        "{object} inherits from {actual} and not from {expected}: queries on the parents see "
        "other rows"},
    ImpactRule{"table, foreign table", Changed, "of_type", Risky,
               "{object} is of type {actual} and not {expected}: its columns follow another type"},
    ImpactRule{"table, foreign table", Changed, "replica_identity", Risky,
               "logical replication identifies rows of {object} by {actual} and not by {expected}: "
               "updates and deletes may be refused or not arrive"},
    ImpactRule{"table, foreign table", Changed, "access_method", Risky,
               "{object} is stored by {actual} and not by {expected}"},
    ImpactRule{"table, foreign table", Changed, "options", Harmless,
               "storage options of {object} are {actual} and not {expected}: vacuum and fill may "
               "behave otherwise"},

    ImpactRule{"table, foreign table", Changed, "toast_options", Harmless,
               "storage options of the long values of {object} are {actual} and not {expected}"},
    ImpactRule{"table, foreign table", Changed, "clustered_on", Harmless,
               "CLUSTER orders {object} by {actual} and not by {expected}"},
    ImpactRule{"table, foreign table", Changed, "server", Breaking,
               "queries on {object} ask the server {actual} and not {expected}"},
    ImpactRule{"table, foreign table", Changed, "foreign_options", Breaking,
               "queries on {object} reach other data than meant: its options are {actual} and not "
               "{expected}"},

    // column
    ImpactRule{"column", Missing, "", Breaking,
               "every query that names {object} fails, and an ORM names every column of its model: "
               "reads and writes of {parent} fail"},
    ImpactRule{"column", Unexpected, "", Breaking,
               "inserts into {parent} fail: {object} is NOT NULL without a default, and the app "
               "does not know it",
               must_be_given},
    ImpactRule{"column", Unexpected, "", Risky,
               "{object} is in no migration: queries of the app pass it by, and a migration that "
               "adds a column of this name will fail"},
    ImpactRule{"column", Renamed, "", Breaking,
               "every query that names {expected} fails: the column is called {actual}"},
    ImpactRule{
        "column", Changed, "type", Breaking,
        "{object} is {actual} and not {expected}: writes of values that do not fit fail, and "
        "reads give the app another type"},
    ImpactRule{"column", Changed, "not_null", Breaking,
               "inserts that leave {object} out fail: it has become NOT NULL", became_true},
    ImpactRule{"column", Changed, "not_null", Breaking,
               "NULL can enter {object}, which is NOT NULL no longer: code that relies on a value "
               "will meet none",
               became_false},
    ImpactRule{"column", Changed, "default", Breaking,
               "inserts that leave {object} out store NULL or fail: its default {expected} is gone",
               was_lost},
    ImpactRule{"column", Changed, "default", Risky,
               "inserts that leave {object} out store {actual}, where nothing was expected",
               was_added},
    ImpactRule{"column", Changed, "default", Risky,
               "inserts that leave {object} out store {actual} and not {expected}"},
    ImpactRule{"column", Changed, "identity_kind", Breaking,
               "inserts that leave {object} out fail: it numbers rows by itself no longer",
               was_lost},
    ImpactRule{
        "column", Changed, "identity_kind", Breaking,
        "{object} numbers rows by itself ({actual}, expected {expected}): inserts that give a "
        "value may be refused"},
    ImpactRule{"column", Changed, "generated", Breaking,
               "{object} is computed no longer: it keeps what is written, and goes stale",
               was_lost},
    ImpactRule{"column", Changed, "generated", Breaking,
               "{object} is computed as {actual} and not as {expected}: writes to it fail or its "
               "values are others"},
    ImpactRule{
        "column", Changed, "collation", Risky,
        "{object} sorts and compares by {actual} and not by {expected}: ORDER BY, ranges and "
        "unique keys answer otherwise"},
    ImpactRule{"column", Changed, "position", Harmless,
               "{object} stands at another place: only SELECT * without names and COPY without a "
               "column list notice"},
    ImpactRule{"column", Changed, "statistics", Harmless,
               "statistics target of {object} is {actual} and not {expected}: plans may differ"},
    ImpactRule{"column", Changed, "storage", Harmless,
               "{object} is stored {actual} and not {expected}"},
    ImpactRule{"column", Changed, "compression", Harmless,
               "{object} is compressed by {actual} and not by {expected}"},
    ImpactRule{"column", Changed, "options", Harmless,
               "options of {object} are {actual} and not {expected}: plans may differ"},

    ImpactRule{"column", Changed, "identity_sequence", Risky,
               "{object} numbers rows otherwise: {actual} and not {expected}"},
    ImpactRule{"column", Changed, "generated_virtual", Harmless,
               "{object} is computed when it is read: {actual}, expected {expected}"},
    ImpactRule{"column", Changed, "foreign_options", Breaking,
               "{object} reads another remote column than meant: its options are {actual} and not "
               "{expected}"},

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

    // sequence
    ImpactRule{"sequence", Missing, "", Breaking,
               "inserts that take a number from {object} fail: the sequence is gone"},
    ImpactRule{"sequence", Unexpected, "", Harmless,
               "sequence {object} is in no migration; nothing of the app takes numbers from it"},
    ImpactRule{"sequence", Renamed, "", Breaking,
               "whoever takes numbers from {expected} by name fails: it is called {actual}"},
    ImpactRule{
        "sequence", Changed, "type", Breaking,
        "{object} counts in {actual} and not in {expected}: inserts fail when it is used up, "
        "or its numbers do not fit the column"},
    ImpactRule{"sequence", Changed, "increment", Risky,
               "{object} counts by {actual} and not by {expected}: clients that take blocks of "
               "numbers will collide"},
    ImpactRule{"sequence", Changed, "start", Harmless,
               "{object} starts at {actual} and not at {expected} when it is restarted"},
    ImpactRule{"sequence", Changed, "minimum", Risky,
               "{object} has the minimum {actual} and not {expected}"},
    ImpactRule{"sequence", Changed, "maximum", Breaking,
               "{object} ends at {actual} and not at {expected}: inserts fail when it is used up"},
    ImpactRule{"sequence", Changed, "cache", Harmless,
               "{object} gives each session {actual} numbers at a time and not {expected}: larger "
               "gaps"},
    ImpactRule{"sequence", Changed, "cycle", Breaking,
               "{object} starts over when it is used up: numbers will come twice", became_true},
    ImpactRule{"sequence", Changed, "cycle", Breaking,
               "inserts fail when {object} is used up: it starts over no longer"},
    ImpactRule{"sequence", Changed, "owned_by", Risky,
               "{object} belongs to column {actual} and not to {expected}: it is dropped with "
               "another column, or with none"},
    ImpactRule{"sequence", Changed, "persistence", Risky,
               "{object} is {actual} and not {expected}: an unlogged sequence starts over after a "
               "crash"},

    // enum
    ImpactRule{"enum", Missing, "", Breaking,
               "queries that cast to {object} fail: the type is gone"},
    ImpactRule{"enum", Unexpected, "", Harmless,
               "enum {object} is in no migration; a migration that creates it will fail"},
    ImpactRule{"enum", Renamed, "", Breaking,
               "queries that cast to {expected} fail: the type is called {actual}"},
    ImpactRule{"enum", Changed, "labels", Risky,
               "{object} has values that the app does not know ({actual}): reading such a row may "
               "fail",
               only_grew},
    ImpactRule{"enum", Changed, "labels", Breaking,
               "writes of values that {object} lacks fail, and its order is another: it has "
               "{actual} and not {expected}"},

    // domain
    ImpactRule{"domain", Missing, "", Breaking,
               "queries that cast to {object} fail: the domain is gone"},
    ImpactRule{"domain", Unexpected, "", Harmless,
               "domain {object} is in no migration; a migration that creates it will fail"},
    ImpactRule{"domain", Renamed, "", Breaking,
               "queries that cast to {expected} fail: the domain is called {actual}"},
    ImpactRule{"domain", Changed, "type", Breaking,
               "values of {object} are {actual} and not {expected}"},
    ImpactRule{"domain", Changed, "not_null", Breaking,
               "writes of NULL to columns of {object} fail: it has become NOT NULL", became_true},
    ImpactRule{"domain", Changed, "not_null", Breaking,
               "NULL can enter columns of {object}: it is NOT NULL no longer"},
    ImpactRule{"domain", Changed, "default", Risky,
               "inserts that leave out columns of {object} store {actual} and not {expected}"},
    ImpactRule{"domain", Changed, "collation", Risky,
               "columns of {object} sort and compare by {actual} and not by {expected}"},

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

    // extension
    ImpactRule{"extension", Missing, "", Breaking,
               "queries that use types, functions or operators of {object} fail: the extension is "
               "gone"},
    ImpactRule{"extension", Unexpected, "", Harmless,
               "extension {object} is in no migration; a migration that creates it without IF NOT "
               "EXISTS will fail"},
    ImpactRule{"extension", Changed, "version", Risky,
               "extension {object} is at version {actual} and not {expected}: functions may behave "
               "otherwise or be absent"},
    ImpactRule{"extension", Changed, "schema", Breaking,
               "calls into {object} that name schema {expected} fail: it is in {actual}"},

    // comment
    ImpactRule{"comment", Missing, "", Harmless, "the comment on {object} is gone; nothing fails"},
    ImpactRule{"comment", Unexpected, "", Harmless,
               "the comment on {object} is in no migration; nothing fails"},
    ImpactRule{"comment", Changed, "text", Harmless,
               "the comment on {object} is another; nothing fails"},

    // Any kind: for what has no row of its own. Not knowing is no reason to stay calm.
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

std::span<const ImpactRule> impact_rules() {
  return rules;
}

}  // namespace driftd

#include "daemon/judge/rules/rules.h"

namespace driftd::rules {
namespace {

using enum DriftKind;
using enum Impact;

constexpr ImpactRule table[]{
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
               "rows that belong to partition {object} are gone, and inserts of such rows into "
               "{parent} fail or go to its default partition; one that is dropped on purpose, when "
               "its rows are old, is named in made_at_run_time",
               is_partition},
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
    ImpactRule{
        "table, foreign table", Changed, "detach_pending", Breaking,
        "queries on the parent of {object} pass its rows by: DETACH PARTITION CONCURRENTLY was "
        "not finished",
        was_added},
    ImpactRule{"table, foreign table", Changed, "detach_pending", Harmless,
               "the detaching of {object} is not under way any longer"},
    ImpactRule{"table, foreign table", Changed, "tablespace", Harmless,
               "{object} is kept in tablespace {actual} and not in {expected}"},
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
};

}  // namespace

std::span<const ImpactRule> relations() {
  return table;
}

}  // namespace driftd::rules

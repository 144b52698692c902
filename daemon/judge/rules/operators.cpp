#include "daemon/judge/rules/rules.h"

namespace driftd::rules {
namespace {

using enum DriftKind;
using enum Impact;

constexpr ImpactRule table[]{
    // operator
    ImpactRule{"operator", Missing, "", Breaking,
               "queries that use {object} fail: the operator is gone"},
    ImpactRule{
        "operator", Unexpected, "", Risky,
        "operator {object} is in no migration: expressions that were clear may choose it instead"},
    ImpactRule{"operator", Renamed, "", Breaking,
               "queries that use {expected} fail: the operator is called {actual}"},
    ImpactRule{"operator", Changed, "function", Breaking,
               "{object} gives other results: it is {actual} and not {expected}"},
    ImpactRule{"operator", Changed, "result", Breaking,
               "{object} gives {actual} and not {expected}"},
    ImpactRule{"operator", Changed, "commutator", Risky,
               "the planner takes {actual} for the commutator of {object} and not {expected}: "
               "other plans, or wrong ones"},
    ImpactRule{"operator", Changed, "negator", Risky,
               "the planner takes {actual} for the negator of {object} and not {expected}: other "
               "plans, or wrong ones"},
    ImpactRule{"operator", Changed, "restrict", Harmless,
               "the planner estimates {object} by {actual} and not by {expected}: slower plans"},
    ImpactRule{"operator", Changed, "join", Harmless,
               "the planner estimates joins over {object} by {actual} and not by {expected}: "
               "slower plans"},
    ImpactRule{"operator", Changed, "hashes", Risky,
               "{object} can be used for hash joins: {actual}, expected {expected}"},
    ImpactRule{"operator", Changed, "merges", Risky,
               "{object} can be used for merge joins: {actual}, expected {expected}"},

    // operator family and class
    ImpactRule{"operator family, operator class", Missing, "", Risky,
               "indexes by {object} cannot be created, and a migration that names it fails: the "
               "{kind} is gone"},
    ImpactRule{"operator family, operator class", Unexpected, "", Harmless,
               "{kind} {object} is in no migration; a migration that creates it will fail"},
    ImpactRule{"operator family, operator class", Renamed, "", Risky,
               "migrations that name {expected} fail: the {kind} is called {actual}"},
    ImpactRule{"operator class", Changed, "type", Risky,
               "{object} is for {actual} and not for {expected}"},
    ImpactRule{"operator class", Changed, "default", Risky,
               "{object} is what indexes take when they name no operator class: {actual}, expected "
               "{expected}"},
    ImpactRule{"operator class", Changed, "storage_type", Risky,
               "indexes by {object} keep {actual} and not {expected}"},
    ImpactRule{"operator family, operator class", Changed, "operators", Risky,
               "indexes by {object} serve the operators {actual} and not {expected}: slower "
               "queries, or wrong order"},
    ImpactRule{
        "operator family, operator class", Changed, "functions", Risky,
        "indexes by {object} work by {actual} and not by {expected}: their order may be wrong"},

    // cast
    ImpactRule{"cast", Missing, "", Breaking,
               "expressions that cast {object} fail or mean something else: the cast is gone"},
    ImpactRule{"cast", Unexpected, "", Risky,
               "cast {object} is in no migration: expressions that were clear may use it"},
    ImpactRule{"cast", Renamed, "", Breaking, "whoever casts {expected} fails: it is {actual}"},
    ImpactRule{"cast", Changed, "method", Breaking,
               "{object} gives other results: it is made by {actual} and not by {expected}"},
    ImpactRule{"cast", Changed, "context", Breaking,
               "the cast {object} is {actual} and not {expected}: statements fail for want of it, "
               "or become ambiguous"},

    // conversion
    ImpactRule{
        "conversion", Missing, "", Risky,
        "whoever names conversion {object} fails, and clients of its encoding may: it is gone"},
    ImpactRule{"conversion", Unexpected, "", Harmless,
               "conversion {object} is in no migration; a migration that creates it will fail"},
    ImpactRule{"conversion", Renamed, "", Risky,
               "whoever names conversion {expected} fails: it is called {actual}"},
    ImpactRule{"conversion", Changed, "from", Breaking,
               "{object} converts from {actual} and not from {expected}"},
    ImpactRule{"conversion", Changed, "to", Breaking,
               "{object} converts to {actual} and not to {expected}"},
    ImpactRule{"conversion", Changed, "function", Breaking,
               "{object} converts by {actual} and not by {expected}: texts may arrive as others"},
    ImpactRule{"conversion", Changed, "default", Risky,
               "{object} is used for its encodings by default: {actual}, expected {expected}"},

    // collation
    ImpactRule{"collation", Missing, "", Breaking,
               "queries and columns that use collation {object} fail: it is gone"},
    ImpactRule{"collation", Unexpected, "", Harmless,
               "collation {object} is in no migration; a migration that creates it will fail"},
    ImpactRule{"collation", Renamed, "", Breaking,
               "queries that use {expected} fail: the collation is called {actual}"},
    ImpactRule{"collation", Changed, "provider", Breaking,
               "texts under {object} sort and compare otherwise: its {property} is {actual} and "
               "not {expected}"},
    ImpactRule{"collation", Changed, "collate", Breaking,
               "texts under {object} sort and compare otherwise: its {property} is {actual} and "
               "not {expected}"},
    ImpactRule{"collation", Changed, "ctype", Breaking,
               "texts under {object} sort and compare otherwise: its {property} is {actual} and "
               "not {expected}"},
    ImpactRule{"collation", Changed, "locale", Breaking,
               "texts under {object} sort and compare otherwise: its {property} is {actual} and "
               "not {expected}"},
    ImpactRule{"collation", Changed, "rules", Breaking,
               "texts under {object} sort and compare otherwise: its {property} is {actual} and "
               "not {expected}"},
    ImpactRule{"collation", Changed, "encoding", Breaking,
               "texts under {object} sort and compare otherwise: its {property} is {actual} and "
               "not {expected}"},
    ImpactRule{"collation", Changed, "deterministic", Breaking,
               "texts under {object} that differ in bytes may be equal: deterministic is {actual}, "
               "expected {expected}"},
    ImpactRule{"collation", Changed, "version_mismatch", Risky,
               "indexes over {object} may be out of order, and lookups miss rows: the library has "
               "changed since the collation was made",
               was_added},
    ImpactRule{"collation", Changed, "version_mismatch", Harmless,
               "the recorded version of {object} is that of the library"},

    // access method
    ImpactRule{
        "access method", Missing, "", Risky,
        "statements that create tables or indexes by {object} fail: the access method is gone"},
    ImpactRule{"access method", Unexpected, "", Harmless,
               "access method {object} is in no migration; a migration that creates it will fail"},
    ImpactRule{"access method", Renamed, "", Risky,
               "whoever names access method {expected} fails: it is called {actual}"},
    ImpactRule{"access method", Changed, "type", Breaking,
               "access method {object} is for {actual}s and not for {expected}s"},
    ImpactRule{"access method", Changed, "handler", Breaking,
               "{object} is handled by {actual} and not by {expected}: another program reads what "
               "is stored"},

    // language
    ImpactRule{"language", Missing, "", Breaking,
               "functions in language {object} fail: it is gone"},
    ImpactRule{"language", Unexpected, "", Harmless,
               "language {object} is in no migration; a migration that creates it will fail"},
    ImpactRule{"language", Renamed, "", Risky,
               "migrations that name language {expected} fail: it is called {actual}"},
    ImpactRule{"language", Changed, "trusted", Risky,
               "everybody may write functions in {object}: {actual}, expected {expected}"},
    ImpactRule{"language", Changed, "handler", Breaking,
               "functions in {object} are run by {actual} and not by {expected}"},
    ImpactRule{"language", Changed, "inline", Breaking,
               "DO blocks in {object} are run by {actual} and not by {expected}"},
    ImpactRule{
        "language", Changed, "validator", Risky,
        "functions in {object} are checked by {actual} and not by {expected} when they are made"},

    // transform
    ImpactRule{
        "transform", Missing, "", Breaking,
        "functions that use the transform {object} get their values in another form: it is gone"},
    ImpactRule{"transform", Unexpected, "", Risky,
               "transform {object} is in no migration; a migration that creates it will fail"},
    ImpactRule{"transform", Renamed, "", Breaking, "the transform {expected} is {actual}"},
    ImpactRule{"transform", Changed, "from_sql", Breaking,
               "functions get values by {actual} and not by {expected}: the transform {object} is "
               "another"},
    ImpactRule{"transform", Changed, "to_sql", Breaking,
               "functions give values by {actual} and not by {expected}: the transform {object} is "
               "another"},

    // text search
    ImpactRule{"text search configuration", Missing, "", Breaking,
               "searches that name {object} fail: the {kind} is gone"},
    ImpactRule{"text search configuration", Unexpected, "", Harmless,
               "{kind} {object} is in no migration; a migration that creates it will fail"},
    ImpactRule{"text search configuration", Renamed, "", Breaking,
               "searches that name {expected} fail: the {kind} is called {actual}"},
    ImpactRule{"text search dictionary", Missing, "", Breaking,
               "searches that name {object} fail: the {kind} is gone"},
    ImpactRule{"text search dictionary", Unexpected, "", Harmless,
               "{kind} {object} is in no migration; a migration that creates it will fail"},
    ImpactRule{"text search dictionary", Renamed, "", Breaking,
               "searches that name {expected} fail: the {kind} is called {actual}"},
    ImpactRule{"text search parser, text search template", Missing, "", Risky,
               "{kind} {object} is gone: what is built on it cannot be made again"},
    ImpactRule{"text search parser, text search template", Unexpected, "", Harmless,
               "{kind} {object} is in no migration; a migration that creates it will fail"},
    ImpactRule{"text search parser, text search template", Renamed, "", Risky,
               "migrations that name {expected} fail: the {kind} is called {actual}"},
    ImpactRule{
        "text search configuration", Changed, "parser", Breaking,
        "searches by {object} find other rows: texts are cut by {actual} and not by {expected}"},
    ImpactRule{
        "text search configuration", Changed, "mappings", Breaking,
        "searches by {object} find other rows: its words go through other dictionaries than meant"},
    ImpactRule{"text search dictionary", Changed, "template", Breaking,
               "searches through {object} find other rows: it is made from {actual} and not from "
               "{expected}"},
    ImpactRule{
        "text search dictionary", Changed, "options", Breaking,
        "searches through {object} find other rows: its options are {actual} and not {expected}"},
    ImpactRule{"text search parser", Changed, "start", Breaking,
               "searches built on {object} find other rows: its {property} function is {actual} "
               "and not {expected}"},
    ImpactRule{"text search parser", Changed, "token", Breaking,
               "searches built on {object} find other rows: its {property} function is {actual} "
               "and not {expected}"},
    ImpactRule{"text search parser", Changed, "end", Breaking,
               "searches built on {object} find other rows: its {property} function is {actual} "
               "and not {expected}"},
    ImpactRule{"text search parser", Changed, "lextypes", Breaking,
               "searches built on {object} find other rows: its {property} function is {actual} "
               "and not {expected}"},
    ImpactRule{"text search template", Changed, "init", Breaking,
               "searches built on {object} find other rows: its {property} function is {actual} "
               "and not {expected}"},
    ImpactRule{"text search template", Changed, "lexize", Breaking,
               "searches built on {object} find other rows: its {property} function is {actual} "
               "and not {expected}"},
    ImpactRule{"text search parser", Changed, "headline", Risky,
               "headlines by {object} are made by {actual} and not by {expected}"},
};

}  // namespace

std::span<const ImpactRule> operators() {
  return table;
}

}  // namespace driftd::rules

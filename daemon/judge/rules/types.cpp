#include "daemon/judge/rules/rules.h"

namespace driftd::rules {
namespace {

using enum DriftKind;
using enum Impact;

constexpr ImpactRule table[]{
    // composite type
    ImpactRule{"composite type", Missing, "", Breaking,
               "queries and functions that use {object} fail: the type is gone"},
    ImpactRule{"composite type", Unexpected, "", Harmless,
               "composite type {object} is in no migration; a migration that creates it will fail"},
    ImpactRule{"composite type", Renamed, "", Breaking,
               "queries and functions that use {expected} fail: the type is called {actual}"},

    // attribute
    ImpactRule{"attribute", Missing, "", Breaking,
               "whoever reads or builds a {parent} fails: its attribute {name} is gone"},
    ImpactRule{"attribute", Unexpected, "", Breaking,
               "whoever builds a {parent} by position fails or fills the wrong attribute: {name} "
               "is in no migration"},
    ImpactRule{"attribute", Renamed, "", Breaking,
               "whoever names {expected} fails: it is called {actual}"},
    ImpactRule{"attribute", Changed, "type", Breaking,
               "{object} is {actual} and not {expected}: values that do not fit fail, and readers "
               "get another type"},
    ImpactRule{"attribute", Changed, "collation", Risky,
               "{object} sorts and compares by {actual} and not by {expected}"},
    ImpactRule{"attribute", Changed, "position", Breaking,
               "whoever builds or reads a {parent} by position takes {name} for another attribute: "
               "it is at {actual} and not at {expected}"},

    // range
    ImpactRule{"range", Missing, "", Breaking,
               "queries on columns of {object} fail: the range type is gone"},
    ImpactRule{"range", Unexpected, "", Harmless,
               "range type {object} is in no migration; a migration that creates it will fail"},
    ImpactRule{"range", Renamed, "", Breaking,
               "queries that use {expected} fail: the range type is called {actual}"},
    ImpactRule{"range", Changed, "subtype", Breaking,
               "{object} is a range of {actual} and not of {expected}"},
    ImpactRule{"range", Changed, "operator_class", Breaking,
               "bounds of {object} are ordered by {actual} and not by {expected}: other values lie "
               "between them"},
    ImpactRule{"range", Changed, "collation", Breaking,
               "bounds of {object} are ordered by {actual} and not by {expected}: other values lie "
               "between them"},
    ImpactRule{"range", Changed, "canonical", Breaking,
               "equal ranges of {object} may look different: their canonical form is made by "
               "{actual} and not by {expected}"},
    ImpactRule{"range", Changed, "subtype_difference", Harmless,
               "GiST indexes over {object} are balanced by {actual} and not by {expected}"},
    ImpactRule{"range", Changed, "multirange", Breaking,
               "queries that use multirange {expected} fail: it is called {actual}"},

    // base type and shell type
    ImpactRule{"base type, shell type", Missing, "", Breaking,
               "queries that use {object} fail: the {kind} is gone"},
    ImpactRule{"base type, shell type", Unexpected, "", Harmless,
               "{kind} {object} is in no migration; a migration that creates it will fail"},
    ImpactRule{"base type, shell type", Renamed, "", Breaking,
               "queries that use {expected} fail: the {kind} is called {actual}"},
    ImpactRule{"base type, shell type", Changed, "input", Breaking,
               "values of {object} are read by {actual} and not by {expected}"},
    ImpactRule{"base type, shell type", Changed, "output", Breaking,
               "values of {object} are written by {actual} and not by {expected}"},
    ImpactRule{"base type, shell type", Changed, "receive", Breaking,
               "binary values of {object} are read by {actual} and not by {expected}: drivers that "
               "send binary fail"},
    ImpactRule{"base type, shell type", Changed, "send", Breaking,
               "binary values of {object} are written by {actual} and not by {expected}: drivers "
               "that ask for binary fail"},
    ImpactRule{
        "base type, shell type", Changed, "modifier_input", Breaking,
        "columns of {object} with a modifier are declared by {actual} and not by {expected}"},
    ImpactRule{"base type, shell type", Changed, "modifier_output", Breaking,
               "modifiers of {object} are printed by {actual} and not by {expected}"},
    ImpactRule{"base type, shell type", Changed, "subscript", Breaking,
               "subscripts of {object} are worked out by {actual} and not by {expected}"},
    ImpactRule{"base type, shell type", Changed, "length", Breaking,
               "values of {object} take {actual} bytes and not {expected}: stored values are read "
               "wrongly"},
    ImpactRule{"base type, shell type", Changed, "by_value", Breaking,
               "values of {object} are passed by value: {actual}, expected {expected}"},
    ImpactRule{"base type, shell type", Changed, "alignment", Breaking,
               "values of {object} are aligned as {actual} and not as {expected}: stored values "
               "are read wrongly"},
    ImpactRule{
        "base type, shell type", Changed, "default", Breaking,
        "columns of {object} without a default of their own get {actual} and not {expected}"},
    ImpactRule{"base type, shell type", Changed, "element", Breaking,
               "elements of {object} are {actual} and not {expected}"},
    ImpactRule{"base type, shell type", Changed, "delimiter", Breaking,
               "elements in arrays of {object} are divided by {actual} and not by {expected}"},
    ImpactRule{"base type, shell type", Changed, "collatable", Breaking,
               "values of {object} can have a collation: {actual}, expected {expected}"},
    ImpactRule{"base type, shell type", Changed, "analyze", Harmless,
               "statistics over {object} are gathered by {actual} and not by {expected}"},
    ImpactRule{"base type, shell type", Changed, "storage", Harmless,
               "long values of {object} are stored as {actual} and not as {expected}"},
    ImpactRule{"base type, shell type", Changed, "category", Risky,
               "{object} is of type category {actual} and not {expected}: calls may resolve to "
               "other functions"},
    ImpactRule{"base type, shell type", Changed, "preferred", Risky,
               "{object} is preferred among types of its category: {actual}, expected {expected}: "
               "calls may resolve to other functions"},

    // aggregate
    ImpactRule{"aggregate", Missing, "", Breaking,
               "queries that use {object} fail: the aggregate is gone"},
    ImpactRule{
        "aggregate", Unexpected, "", Risky,
        "aggregate {object} is in no migration: calls that were clear may choose it instead"},
    ImpactRule{"aggregate", Renamed, "", Breaking,
               "queries that use {expected} fail: the aggregate is called {actual}"},
    ImpactRule{
        "aggregate", Changed, "arguments", Breaking,
        "calls of {object} fail or mean something else: it takes ({actual}) and not ({expected})"},
    ImpactRule{"aggregate", Changed, "result", Breaking,
               "queries get {actual} of {object} and not {expected}"},
    ImpactRule{
        "aggregate", Changed, "set", Breaking,
        "{object} is an ordered-set aggregate of another kind: {actual}, expected {expected}"},
    ImpactRule{
        "aggregate", Changed, "transition", Breaking,
        "{object} gives other results: its transition function is {actual} and not {expected}"},
    ImpactRule{"aggregate", Changed, "state", Breaking,
               "{object} keeps its state in {actual} and not in {expected}"},
    ImpactRule{"aggregate", Changed, "initial", Breaking,
               "{object} begins with {actual} and not with {expected}: other results"},
    ImpactRule{"aggregate", Changed, "final", Breaking,
               "{object} gives other results: its final function is {actual} and not {expected}"},
    ImpactRule{
        "aggregate", Changed, "final_extra", Breaking,
        "the final function of {object} is given the arguments too: {actual}, expected {expected}"},
    ImpactRule{"aggregate", Changed, "final_modify", Risky,
               "the final function of {object} is taken to be {actual} and not {expected}: wrong "
               "results as a window function, or slower"},
    ImpactRule{"aggregate", Changed, "combine", Risky,
               "{object} joins the results of parallel workers by {actual} and not by {expected}"},
    ImpactRule{"aggregate", Changed, "serialize", Risky,
               "{object} hands its state to parallel workers by {actual} and not by {expected}"},
    ImpactRule{"aggregate", Changed, "deserialize", Risky,
               "{object} takes its state from parallel workers by {actual} and not by {expected}"},
    ImpactRule{"aggregate", Changed, "moving_transition", Risky,
               "{object} over a moving window is worked out by {actual} and not by {expected}"},
    ImpactRule{"aggregate", Changed, "moving_inverse", Risky,
               "{object} over a moving window takes rows back by {actual} and not by {expected}"},
    ImpactRule{"aggregate", Changed, "moving_state", Risky,
               "{object} over a moving window keeps its state in {actual} and not in {expected}"},
    ImpactRule{
        "aggregate", Changed, "moving_state_size", Harmless,
        "the planner takes the moving state of {object} to need {actual} bytes and not {expected}"},
    ImpactRule{"aggregate", Changed, "moving_initial", Breaking,
               "{object} over a moving window begins with {actual} and not with {expected}"},
    ImpactRule{"aggregate", Changed, "moving_final", Breaking,
               "{object} over a moving window ends with {actual} and not with {expected}"},
    ImpactRule{"aggregate", Changed, "moving_final_extra", Risky,
               "the moving final function of {object} is given the arguments too: {actual}, "
               "expected {expected}"},
    ImpactRule{"aggregate", Changed, "moving_final_modify", Risky,
               "the moving final function of {object} is taken to be {actual} and not {expected}"},
    ImpactRule{"aggregate", Changed, "state_size", Harmless,
               "the planner takes the state of {object} to need {actual} bytes and not {expected}"},
    ImpactRule{
        "aggregate", Changed, "sort_operator", Risky,
        "{object} can use an index by {actual} and not by {expected}: slower, or other results"},
    ImpactRule{"aggregate", Changed, "parallel", Risky,
               "{object} is parallel {actual} and not {expected}: plans may be slower or wrong"},
};

}  // namespace

std::span<const ImpactRule> types() {
  return table;
}

}  // namespace driftd::rules

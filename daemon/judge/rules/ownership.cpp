#include "daemon/judge/rules/rules.h"

namespace driftd::rules {
namespace {

using enum DriftKind;
using enum Impact;

constexpr ImpactRule table[]{
    // privilege
    ImpactRule{"privilege", Missing, "", Breaking,
               "statements fail for want of a privilege: {object} is gone"},
    ImpactRule{"privilege", Unexpected, "", Risky,
               "somebody may do what no migration allows, or no longer may: {object}"},
    ImpactRule{"privilege", Renamed, "", Breaking,
               "another role has the privileges: {actual}, and not {expected}"},
    ImpactRule{
        "privilege", Changed, "privileges", Breaking,
        "statements fail for want of a privilege, or somebody may do more than meant: {object} "
        "is {actual} and not {expected}"},
    ImpactRule{"default privilege", Missing, "", Risky,
               "new objects begin with other privileges than meant: {object} is gone"},
    ImpactRule{"default privilege", Unexpected, "", Risky,
               "new objects begin with privileges that are in no migration: {object}"},
    ImpactRule{"default privilege", Renamed, "", Risky,
               "new objects begin with privileges for {actual} and not for {expected}"},
    ImpactRule{"default privilege", Changed, "privileges", Risky,
               "new objects begin with {actual} and not with {expected}: {object}"},

    // security label
    ImpactRule{"security label", Missing, "", Breaking,
               "a security module lets other things happen than meant: {object} is gone"},
    ImpactRule{
        "security label", Unexpected, "", Risky,
        "a security module lets other things happen than meant: {object} is in no migration"},
    ImpactRule{"security label", Renamed, "", Risky, "{expected} has become {actual}"},
    ImpactRule{
        "security label", Changed, "label", Breaking,
        "a security module lets other things happen than meant: {object} is {actual} and not "
        "{expected}"},

    // database
    ImpactRule{"database", Missing, "", Breaking, "the database is gone"},
    ImpactRule{"database", Unexpected, "", Risky, "the database is not expected"},
    ImpactRule{"database", Changed, "encoding", Breaking,
               "texts are stored in {actual} and not in {expected}: some cannot be stored"},
    ImpactRule{"database", Changed, "collate", Breaking,
               "texts sort and compare by {actual} and not by {expected}"},
    ImpactRule{"database", Changed, "ctype", Risky,
               "letters are told by {actual} and not by {expected}: upper() and searches differ"},
    ImpactRule{"database", Changed, "locale_provider", Breaking,
               "texts sort and compare by {actual} and not by {expected}"},
    ImpactRule{"database", Changed, "locale", Breaking,
               "texts sort and compare by {actual} and not by {expected}"},
    ImpactRule{"database", Changed, "rules", Breaking,
               "texts sort and compare by {actual} and not by {expected}"},
    ImpactRule{"database", Changed, "version_mismatch", Risky,
               "indexes over texts may be out of order, and lookups miss rows: the library has "
               "changed since the database was made",
               was_added},
    ImpactRule{"database", Changed, "version_mismatch", Harmless,
               "the recorded version of the collation is that of the library"},
    ImpactRule{"database", Changed, "connections_allowed", Breaking,
               "nobody can connect to the database", became_false},
    ImpactRule{"database", Changed, "connections_allowed", Risky,
               "the database can be connected to"},
    ImpactRule{"database", Changed, "connection_limit", Risky,
               "{actual} sessions may connect at once and not {expected}"},
    ImpactRule{
        "database", Changed, "template", Risky,
        "everybody who may create databases can copy this one: {actual}, expected {expected}"},
    ImpactRule{"database", Changed, "tablespace", Harmless,
               "the database is kept in tablespace {actual} and not in {expected}"},
    ImpactRule{"database", Changed, "comment", Harmless,
               "the comment on the database is another; nothing fails"},

    // setting
    ImpactRule{"setting", Missing, "", Risky,
               "sessions run with another value than meant: {object} is set no longer"},
    ImpactRule{"setting", Unexpected, "", Risky,
               "sessions run with another value than meant: {object} is set by no migration"},
    ImpactRule{"setting", Renamed, "", Risky, "{actual} is set in the place of {expected}"},
    ImpactRule{
        "setting", Changed, "value", Risky,
        "sessions run with another value than meant: {object} is {actual} and not {expected}"},

    // An owner that is not told is the role that runs the migrations.
    ImpactRule{
        "*", Changed, "owner", Risky,
        "{kind} {object} belongs to {actual}, who may change and drop it; the role that runs "
        "the migrations may not",
        was_added},
    ImpactRule{
        "*", Changed, "owner", Risky,
        "{kind} {object} belongs to the role that runs the migrations and not to {expected}: "
        "what {expected} does as its owner fails",
        was_lost},
    ImpactRule{"*", Changed, "owner", Risky,
               "{kind} {object} belongs to {actual} and not to {expected}: what {expected} does as "
               "its owner fails"},
};

}  // namespace

std::span<const ImpactRule> ownership() {
  return table;
}

}  // namespace driftd::rules

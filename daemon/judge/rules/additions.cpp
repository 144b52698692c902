#include "daemon/judge/rules/rules.h"

namespace driftd::rules {
namespace {

using enum DriftKind;
using enum Impact;

constexpr ImpactRule table[]{
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
};

}  // namespace

std::span<const ImpactRule> additions() {
  return table;
}

}  // namespace driftd::rules

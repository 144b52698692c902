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

    // extension member
    ImpactRule{"extension member", Missing, "", Risky,
               "what uses {object} fails or does something else: the extension no longer has it"},
    ImpactRule{"extension member", Unexpected, "", Harmless,
               "{object} was made a part of an extension that does not make it"},
    ImpactRule{"extension member", Changed, "body", Risky,
               "{object} no longer does what its extension wrote: somebody replaced it, and no "
               "dump keeps that"},
    ImpactRule{"extension member", Changed, "library", Risky,
               "{object} is loaded from {actual} and not from {expected}: somebody replaced it"},
    ImpactRule{"extension member", Changed, "result", Breaking,
               "{object} returns {actual} and not {expected}, which its extension and its callers "
               "rely on"},
    ImpactRule{"extension member", Changed, "security_definer", Risky,
               "{object} runs with the rights of another role than its extension chose"},
    ImpactRule{"extension member", Changed, "config", Risky,
               "{object} runs under settings that its extension does not give it"},
    ImpactRule{
        "extension member", Changed, "columns", Risky,
        "{object} has other columns than its extension made, which its next update may not expect"},
    ImpactRule{"extension member", Changed, "constraints", Risky,
               "{object} takes other values than its extension allows"},
    ImpactRule{"extension member", Changed, "indexes", Risky,
               "{object} has other indexes than its extension made"},
    ImpactRule{
        "extension member", Changed, "triggers", Risky,
        "the triggers of {object} are not those of its extension: rows are handled otherwise"},
    ImpactRule{"extension member", Changed, "definition", Risky,
               "{object} selects something else than its extension wrote"},
    ImpactRule{
        "extension member", Changed, "rules", Risky,
        "the rules of {object} are not those of its extension: statements are rewritten otherwise"},
    ImpactRule{"extension member", Changed, "policies", Risky,
               "the policies of {object} are not those of its extension: other rows are seen"},
    ImpactRule{
        "extension member", Changed, "row_security", Risky,
        "row level security of {object} is not as its extension set it: other rows are seen"},
    ImpactRule{"extension member", Changed, "labels", Risky,
               "{object} has other labels than its extension made"},
    ImpactRule{"extension member", Changed, "rewritten", Harmless,
               "{object} was written after its extension; what of it differs is said beside"},

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

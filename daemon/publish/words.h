#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/watch/published.h"

/// Words that the terminal and the page share.
namespace driftd {

/// `2026-11-22T17:12:00.250Z`, or empty for the zero time, which means never.
std::string rfc3339(Time time);
/// `2026-11-22 17:12:00 UTC`, or `never`.
std::string for_people(Time time);
/// `12 s`, `4 min`, `3 h`, `9 days`: the largest unit alone. Negative is `0 s`.
std::string for_people(std::chrono::milliseconds duration);

/// `1 finding`, `2 findings`.
std::string counted(std::size_t count, std::string_view noun);

/// `in sync`, `drift`, `cannot tell`, `confirming`, `not looked yet`.
std::string status_words(const Published& published);
/// What is known in one sentence without a full stop: `2 findings: 1 breaking, 1 harmless`.
std::string summary(const Published& published);
/// How many objects the migrations leave open; see Unread.
std::size_t undetermined(const Report& report);
/// `is missing`, `should not be there`, `has changed`, `has been renamed`.
/// "a deployment seems to be in progress: " and what tells so.
std::string words_of(const Deployment& deployment);

std::string_view drift_words(DriftKind kind);
/// The same of a finding; of the models: `is in no migration`, `is in no model`, `differs`.
std::string_view drift_words(const Finding& finding);

/// What the two sides of a difference are called: `expected`, `actual`; `models`, `migrations`.
struct Sides {
  std::string_view expected = "expected";
  std::string_view actual = "actual";
};
Sides sides_of(Comparison comparison);

/// One step of the history that a finding goes back to.
struct Step {
  std::string words;  ///< `set by revision`, `type and not_null set by revision`, ...
  Provenance by;
};
/// Each migration that set a part of what has drifted, or dropped what should not be there.
std::vector<Step> steps_behind(const Finding& finding);

/// `in 3 tenants: a, b, c`, the first few by name; empty where tenants have no schemas of their
/// own.
std::string tenants_words(const Finding& finding);
/// `12 tenants: 10 in sync, 1 drift, 1 cannot be told`; empty where there are none.
std::string tenants_words(const Report& report);

/// `14 partitions of public.events, 3 objects named public.customer_*`; empty where there are none.
std::string run_time_words(const RunTime& run_time);
/// The patterns of made_at_run_time that name nothing, as written.
std::vector<std::string> unused_patterns(const RunTime& run_time);

/// Tenants that cannot be told of, by why that is.
struct UnknownTenants {
  const Unknown* unknown = nullptr;  ///< of the first of them
  std::vector<std::string> schemas;
};
/// The most first. What differs in the tenant's name alone is the same.
std::vector<UnknownTenants> unknown_tenants(const Report& report);

/// The first few names, and how many more there are.
std::string few_of(const std::vector<std::string>& names, std::size_t most = 10);

/// `2 more commands are in question`, or empty.
std::string others_words(const ChangedBy& by);
/// Since when a finding is there, where that is told: `since TIME`, `since a moment between TIME
/// and TIME`, `last changed TIME`; empty where no look before it is known and no commit time.
std::string since_words(const Finding& finding);
/// What object ids tell of it: `... was dropped and created again`; empty where nothing is told.
std::string fate_words(const Finding& finding);
/// `stamped and not applied`, `changed by hand`, ...
std::string_view cause_words(Cause cause);

/// The findings with one cause. `cause`: null for those of which none is told.
struct CauseGroup {
  const NamedCause* cause = nullptr;
  std::vector<const Finding*> findings;
};
/// In the order of the report's causes; what has no cause comes last.
std::vector<CauseGroup> by_cause(const Report& report);

/// Whether the findings of a database whose newest look could not tell are too old to count.
bool findings_expired(const Published& published, Time now);

}  // namespace driftd

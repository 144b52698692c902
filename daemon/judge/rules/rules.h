#pragma once

#include <span>

#include "daemon/judge/impact.h"

/// The impact table, a part a file. Sentences are for whoever is woken by them: what fails now, for
/// whom, with names and values. For each kind: the drifts of the object as a whole, then its
/// properties; a row with a condition stands before the row without one.
namespace driftd::rules {

/// Partitions made at run time, which are held against their parent; stands first.
std::span<const ImpactRule> run_time();
std::span<const ImpactRule> relations();  ///< schemas, tables, columns, sequences, simple types
std::span<const ImpactRule> integrity();  ///< constraints and indexes
std::span<const ImpactRule> code();       ///< views, functions, triggers
std::span<const ImpactRule> additions();  ///< extensions, comments
std::span<const ImpactRule> types();      ///< composite, range and base types, aggregates
std::span<const ImpactRule> operators();  ///< operators, casts, collations, languages, text search
std::span<const ImpactRule> security();   ///< rules, policies, event triggers, user mappings
std::span<const ImpactRule> replication();  ///< publications, subscriptions, foreign data
std::span<const ImpactRule> ownership();    ///< owners, privileges, the database and its settings
/// For what has no row of its own; stands last.
std::span<const ImpactRule> any_kind();

// Conditions of rows. Properties of the difference that the row speaks of:
bool became_true(const Drift&, const Difference& d);
bool became_false(const Drift&, const Difference& d);
bool was_lost(const Drift&, const Difference& d);   ///< absent now
bool was_added(const Drift&, const Difference& d);  ///< absent before
bool is_disabled(const Drift&, const Difference& d);
/// All old labels are still there, in their order: values were added, none was taken away.
bool only_grew(const Drift&, const Difference& d);

// Facts of an object that is missing or unexpected:
bool is_partition(const Drift& drift, const Difference&);
bool is_unique(const Drift& drift, const Difference&);
/// CREATE INDEX CONCURRENTLY makes the index first and then fills it.
bool is_unfinished(const Drift& drift, const Difference&);
/// An insert that does not name the column fails.
bool must_be_given(const Drift& drift, const Difference&);
/// The copy of a partitioned table's trigger is only told where it is enabled otherwise.
bool is_disabled_trigger(const Drift& drift, const Difference&);
/// The copy of a partitioned table's foreign key is only told where it is enforced otherwise.
bool is_not_enforced(const Drift& drift, const Difference&);
bool is_primary_key(const Drift& drift, const Difference&);
bool is_unique_key(const Drift& drift, const Difference&);
bool is_foreign_key(const Drift& drift, const Difference&);
bool is_check(const Drift& drift, const Difference&);

}  // namespace driftd::rules

#include <algorithm>

#include "daemon/judge/rules/rules.h"

namespace driftd::rules {
namespace {

bool is_true(const std::optional<std::string>& value) {
  return value && (*value == "true" || *value == "t");
}

/// A property of a missing or unexpected object.
std::optional<std::string> fact(const Drift& drift, std::string_view property) {
  const auto found = std::ranges::find(drift.properties, property, &Difference::property);
  if (found == drift.properties.end()) return std::nullopt;
  return found->expected ? found->expected : found->actual;
}

bool of_type(const Drift& drift, std::string_view type) {
  return fact(drift, "type") == type;
}

}  // namespace

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

bool is_partition(const Drift& drift, const Difference&) {
  return fact(drift, "partition_bound").has_value();
}

bool is_unique(const Drift& drift, const Difference&) {
  return is_true(fact(drift, "unique"));
}

bool is_unfinished(const Drift& drift, const Difference&) {
  return fact(drift, "valid") == "false";
}

bool is_disabled(const Drift&, const Difference& d) {
  return d.actual == "disabled";
}

bool must_be_given(const Drift& drift, const Difference&) {
  return is_true(fact(drift, "not_null")) && !fact(drift, "default") &&
         !fact(drift, "identity_kind") && !fact(drift, "generated");
}

bool is_disabled_trigger(const Drift& drift, const Difference&) {
  return fact(drift, "enabled") == "disabled";
}

bool is_not_enforced(const Drift& drift, const Difference&) {
  return fact(drift, "triggers") == "disabled";
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

}  // namespace driftd::rules

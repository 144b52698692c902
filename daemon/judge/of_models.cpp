#include "daemon/judge/of_models.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "expected_schema/base/text.h"

namespace driftd {
namespace {

/// The impact table speaks of a live database and of migrations.
std::string in_words_of_models(std::string sentence) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 9> words{{
      {"is in no migration", "is in no model"},
      {"are in no migration", "are in no model"},
      {"in no migration", "in no model"},
      {"by no migration", "by no model"},
      {"where the migrations leave", "where the models leave"},
      {"the table is gone", "no migration makes the table"},
      {"the column is gone", "no migration makes the column"},
      {"is gone", "is made by no migration"},
      {"is missing", "is made by no migration"},
  }};
  for (const auto& [from, to] : words) {
    const auto at = sentence.find(from);
    if (at == std::string::npos) continue;
    sentence.replace(at, from.size(), to);
    break;
  }
  return sentence;
}

std::vector<std::string> sorted_parts(const std::string& list) {
  std::vector<std::string> parts;
  for (const std::string& part : split(list, ',')) parts.emplace_back(trim(part));
  std::ranges::sort(parts);
  return parts;
}

/// A primary key's columns, or an enumeration's values, that differ in their order only.
bool in_another_order(const Drift& drift) {
  if (drift.kind != DriftKind::Changed || drift.differences.size() != 1) return false;
  const Difference& one = drift.differences.front();
  if (!one.expected || !one.actual) return false;
  constexpr std::string_view key = "PRIMARY KEY (";
  const bool enumeration = drift.object.kind == "enum" && one.property == "labels";
  const bool primary = drift.object.kind == "constraint" && one.property == "definition" &&
                       one.expected->starts_with(key) && one.actual->starts_with(key) &&
                       one.expected->ends_with(')') && one.actual->ends_with(')');
  if (enumeration) return sorted_parts(*one.expected) == sorted_parts(*one.actual);
  const auto columns = [&](const std::string& definition) {
    return sorted_parts(definition.substr(key.size(), definition.size() - key.size() - 1));
  };
  return primary && columns(*one.expected) == columns(*one.actual);
}

/// What is less than the table says, since only the migrations say it.
void soften(Finding& finding) {
  const Drift& drift = finding.drift;
  if (drift.kind == DriftKind::Unexpected && drift.object.kind == "constraint") {
    finding.impact = std::min(finding.impact, Impact::Risky);
  }
  if (in_another_order(drift)) {
    const bool key = drift.object.kind == "constraint";
    finding.impact = key ? Impact::Risky : Impact::Harmless;
    finding.consequence =
        key ? "the migrations have the columns of the primary key in another order: what the app "
              "looks up by the first of them may find no index"
            : "the migrations have the same values in another order, in which they sort and "
              "compare";
  }
  const bool defaults = drift.kind == DriftKind::Changed && drift.object.kind == "column" &&
                        std::ranges::all_of(drift.differences, [](const Difference& difference) {
                          return difference.property == "default" && !difference.expected;
                        });
  if (defaults) {
    finding.impact = Impact::Harmless;
    finding.consequence = fmt::format(
        "the migrations give column {} a default that the models leave out: rows that the app does "
        "not write itself get it",
        drift.object.identity);
  }
}

std::string fact(const Drift& drift, std::string_view property) {
  const auto found = std::ranges::find(drift.properties, property, &Difference::property);
  if (found == drift.properties.end()) return {};
  return (found->expected ? found->expected : found->actual).value_or("");
}

/// The columns that a unique constraint or a unique index keeps unique in the same way; empty for
/// what the other of the two could not do.
std::string unique_columns(const Drift& drift) {
  if (drift.object.kind == "index") {
    const bool plain = fact(drift, "unique") == "true" && fact(drift, "method") == "btree" &&
                       fact(drift, "predicate").empty();
    return plain ? fact(drift, "columns") : std::string();
  }
  constexpr std::string_view word = "UNIQUE ";
  const std::string definition = fact(drift, "definition");
  const bool plain = drift.object.kind == "constraint" && definition.starts_with(word) &&
                     fact(drift, "deferrable") != "true";
  return plain ? definition.substr(word.size()) : std::string();
}

bool are_twins(const Drift& a, const Drift& b) {
  return a.kind == DriftKind::Missing && b.kind == DriftKind::Unexpected && a.parent == b.parent &&
         a.object.kind != b.object.kind && !unique_columns(a).empty() &&
         unique_columns(a) == unique_columns(b);
}

/// A unique constraint on one side and a unique index of the same columns on the other: one finding
/// for the two. Returns the objects of those that stay, with the names of those that do not.
std::map<ObjectId, ObjectId> fold_twins(std::vector<Drift>& drifts) {
  std::map<ObjectId, ObjectId> twins;
  std::vector<ObjectId> folded;
  for (const Drift& missing : drifts) {
    for (const Drift& unexpected : drifts) {
      if (!are_twins(missing, unexpected) ||
          std::ranges::find(folded, unexpected.object) != folded.end()) {
        continue;
      }
      twins.emplace(missing.object, unexpected.object);
      folded.push_back(unexpected.object);
      break;
    }
  }
  std::erase_if(drifts, [&](const Drift& drift) {
    return drift.kind == DriftKind::Unexpected &&
           std::ranges::find(folded, drift.object) != folded.end();
  });
  return twins;
}

}  // namespace

void judge_models(Report& report, std::vector<Drift> drifts, Time now) {
  const std::map<ObjectId, ObjectId> twins = fold_twins(drifts);
  judge(report, std::move(drifts), Policy{.confirm_looks = 1}, nullptr, now);
  report.comparison = Comparison::Models;
  for (Finding& finding : report.findings) {
    finding.comparison = Comparison::Models;
    // Where a column stands models do not say.
    std::erase_if(finding.drift.properties,
                  [](const Difference& one) { return one.property == "position"; });
    finding.consequence = in_words_of_models(std::move(finding.consequence));
    soften(finding);
    const ObjectId& object = finding.drift.object;
    const auto twin = twins.find(object);
    if (twin == twins.end() || finding.drift.kind != DriftKind::Missing) continue;
    finding.impact = Impact::Harmless;
    finding.consequence =
        fmt::format("the migrations make the {} {} instead, which keeps the same columns unique",
                    twin->second.kind, twin->second.identity);
  }
  std::ranges::stable_sort(report.findings, std::ranges::greater(), &Finding::impact);
}

}  // namespace driftd

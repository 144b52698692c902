#include "daemon/judge/of_models.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

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

/// What is less than the table says, since only the migrations say it.
void soften(Finding& finding) {
  const Drift& drift = finding.drift;
  if (drift.kind == DriftKind::Unexpected && drift.object.kind == "constraint") {
    finding.impact = std::min(finding.impact, Impact::Risky);
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

}  // namespace

void judge_models(Report& report, std::vector<Drift> drifts, Time now) {
  judge(report, std::move(drifts), Policy{.confirm_looks = 1}, nullptr, now);
  report.comparison = Comparison::Models;
  for (Finding& finding : report.findings) {
    finding.comparison = Comparison::Models;
    finding.consequence = in_words_of_models(std::move(finding.consequence));
    soften(finding);
  }
  std::ranges::stable_sort(report.findings, std::ranges::greater(), &Finding::impact);
}

}  // namespace driftd

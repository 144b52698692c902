#include "daemon/judge/impact.h"

#include <algorithm>

#include "daemon/judge/rules/rules.h"
#include "expected_schema/base/text.h"
#include "expected_schema/catalogue/names.h"

namespace driftd {

std::string_view name_of(Impact impact) {
  switch (impact) {
    case Impact::Harmless:
      return "harmless";
    case Impact::Risky:
      return "risky";
    case Impact::Breaking:
      return "breaking";
  }
  return "breaking";
}

namespace {

bool names_kind(std::string_view kinds, std::string_view kind) {
  for (const std::string& one : split(kinds, ',')) {
    if (trim(one) == kind) return true;
  }
  return false;
}

/// A value as part of a sentence: its first line, and not much of it.
std::string in_a_sentence(const std::optional<std::string>& value) {
  if (!value) return "nothing";
  if (value->empty()) return "an empty text";
  constexpr std::size_t longest = 80;
  const std::string valid = valid_utf8(*value);
  std::string_view text = trim(valid);
  const auto end = text.find('\n');
  bool cut = end != std::string_view::npos;
  text = trim(text.substr(0, end));
  if (text.size() > longest) {
    std::size_t length = longest;
    while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U) --length;
    text = text.substr(0, length);
    cut = true;
  }
  return std::string(text) + (cut ? "..." : "");
}

/// One pass, so that braces in a name or a value stay what they are.
std::string filled_in(std::string_view sentence, const Drift& drift, const Difference& difference) {
  std::string result;
  while (!sentence.empty()) {
    const auto open = sentence.find('{');
    result += sentence.substr(0, open);
    if (open == std::string_view::npos) break;
    const auto close = sentence.find('}', open);
    const std::string_view word = sentence.substr(open + 1, close - open - 1);
    if (word == "object") result += drift.object.identity;
    if (word == "name") result += own_name(drift.object.identity);
    if (word == "parent") result += drift.parent ? drift.parent->identity : "the database";
    if (word == "like") result += drift.like ? drift.like->identity : "its parent";
    if (word == "expected") result += in_a_sentence(difference.expected);
    if (word == "actual") result += in_a_sentence(difference.actual);
    if (word == "property") result += difference.property;
    if (word == "kind") result += drift.object.kind;
    sentence.remove_prefix(close + 1);
  }
  return result;
}

Consequence consequence_of(const Drift& drift, const Difference& difference) {
  for (const ImpactRule& rule : impact_rules()) {
    if (rule.drift != drift.kind) continue;
    if (rule.kind != "*" && !names_kind(rule.kind, drift.object.kind)) continue;
    if (drift.kind == DriftKind::Changed && rule.property != "*" &&
        rule.property != difference.property) {
      continue;
    }
    if (rule.when != nullptr && !rule.when(drift, difference)) continue;
    return {rule.impact, filled_in(rule.sentence, drift, difference)};
  }
  // The table ends with a row for every kind of drift; this is for a table that does not.
  return {Impact::Breaking, std::string(name_of(drift.kind)) + ": " + to_string(drift.object)};
}

}  // namespace

std::span<const ImpactRule> impact_rules() {
  static const std::vector<ImpactRule> all = [] {
    std::vector<ImpactRule> joined;
    for (const auto part :
         {rules::run_time(), rules::relations(), rules::integrity(), rules::code(), rules::types(),
          rules::operators(), rules::security(), rules::replication(), rules::additions(),
          rules::ownership(), rules::any_kind()}) {
      joined.insert(joined.end(), part.begin(), part.end());
    }
    return joined;
  }();
  return all;
}

const std::vector<std::string>& judged_kinds() {
  static const std::vector<std::string> kinds = [] {
    std::vector<std::string> names;
    for (const ImpactRule& rule : impact_rules()) {
      if (rule.kind == "*") continue;
      for (const std::string& kind : split(rule.kind, ',')) names.emplace_back(trim(kind));
    }
    std::ranges::sort(names);
    const auto twice = std::ranges::unique(names);
    names.erase(twice.begin(), twice.end());
    return names;
  }();
  return kinds;
}

Consequence consequence_of(const Drift& drift) {
  if (drift.kind == DriftKind::Missing || drift.kind == DriftKind::Unexpected) {
    return consequence_of(drift, Difference{});
  }
  if (drift.differences.empty()) return consequence_of(drift, Difference{});
  Consequence worst = consequence_of(drift, drift.differences.front());
  for (std::size_t i = 1; i < drift.differences.size(); ++i) {
    Consequence next = consequence_of(drift, drift.differences[i]);
    if (next.impact > worst.impact) worst = std::move(next);
  }
  return worst;
}

}  // namespace driftd

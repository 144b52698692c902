#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "daemon/judge/impact.h"
#include "daemon/settings/settings.h"
#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"

namespace driftd {
namespace {

/// The longest kind that stands before a name.
std::string kind_before(const std::string& written) {
  std::string longest;
  for (const std::string& kind : judged_kinds()) {
    if (kind.size() > longest.size() && written.starts_with(kind + " ")) longest = kind;
  }
  return longest;
}

bool has_schema_in_name(std::string_view kind) {
  constexpr std::array<std::string_view, 8> kinds{
      "", "table", "foreign table", "view", "materialized view", "index", "sequence", "column"};
  return std::ranges::find(kinds, kind) != kinds.end();
}

}  // namespace

RunTimePattern run_time_pattern(const std::string& written) {
  RunTimePattern pattern;
  pattern.written = written;
  pattern.kind = kind_before(written);
  pattern.object = written.substr(pattern.kind.empty() ? 0 : pattern.kind.size() + 1);
  const std::string hint =
      "Write a glob over names with their schema, such as public.events_p*, "
      "and before it the kind where it is no table.";
  const auto blank = pattern.object.find(' ');
  if (pattern.kind.empty() && blank < pattern.object.find('"')) {
    const std::string word = written.substr(0, blank);
    const std::string best = nearest(lower(word), judged_kinds());
    throw Error(Reason::Settings,
                fmt::format("\"{}\" is no kind of object{}", word,
                            best.empty() ? "" : fmt::format("; did you mean \"{}\"?", best)),
                hint);
  }
  if (trim(pattern.object).empty()) {
    throw Error(Reason::Settings, fmt::format("\"{}\" names no object", written), hint);
  }
  if (has_schema_in_name(pattern.kind) && pattern.object.find('.') == std::string::npos) {
    throw Error(Reason::Settings,
                fmt::format("\"{}\" has no schema in it, as public.events_* has", pattern.object),
                hint);
  }
  return pattern;
}

RunTimeRules run_time_rules(const DatabaseSettings& settings) {
  RunTimeRules rules;
  for (const std::string& written : settings.made_at_run_time) {
    rules.patterns.push_back(run_time_pattern(written));
  }
  return rules;
}

}  // namespace driftd

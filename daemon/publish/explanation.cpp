#include "daemon/publish/explanation.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/publish/words.h"
#include "daemon/publish/writer.h"
#include "expected_schema/base/text.h"

namespace driftd {
namespace {

/// One line: what it is, its value, and which migration set it.
struct Row {
  std::string name;
  std::string value;
  std::optional<Provenance> by;
};

std::string first_line(const std::string& value) {
  const std::vector<std::string> lines = split(value, '\n');
  return shown(lines.front()) +
         (lines.size() > 1 ? fmt::format(" ... ({} lines)", lines.size()) : "");
}

void write_rows(Writer& out, const std::vector<Row>& rows, bool traced) {
  constexpr std::size_t widest = 40;  // a longer value is not worth an empty screen
  std::size_t names = 0;
  std::size_t values = 0;
  for (const Row& row : rows) {
    names = std::max(names, row.name.size());
    if (row.value.size() <= widest) values = std::max(values, row.value.size());
  }
  for (const Row& row : rows) {
    out.line(fmt::format("  {:<{}}  {:<{}}  {}", row.name, names, row.value, values,
                         row.by   ? "set by revision " + out.revision(*row.by)
                         : traced ? out.dim("set by no migration")
                                  : ""));
  }
}

}  // namespace

std::string terminal_text(const Explanation& explanation, const TerminalStyle& style) {
  Writer out(style);
  const ObjectId& object = explanation.object;
  out.line(fmt::format("{} {}", object.kind, out.bold(shown(object.identity))));
  if (explanation.expected) {
    std::vector<Row> rows;
    for (const auto& fact : explanation.facts) {
      rows.push_back({fact.property, first_line(fact.value), fact.by});
    }
    write_rows(out, rows, explanation.traced);
  } else if (explanation.by) {
    out.line(fmt::format("  not expected: dropped by revision {}", out.revision(*explanation.by)));
  } else {
    out.line(explanation.traced ? "  not expected: no migration ever made it" : "  not expected");
  }
  std::vector<Row> parts;
  for (const Explanation::Part& part : explanation.parts) {
    parts.push_back({part.object.kind, shown(part.object.identity), part.by});
  }
  write_rows(out, parts, explanation.traced);
  if (explanation.findings.empty()) out.line("  " + out.green("it is as expected"));
  for (const Finding& finding : explanation.findings) {
    out.line(fmt::format("  {} {} {} {}: {}", out.impact(finding.impact), finding.drift.object.kind,
                         shown(finding.drift.object.identity), drift_words(finding),
                         shown(finding.consequence)));
    for (const Difference& difference : finding.drift.differences) {
      out.line(fmt::format("    {}: expected {}, actual {}", difference.property,
                           out.green(shown(difference.expected.value_or("(none)"))),
                           out.red(shown(difference.actual.value_or("(none)")))));
    }
    if (finding.cause) out.line(fmt::format("    {}", cause_words(*finding.cause)));
    for (const std::string& words : {fate_words(finding), since_words(finding)}) {
      if (!words.empty()) out.line("    " + shown(words));
    }
  }
  return std::move(out).text();
}

}  // namespace driftd

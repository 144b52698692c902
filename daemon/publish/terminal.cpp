#include <algorithm>

#include <fmt/format.h>

#include "daemon/publish/line_diff.h"
#include "daemon/publish/publish.h"
#include "daemon/publish/words.h"
#include "daemon/publish/writer.h"
#include "expected_schema/base/text.h"

namespace driftd {
namespace {

std::string value(const std::optional<std::string>& given) {
  if (!given) return "(none)";
  if (given->empty()) return "(empty)";
  return shown(*given);
}

bool needs_lines(const Difference& difference) {
  constexpr std::size_t widest = 100;
  const auto long_one = [](const std::optional<std::string>& text) {
    return text && (text->find('\n') != std::string::npos || text->size() > widest);
  };
  return long_one(difference.expected) || long_one(difference.actual);
}

void write_difference(Writer& out, const Difference& difference, std::size_t width,
                      const Sides& sides) {
  if (!needs_lines(difference)) {
    const std::size_t wide = std::max(sides.expected.size(), sides.actual.size());
    out.line(fmt::format("    {:<{}}  {:<{}}  {}", difference.property, width, sides.expected, wide,
                         out.green(value(difference.expected))));
    out.line(fmt::format("    {:<{}}  {:<{}}  {}", "", width, sides.actual, wide,
                         out.red(value(difference.actual))));
    return;
  }
  out.line(fmt::format("    {}  {} {}, {} {}", difference.property, out.green("-"), sides.expected,
                       out.red("+"), sides.actual));
  for (const DiffLine& line :
       line_diff(difference.expected.value_or(""), difference.actual.value_or(""))) {
    if (line.mark == '@') {
      out.line("      " + out.dim("..."));
      continue;
    }
    const std::string text = fmt::format("{} {}", line.mark, shown(line.text));
    out.line("      " + (line.mark == '-'   ? out.green(text)
                         : line.mark == '+' ? out.red(text)
                                            : text));
  }
}

/// The facts of a missing or unexpected object, one a line, long ones by their first line.
void write_properties(Writer& out, const Drift& drift) {
  std::size_t width = 0;
  for (const Difference& property : drift.properties) {
    width = std::max(width, property.property.size());
  }
  for (const Difference& property : drift.properties) {
    const auto& given = drift.kind == DriftKind::Missing ? property.expected : property.actual;
    if (!given) continue;
    const std::vector<std::string> lines = split(*given, '\n');
    std::string text = shown(lines.front());
    if (lines.size() > 1) text += out.dim(fmt::format(" ... ({} lines)", lines.size()));
    out.line(fmt::format("    {:<{}}  {}", property.property, width, text));
  }
}

void write_changed_by(Writer& out, const ChangedBy& by) {
  out.line(fmt::format("    {}, {}: {}", shown(who_words(by)), for_people(by.at), shown(by.tag)));
  constexpr std::size_t most_lines = 6;
  std::size_t lines = 0;
  for (const std::string& line : split(trim(by.statement.value_or("")), '\n')) {
    if (++lines > most_lines) {
      out.line("      " + out.dim("..."));
      break;
    }
    if (!line.empty()) out.line("      " + out.dim(shown(line)));
  }
  if (!by.statement) out.line("      " + out.dim("(no text is kept of it: it may hold a secret)"));
  if (const std::string others = others_words(by); !others.empty()) {
    out.line("      " + out.dim(others));
  }
}

void write_finding(Writer& out, const Finding& finding) {
  const Drift& drift = finding.drift;
  std::string head = fmt::format("{}  {} {} {}", out.impact(finding.impact), drift.object.kind,
                                 out.bold(shown(drift.object.identity)), drift_words(finding));
  if (drift.folded > 0) {
    head += fmt::format(", with {} in it", counted(drift.folded, "object"));
  }
  if (finding.state == FindingState::Seen) head += out.dim(" (not confirmed yet)");
  out.line(head);
  out.line(fmt::format("    {}", shown(finding.consequence)));
  std::size_t width = 0;
  for (const Difference& difference : drift.differences) {
    width = std::max(width, difference.property.size());
  }
  const Sides sides = sides_of(finding.comparison);
  for (const Difference& difference : drift.differences) {
    write_difference(out, difference, width, sides);
  }
  write_properties(out, drift);
  for (const Step& step : steps_behind(finding)) {
    out.line(fmt::format("    {} {}", step.words, out.revision(step.by)));
  }
  if (finding.changed_by) write_changed_by(out, *finding.changed_by);
  for (const std::string& words :
       {tenants_words(finding), fate_words(finding), since_words(finding)}) {
    if (!words.empty()) out.line("    " + shown(words));
  }
  out.line(out.dim(fmt::format("    first seen {}, finding {}", for_people(finding.first_seen),
                               finding.fingerprint)));
  out.line();
}

/// Above the findings that have it.
void write_cause(Writer& out, const NamedCause& cause, std::size_t findings) {
  out.line(fmt::format("{} ({}): {}", out.bold(cause_words(cause.cause)),
                       counted(findings, "finding"), shown(cause.sentence)));
  out.line();
}

std::string shortened_list(const std::vector<std::string>& names) {
  constexpr std::size_t most = 5;
  std::vector<std::string> first;
  for (std::size_t i = 0; i < std::min(most, names.size()); ++i) first.push_back(shown(names[i]));
  std::string text = join(first, ", ");
  if (names.size() > most) text += fmt::format(" and {} more", names.size() - most);
  return text;
}

void write_history(Writer& out, const HistoryStatus& history) {
  out.line(fmt::format("  {} at {}, {} applied", shown(history.tool),
                       history.database_revisions.empty()
                           ? "no revision"
                           : shortened_list(history.database_revisions),
                       counted(history.applied, "migration")));
  if (!history.pending.empty()) {
    out.line(fmt::format("  {} pending (no drift): {}",
                         counted(history.pending.size(), "migration"),
                         shortened_list(history.pending)));
  }
  if (!history.unknown.empty()) {
    out.line(fmt::format("  {} in the database that no file has: {}",
                         counted(history.unknown.size(), "revision"),
                         shortened_list(history.unknown)));
  }
  if (!history.edited.empty()) {
    out.line(fmt::format("  {} edited after being applied: {}",
                         counted(history.edited.size(), "migration"),
                         shortened_list(history.edited)));
  }
}

void write_unknown(Writer& out, const Unknown& unknown) {
  out.line(fmt::format("  failed   at the stage {} ({})", unknown.stage, name_of(unknown.reason)));
  out.line(fmt::format("  because  {}", shown(unknown.message)));
  if (unknown.cause) {
    out.line(fmt::format("  cause    {}: {}", cause_words(unknown.cause->cause),
                         shown(unknown.cause->sentence)));
  }
  if (const std::string where = to_string(unknown.place); !where.empty()) {
    out.line(fmt::format("  at       {}", out.cyan(shown(where))));
  }
  if (!unknown.hint.empty()) out.line(fmt::format("  try      {}", shown(unknown.hint)));
  out.line(out.dim(fmt::format("  since    {}", for_people(unknown.since))));
  if (unknown.history) write_history(out, *unknown.history);
}

/// What the reader of the models or of the migrations came to, and could not tell.
void write_unread(Writer& out, const Unread& part) {
  std::string about = part.model.empty() ? std::string() : "the model " + shown(part.model);
  if (!part.table.empty()) {
    about += (about.empty() ? "the table " : ", table ") + out.bold(shown(part.table));
  }
  if (!part.object.empty()) {
    out.line(fmt::format("  not determined: {}", out.bold(shown(part.object))));
  } else {
    out.line(fmt::format("  not understood: {}", about.empty() ? "a part of the models" : about));
  }
  out.line(fmt::format("    because  {}", shown(part.message)));
  if (const std::string where = to_string(part.place); !where.empty()) {
    out.line(fmt::format("    at       {}", out.cyan(shown(where))));
  }
  if (!part.hint.empty()) out.line(fmt::format("    try      {}", shown(part.hint)));
}

void write_waivers(Writer& out, const Report& report) {
  for (const Waived& one : report.waived) {
    const Drift& drift = one.finding.drift;
    out.line(fmt::format("  waived: {} {} {}", drift.object.kind,
                         out.bold(shown(drift.object.identity)), drift_words(one.finding)));
    out.line(fmt::format("    {}, says {}, until {}", shown(one.waiver.reason),
                         shown(one.waiver.by), one.waiver.last_day));
  }
  const auto left = [&](const Waiver& waiver, std::string_view why) {
    out.line(fmt::format("  note: the waiver of {} {} at {} {}", shown(waiver.kind),
                         shown(waiver.object), shown(to_string(waiver.place)), why));
  };
  for (const Waiver& waiver : report.expired_waivers) {
    left(waiver, "has expired: " + waiver.last_day + " was its last day");
  }
  for (const Waiver& waiver : report.unused_waivers) left(waiver, "covers nothing");
}

void write_report(Writer& out, const Report& report) {
  out.line(fmt::format("  PostgreSQL {}{}, {} compared", shown(report.server.version),
                       report.server.in_recovery ? " (standby)" : "",
                       counted(report.objects, "object")));
  if (report.history) write_history(out, *report.history);
  for (const std::string& note : report.notes) out.line(fmt::format("  note: {}", shown(note)));
  if (!report.tenants.empty()) out.line("  " + tenants_words(report));
  for (const UnknownTenants& group : unknown_tenants(report)) {
    out.line(fmt::format("  cannot tell of {}: {}", counted(group.schemas.size(), "tenant"),
                         shown(few_of(group.schemas))));
    out.line(fmt::format("    because  {}", shown(group.unknown->message)));
    if (const std::string where = to_string(group.unknown->place); !where.empty()) {
      out.line(fmt::format("    at       {}", out.cyan(shown(where))));
    }
    if (!group.unknown->hint.empty()) {
      out.line(fmt::format("    try      {}", shown(group.unknown->hint)));
    }
  }
  if (const std::string words = run_time_words(report.run_time); !words.empty()) {
    out.line("  made at run time: " + shown(words));
  }
  write_waivers(out, report);
  for (const std::string& pattern : unused_patterns(report.run_time)) {
    out.line(fmt::format("  note: made_at_run_time: nothing is called {}", shown(pattern)));
  }
  for (const Unread& part : report.unread) write_unread(out, part);
  if (!report.findings.empty() || !report.resolved.empty()) out.line();
  for (const CauseGroup& group : by_cause(report)) {
    if (group.cause != nullptr) write_cause(out, *group.cause, group.findings.size());
    for (const Finding* finding : group.findings) write_finding(out, *finding);
  }
  for (const Finding& finding : report.resolved) {
    out.line(fmt::format("{}  {} {} is as it should be again", out.green("resolved"),
                         finding.drift.object.kind, shown(finding.drift.object.identity)));
  }
}

}  // namespace

std::string terminal_text(const Published& published, const TerminalStyle& style) {
  Writer out(style);
  out.line(fmt::format("{}: {}{}", out.bold(shown(published.name)), out.status(published),
                       published.unknown ? "" : " - " + shown(summary(published))));
  if (published.deployment) {
    out.line(fmt::format("  note: {}", shown(words_of(*published.deployment))));
  }
  if (published.unknown) {
    write_unknown(out, *published.unknown);
  } else if (published.last_good != nullptr) {
    write_report(out, *published.last_good);
  }
  return std::move(out).text();
}

}  // namespace driftd

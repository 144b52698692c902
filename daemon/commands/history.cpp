#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <set>

#include "daemon/commands/carry_out.h"
#include "daemon/commands/companion.h"
#include "daemon/commands/target.h"
#include "daemon/log/log.h"
#include "expected_schema/catalogue/undetermined.h"
#include "expected_schema/expected/expected_schema.h"
#include "expected_schema/history/history.h"

namespace driftd {
namespace {

/// One migration, as the list shows it.
struct Line {
  const Migration* migration = nullptr;
  std::string applied;  ///< "applied", "pending"; empty where no database was asked
  const Reading* reading = nullptr;

  std::string_view state() const {
    if (reading->errors.empty()) return "read";
    const bool understood = std::ranges::none_of(reading->errors, [](const Error& error) {
      return error.reason() == Reason::NotUnderstood;
    });
    return understood ? "does not replay" : "not understood";
  }
};

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

std::string human(const AppliedHistory& history, const std::vector<Line>& lines) {
  std::size_t widest = 0;
  for (const Line& line : lines) widest = std::max(widest, line.migration->revision.size());
  std::string text;
  std::map<std::string_view, std::size_t> counts;
  for (const Line& line : lines) {
    ++counts[line.state()];
    text += fmt::format("{:<{}}  {}{:<15}  {}\n", line.migration->revision, widest,
                        line.applied.empty() ? "" : fmt::format("{:<8}  ", line.applied),
                        line.state(), first_line(line.migration->message));
    for (const Undetermined& one : line.reading->undetermined) {
      text += fmt::format("  {}: leaves {} open: {}\n    {}\n", to_string(one.place),
                          to_string(one), one.why, one.hint);
    }
    for (const Error& error : line.reading->errors) {
      const std::string where = to_string(error.place());
      text += fmt::format("  {}{}{}\n", where, where.empty() ? "" : ": ", error.message());
      if (line.reading->after_gap && error.reason() == Reason::Replay) {
        text += "    Perhaps since an earlier migration was not read whole.\n";
      } else if (!error.hint().empty()) {
        text += fmt::format("    {}\n", error.hint());
      }
    }
  }
  for (const std::string& revision : history.unknown_revisions) {
    text += fmt::format("{:<{}}  applied   no file has it\n", revision, widest);
  }
  text += fmt::format("{} migrations, {} read", lines.size(), counts["read"]);
  std::size_t open = 0;
  for (const Line& line : lines) open += line.reading->undetermined.size();
  if (open > 0) text += fmt::format(", {} object{} left open", open, open == 1 ? "" : "s");
  for (const std::string_view state : {"not understood", "does not replay"}) {
    if (counts[state] > 0) text += fmt::format(", {} {}", counts[state], state);
  }
  text += fmt::format("; head{}: {}\n", history.heads.size() == 1 ? "" : "s",
                      fmt::join(history.heads, ", "));
  return text;
}

std::string json(const AppliedHistory& history, const std::vector<Line>& lines) {
  namespace json = boost::json;
  json::array migrations;
  for (const Line& line : lines) {
    json::object one;
    one["revision"] = line.migration->revision;
    one["message"] = line.migration->message;
    one["file"] = line.migration->file;
    if (!line.applied.empty()) one["applied"] = line.applied == "applied";
    one["state"] = line.state();
    json::array errors;
    for (const Error& error : line.reading->errors) {
      errors.push_back(json::object{{"reason", name_of(error.reason())},
                                    {"message", error.message()},
                                    {"hint", error.hint()},
                                    {"file", error.place().file},
                                    {"line", error.place().line},
                                    {"column", error.place().column},
                                    {"after_gap", line.reading->after_gap}});
    }
    one["errors"] = std::move(errors);
    json::array undetermined;
    for (const Undetermined& open : line.reading->undetermined) {
      undetermined.push_back(json::object{{"object", to_string(open.object)},
                                          {"properties", json::value_from(open.properties)},
                                          {"message", open.why},
                                          {"hint", open.hint},
                                          {"file", open.place.file},
                                          {"line", open.place.line}});
    }
    one["undetermined"] = std::move(undetermined);
    migrations.push_back(std::move(one));
  }
  json::object all;
  all["tool"] = history.tool;
  all["heads"] = json::value_from(history.heads);
  all["unknown_revisions"] = json::value_from(history.unknown_revisions);
  all["migrations"] = std::move(migrations);
  return json::serialize(all) + "\n";
}

}  // namespace

int history(const CommandLine& command_line) {
  const DatabaseSettings settings = history_settings(command_line.overrides);
  HistorySource source = settings.history;
  source.command = {};  // what is asked for is how they are read
  // Where nobody is asked what is applied it matters not where that would stand.
  if (settings.endpoint.conninfo.empty() && source.table.name.empty()) {
    source.table.name = "alembic_version";
  }
  const auto history = open_history(source);
  const AppliedHistory all = history->all();
  std::vector<Reading> readings;
  AppliedHistory live_history;
  {
    const Companion companion;
    const Live live = live_or_plain(settings, *history, companion.stop());
    if (live.asked) live_history = history->applied(live.revisions);
    ExpectedSchemas expected(settings.scratch);
    readings = expected.survey(all, live.target, companion.stop());
    if (companion.stop().stop_requested()) throw Error(Reason::Timeout, "interrupted");
  }
  const bool asked = !settings.endpoint.conninfo.empty();
  const std::set<std::string> pending(live_history.pending.begin(), live_history.pending.end());
  std::vector<Line> lines;
  for (std::size_t i = 0; i < readings.size(); ++i) {
    Line& line = lines.emplace_back();
    line.migration = &all.applied[i];
    line.reading = &readings[i];
    if (asked) line.applied = pending.contains(line.migration->revision) ? "pending" : "applied";
  }
  live_history.heads = all.heads;
  live_history.tool = all.tool;
  fmt::print("{}", command_line.format == Format::Json ? json(live_history, lines)
                                                       : human(live_history, lines));
  const bool whole =
      std::ranges::all_of(readings, [](const Reading& reading) { return reading.errors.empty(); });
  return whole && live_history.unknown_revisions.empty() ? 0 : 1;
}

}  // namespace driftd

#include <fmt/format.h>

#include <algorithm>

#include "expected_schema/base/digest.h"
#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"
#include "expected_schema/history/statements.h"
#include "expected_schema/models/models.h"
#include "expected_schema/replay/command_environment.h"
#include "expected_schema/replay/supervised.h"

namespace driftd {
namespace {

constexpr const char* hint =
    "Run the command by hand: it must print the models' CREATE statements on standard output, and "
    "nothing else there. driftd passes it no database.";

/// The last lines, which is where programs say why.
std::string end_of(const std::string& output) {
  constexpr std::size_t most_lines = 12;
  std::vector<std::string> lines;
  for (const std::string& line : split(output, '\n')) {
    if (!trim(line).empty()) lines.push_back(line);
  }
  if (lines.size() > most_lines) lines.erase(lines.begin(), lines.end() - most_lines);
  return lines.empty() ? "; it printed no error"
                       : "; its standard error ends:\n" + join(lines, "\n");
}

}  // namespace

Models print_models(const ModelSource& source, const std::map<std::string, std::string>& declared,
                    const std::stop_token& stop) {
  const MigrationCommand& command = source.command;
  const Supervised ran =
      run_supervised(command.words, plain_environment(declared), command.directory, command.limit,
                     stop, Supervised::Keep::StandardOutput);
  const std::string shown = join(command.words, " ");
  if (ran.end == Supervised::End::Stopped) {
    throw Error(Reason::Timeout, fmt::format("the command {} was interrupted", shown));
  }
  if (ran.end == Supervised::End::TimedOut) {
    throw Error(Reason::Replay,
                fmt::format("the command {} was killed after {} ms{}", shown, command.limit.count(),
                            end_of(ran.output)),
                "Raise models.command_timeout, or see what the command waits for.");
  }
  if (ran.status != 0) {
    throw Error(Reason::Replay,
                fmt::format("the command {} ended with exit status {}{}", shown, ran.status,
                            end_of(ran.output)),
                hint);
  }
  if (ran.cut) {
    throw Error(Reason::Replay,
                fmt::format("the command {} printed more than {} MiB", shown,
                            Supervised::most_printed / (1024 * 1024)),
                hint);
  }
  Models models;
  for (const SqlStatement& part : cut_statements(ran.printed)) {
    models.statements.push_back({{part.sql, {shown, part.line, 0}, "models", false}, {}, {}});
  }
  if (models.statements.empty()) {
    throw Error(Reason::Replay, fmt::format("the command {} printed no statement", shown), hint);
  }
  return models;
}

}  // namespace driftd

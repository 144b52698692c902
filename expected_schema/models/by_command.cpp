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

/// What models use but cannot make, as SQL.
std::string ground(const Catalogue& migrations) {
  std::string sql;
  for (const Object& object : migrations.objects()) {
    if (object.kind == "schema") {
      sql += fmt::format("CREATE SCHEMA IF NOT EXISTS {};\n", object.identity);
    }
  }
  for (const Object& object : migrations.objects()) {
    if (object.kind != "extension") continue;
    const auto schema = object.property("schema");
    sql += fmt::format("CREATE EXTENSION IF NOT EXISTS {}{} CASCADE;\n", object.identity,
                       schema ? fmt::format(" SCHEMA {}", *schema) : std::string());
  }
  return sql;
}

Migration migration_of(const std::string& revision, const std::string& file,
                       const std::string& sql) {
  Migration result;
  result.revision = revision;
  result.file = file;
  result.digest = digest_of(sql);
  result.upgrade = [=, parts = cut_statements(sql)](StatementSink& sink) {
    for (const SqlStatement& part : parts) {
      sink.run({part.sql, {file, part.line, 0}, revision, false});
    }
  };
  return result;
}

}  // namespace

std::string print_models(const ModelSource& source,
                         const std::map<std::string, std::string>& declared,
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
  if (cut_statements(ran.printed).empty()) {
    throw Error(Reason::Replay, fmt::format("the command {} printed no statement", shown), hint);
  }
  return ran.printed;
}

AppliedHistory history_of_models(const std::string& ddl, const std::string& printed_by,
                                 const Catalogue& migrations) {
  AppliedHistory history;
  history.tool = "models";
  history.heads = {"models"};
  history.before.push_back(migration_of("before the models", "", ground(migrations)));
  history.applied.push_back(migration_of("models", printed_by, ddl));
  history.digest = Digest()
                       .add("models")
                       .add(history.before.back().digest)
                       .add(history.applied.back().digest)
                       .hex();
  return history;
}

}  // namespace driftd

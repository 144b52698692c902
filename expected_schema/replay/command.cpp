#include "expected_schema/replay/command.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"
#include "expected_schema/replay/command_environment.h"
#include "expected_schema/replay/extension.h"
#include "expected_schema/replay/replay.h"
#include "expected_schema/replay/supervised.h"

namespace driftd {
namespace {

constexpr std::string_view placeholder = "{revision}";
constexpr std::string_view replay_hint =
    "Run the command by hand on an empty database: DATABASE_URL and the PG* variables name it, and "
    "the user owns it but is no superuser.";

bool has_placeholder(const MigrationCommand& command) {
  return std::ranges::any_of(command.words, [](const std::string& word) {
    return word.find(placeholder) != std::string::npos;
  });
}

/// A revision comes from a row that the application may write, and goes into a command line, which
/// may be that of a shell.
void refuse_unusual(const std::string& revision) {
  const auto usual = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("_.:-").find(c) != std::string_view::npos;
  };
  if (!revision.empty() && revision.front() != '-' && std::ranges::all_of(revision, usual)) return;
  throw Error(Reason::Replay,
              fmt::format("the revision {} may not be put into a command", revision),
              "Only letters, digits and _ . : - are taken. Use a command without {revision}.");
}

std::vector<std::string> words_for(const MigrationCommand& command, const std::string& revision) {
  std::vector<std::string> words = command.words;
  for (std::string& word : words) {
    for (auto at = word.find(placeholder); at != std::string::npos;
         at = word.find(placeholder, at + revision.size())) {
      word.replace(at, placeholder.size(), revision);
    }
  }
  return words;
}

/// The last lines, without what could be a password of a given scratch server.
std::string tail_of(std::string output, const std::string& password) {
  constexpr std::size_t most_lines = 12;
  constexpr std::size_t most_bytes = 2000;
  for (auto at = output.find(password); !password.empty() && at != std::string::npos;
       at = output.find(password, at)) {
    output.replace(at, password.size(), "<secret>");
  }
  std::vector<std::string> lines;
  for (const std::string& line : split(output, '\n')) {
    const std::string_view text = line.ends_with('\r') ? trim(line) : std::string_view(line);
    if (!trim(text).empty()) lines.emplace_back(text);
  }
  if (lines.size() > most_lines) lines.erase(lines.begin(), lines.end() - most_lines);
  std::string tail = join(lines, "\n");
  if (tail.size() > most_bytes) tail = "..." + tail.substr(tail.size() - most_bytes);
  return valid_utf8(tail);
}

std::string told_status(int status) {
  const char* name = status > 128 ? ::sigabbrev_np(status - 128) : nullptr;
  return name ? fmt::format("was ended by signal {}", name)
              : fmt::format("ended with exit status {}", status);
}

void run_once(const MigrationCommand& command, const std::vector<std::string>& words,
              const CommandEnvironment& environment, const std::stop_token& stop) {
  const Supervised ran =
      run_supervised(words, environment.variables, command.directory, command.limit, stop);
  const std::string shown = join(words, " ");
  if (ran.end == Supervised::End::Stopped) {
    throw Error(Reason::Timeout, fmt::format("the command {} was interrupted", shown));
  }
  if (ran.end == Supervised::End::Exited && ran.status == 0) return;
  const std::string tail = tail_of(ran.output, environment.password);
  const std::string output =
      tail.empty() ? "; it printed nothing" : fmt::format("; its output ends:\n{}", tail);
  if (ran.end == Supervised::End::TimedOut) {
    throw Error(Reason::Replay,
                fmt::format("the command {} was killed after {} ms{}", shown, command.limit.count(),
                            output),
                "Raise migrations.command_timeout, or see what the command waits for.");
  }
  throw Error(Reason::Replay,
              fmt::format("the command {} {}{}", shown, told_status(ran.status), output),
              std::string(replay_hint));
}

constexpr const char* only_superusers_sql =
    "SELECT v.name FROM pg_catalog.pg_available_extension_versions v"
    "  JOIN pg_catalog.pg_available_extensions e ON e.name = v.name"
    "                                           AND e.default_version = v.version"
    " WHERE v.name = $1 AND e.installed_version IS NULL AND v.superuser"
    "   AND NOT coalesce((to_jsonb(v) ->> 'trusted')::boolean, false)";  // PostgreSQL 13 and newer

void create_extensions(Session& admin, ScratchDatabase& database) {
  for (const auto& [name, version] : database.target().extensions) {
    if (admin.query(only_superusers_sql, {name}).size() == 0) continue;
    try {
      admin.execute(fmt::format("CREATE EXTENSION {} CASCADE", quote_identifier(name)));
      database.note(fmt::format(
          "the extension {} was created before the migrations, as only a superuser may create it",
          name));
    } catch (const Error& error) {
      if (error.reason() != Reason::Query && error.reason() != Reason::Permission) throw;
    }
  }
}

}  // namespace

void prepare_for_command(ScratchDatabase& database) {
  database.use_name();  // it is in the address that the command gets
  Session admin(database.admin());
  create_extensions(admin, database);
  if (!database.logs_in_as_owner()) return;  // the settings are words of the command's connection
  for (const auto& [name, value] : database.target().settings) {
    try {
      admin.query("SELECT pg_catalog.set_config($1, $2, false)", {name, value});
      admin.execute(fmt::format("ALTER ROLE {} SET {} FROM CURRENT",
                                quote_identifier(database.owner_role()), quote_identifier(name)));
    } catch (const Error& error) {
      if (error.reason() == Reason::Timeout || error.reason() == Reason::Connect) throw;
      database.note(
          fmt::format("the live database's setting {} = {} does not hold on the scratch server: {}",
                      name, value, error.message()));
    }
  }
}

void finish_command(ScratchDatabase& database) {
  take_live_versions(database, {});
}

std::vector<std::string> revisions_after_command(const VersionTable& table,
                                                 ScratchDatabase& database) {
  Session session(database.admin());
  Snapshot snapshot(session);
  auto rows = read_version_table(snapshot, table);
  if (!rows) {
    throw Error(Reason::Replay,
                fmt::format("the command left no table {}{}{} in the scratch database",
                            table.schema, table.schema.empty() ? "" : ".", table.name),
                "It must migrate the database that DATABASE_URL names, and no other: look at where "
                "its settings (env.py, alembic.ini) take the address from. Where it keeps its "
                "revisions in another table, set version_table.");
  }
  std::ranges::sort(*rows);
  return *std::move(rows);
}

void run_command(const MigrationCommand& command, const std::vector<std::string>& revisions,
                 ScratchDatabase& database, const std::stop_token& stop) {
  const CommandEnvironment environment = environment_for(database, command.environment);
  if (!has_placeholder(command)) return run_once(command, command.words, environment, stop);
  for (const std::string& revision : revisions) {
    refuse_unusual(revision);
    run_once(command, words_for(command, revision), environment, stop);
  }
}

void replay_by_command(const AppliedHistory& history, ScratchDatabase& database,
                       const std::stop_token& stop) {
  const MigrationCommand& command = *history.command;
  VersionTable table = history.table;
  if (!history.made_in.empty()) {
    AppliedHistory start = history;
    start.setup.resize(1);  // the schema itself
    start.applied.clear();
    ReplayOptions options;
    options.stop = stop;
    replay(start, database, options);
    if (table.schema.empty()) table.schema = history.made_in;
  }
  prepare_for_command(database);
  if (history.database_revisions.empty() && has_placeholder(command)) {
    // Nothing to upgrade to: the tool has made its table, and no more.
    Session session(database.owner());
    for (const std::string& sql : history.setup) session.execute(sql);
  } else {
    run_command(command, history.database_revisions, database, stop);
  }
  auto reached = revisions_after_command(table, database);
  if (history.revisions_of) reached = history.revisions_of(reached);
  if (reached != history.database_revisions) {
    const auto told = [](const std::vector<std::string>& revisions) {
      return revisions.empty() ? std::string("no revision")
                               : fmt::format("revision {}", join(revisions, ", "));
    };
    throw Error(Reason::History,
                fmt::format("the command brought the scratch database to {}, and the live database "
                            "has {}",
                            told(reached), told(history.database_revisions)),
                "Give the command the applied revision with {revision}, or give driftd the "
                "migrations of the release that is deployed.");
  }
  finish_command(database);
}

std::optional<std::string> role_in_message(std::string_view text, std::string_view ending) {
  constexpr std::string_view before = "role \"";
  for (auto at = text.find(before); at != std::string_view::npos; at = text.find(before, at + 1)) {
    const auto from = at + before.size();
    const auto to = text.find('"', from);
    if (to == std::string_view::npos) return {};
    if (text.substr(to + 1).starts_with(fmt::format(" {}", ending))) {
      return std::string(text.substr(from, to - from));
    }
  }
  return {};
}

}  // namespace driftd

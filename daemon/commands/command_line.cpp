#include "daemon/commands/command_line.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <filesystem>
#include <map>

#include "daemon/http/build_info.h"
#include "daemon/log/log.h"
#include "daemon/settings/address.h"
#include "expected_schema/base/text.h"
#include "expected_schema/introspect/groups.h"
#include "expected_schema/postgres/endpoint.h"

namespace driftd {
namespace {

constexpr const char* about =
    "Tells a team when a PostgreSQL database is not what its migrations say.\n\n"
    "Examples:\n"
    "  driftd check --database postgresql://app@db/app --migrations ./migrations\n"
    "  driftd diff postgresql://app@staging/app postgresql://app@db/app\n"
    "  driftd serve --config.file /etc/driftd/driftd.yaml\n";

std::string version_text() {
  const BuildInfo build = build_info();
  return fmt::format("driftd {} (revision {}, {})", build.version, build.revision, build.compiler);
}

/// The words that somebody may have meant: commands and flags.
std::string did_you_mean(const CLI::App& app, const std::string& word) {
  std::vector<std::string> known;
  const auto flags_of = [&](const CLI::App& part) {
    for (const CLI::Option* option : part.get_options()) {
      for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
    }
  };
  flags_of(app);
  for (const CLI::App* command : app.get_subcommands({})) {
    flags_of(*command);
    known.push_back(command->get_name());
  }
  const std::string best = nearest(word.substr(0, word.find('=')), known);
  return best.empty() ? std::string() : fmt::format("; did you mean {}?", best);
}

std::vector<std::string> group_names() {
  std::vector<std::string> names;
  for (const Group group : all_groups()) names.emplace_back(name_of(group));
  return names;
}

void add_flags(CLI::App& app, Overrides& to, std::string& lifecycle) {
  app.add_option("--config.file", to.config_file, "The settings file (YAML)")
      ->envname("DRIFTD_CONFIG_FILE");
  app.add_option("--database", to.database, "A libpq URI or conninfo, or an SQLAlchemy URL")
      ->envname("DRIFTD_DATABASE");
  app.add_option("--migrations", to.migrations, "The folder of the migrations, or alembic.ini")
      ->envname("DRIFTD_MIGRATIONS");
  app.add_option("--migrations.baseline", to.migrations_baseline,
                 "A file of SQL with what stood in the database before the first migration")
      ->envname("DRIFTD_MIGRATIONS_BASELINE");
  app.add_option("--migrations.packages", to.migrations_packages,
                 "A virtualenv, or a folder of packages that migrations import; may be given "
                 "several times")
      ->allow_extra_args(false)
      ->delimiter(',')
      ->envname("DRIFTD_MIGRATIONS_PACKAGES");
  app.add_flag("--environment-complete", to.environment_complete,
               "Take every variable that migrations ask for and settings do not declare as not "
               "set")
      ->envname("DRIFTD_ENVIRONMENT_COMPLETE");
  app.add_option("--migrations.command", to.migrations_command,
                 "A shell command that brings the empty database of DATABASE_URL to {revision}, "
                 "instead of reading the migrations")
      ->envname("DRIFTD_MIGRATIONS_COMMAND");
  app.add_option("--models.path", to.models_path,
                 "A Python file or package with SQLAlchemy's models, which is read")
      ->envname("DRIFTD_MODELS_PATH");
  app.add_option("--models.packages", to.models_packages,
                 "A virtualenv, or a folder of packages that the models build on; may be given "
                 "several times")
      ->allow_extra_args(false)
      ->delimiter(',')
      ->envname("DRIFTD_MODELS_PACKAGES");
  app.add_option("--models.command", to.models_command,
                 "A shell command that prints the models' CREATE statements, instead of reading "
                 "the models")
      ->envname("DRIFTD_MODELS_COMMAND");
  app.add_option("--expected.snapshot", to.expected_snapshot,
                 "A file of driftd snapshot to compare with, instead of --migrations")
      ->envname("DRIFTD_EXPECTED_SNAPSHOT");
  app.add_option("--interval", to.interval, "The time between two looks, such as 3s")
      ->envname("DRIFTD_INTERVAL");
  app.add_option("--web.listen-address", to.listen,
                 "Where to listen, such as 127.0.0.1:10432; may be given several times")
      ->allow_extra_args(false)
      ->delimiter(',')
      ->envname("DRIFTD_WEB_LISTEN_ADDRESS");
  app.add_flag("--web.enable-lifecycle{true}", lifecycle, "Let POST /-/reload reload the settings")
      ->envname("DRIFTD_WEB_ENABLE_LIFECYCLE");
  app.add_option("--web.external-url", to.external_url, "Where people reach the pages")
      ->envname("DRIFTD_WEB_EXTERNAL_URL");
  app.add_option("--log.level", to.log_level, "debug, info, warn or error")
      ->envname("DRIFTD_LOG_LEVEL");
  app.add_option("--log.format", to.log_format, "logfmt or json")->envname("DRIFTD_LOG_FORMAT");
  app.add_option("--scratch.bindir", to.scratch_bindir, "The folder of initdb and postgres")
      ->envname("DRIFTD_SCRATCH_BINDIR");
  app.add_option("--scratch.conninfo", to.scratch_conninfo,
                 "A server for replays, instead of a private one")
      ->envname("DRIFTD_SCRATCH_CONNINFO");
}

[[noreturn]] void refuse(const std::string& message, const std::string& hint) {
  throw Error(Reason::Settings, message, hint);
}

/// The one database that --database and its kind speak of.
DatabaseSettings& only_database(Settings& settings, std::string_view flag) {
  if (settings.databases.size() > 1) {
    refuse(fmt::format("{} does not say which of the {} databases of the settings file it means",
                       flag, settings.databases.size()),
           "Write it into the settings file, under the database.");
  }
  if (settings.databases.empty()) {
    settings.databases.push_back(settings.defaults);
    settings.databases.back().endpoint.conninfo = database_from_environment();
  }
  return settings.databases.front();
}

std::string must_exist(const std::string& flag, const std::string& path) {
  if (!std::filesystem::exists(path)) {
    refuse(fmt::format("{}: cannot find {}", flag, path),
           "Check the path; it is taken from the folder in which driftd was started.");
  }
  return path;
}

void lay_over_database(const Overrides& overrides, Settings& settings) {
  if (!overrides.database.empty()) {
    only_database(settings, "--database").endpoint.conninfo = libpq_conninfo(overrides.database);
  }
  if (!overrides.migrations.empty()) {
    only_database(settings, "--migrations").history.path =
        must_exist("--migrations", overrides.migrations);
  }
  if (!overrides.expected_snapshot.empty()) {
    only_database(settings, "--expected.snapshot").history.snapshot =
        must_exist("--expected.snapshot", overrides.expected_snapshot);
  }
  if (!overrides.migrations_baseline.empty()) {
    only_database(settings, "--migrations.baseline").history.baseline =
        must_exist("--migrations.baseline", overrides.migrations_baseline);
  }
  if (!overrides.models_path.empty()) {
    only_database(settings, "--models.path").models.paths = {
        must_exist("--models.path", overrides.models_path)};
  }
  if (!overrides.models_packages.empty()) {
    auto& packages = only_database(settings, "--models.packages").models.packages;
    packages.clear();
    for (const std::string& folder : overrides.models_packages) {
      packages.push_back(must_exist("--models.packages", folder));
    }
  }
  if (!overrides.migrations_packages.empty()) {
    auto& packages = only_database(settings, "--migrations.packages").history.declared.packages;
    packages.clear();
    for (const std::string& folder : overrides.migrations_packages) {
      packages.push_back(must_exist("--migrations.packages", folder));
    }
  }
  if (overrides.environment_complete) {
    only_database(settings, "--environment-complete").history.declared.environment_complete = true;
  }
  if (!overrides.models_command.empty()) {
    only_database(settings, "--models.command").models.command.words = {"/bin/sh", "-c",
                                                                        overrides.models_command};
  }
  if (!overrides.migrations_command.empty()) {
    only_database(settings, "--migrations.command").history.command.words = {
        "/bin/sh", "-c", overrides.migrations_command};
  }
  for (DatabaseSettings& database : settings.databases) {
    if (!overrides.interval.empty()) {
      database.interval = parse_duration(overrides.interval);
      if (database.interval < std::chrono::milliseconds(100)) {
        refuse("--interval must be at least 100ms", "");
      }
    }
    if (!overrides.scratch_bindir.empty()) {
      database.scratch.bindir = must_exist("--scratch.bindir", overrides.scratch_bindir);
    }
    if (!overrides.scratch_conninfo.empty()) {
      database.scratch.conninfo = libpq_conninfo(overrides.scratch_conninfo);
    }
  }
}

}  // namespace

Parsed parse_command_line(int argc, const char* const* argv) {
  CommandLine result;
  std::string format = "human";
  std::string fail_on = "risky";
  std::string diff_fail_on = "harmless";  // any difference
  std::string lifecycle;

  CLI::App app(about, "driftd");
  app.set_version_flag("--version", version_text());
  app.require_subcommand(0, 1);
  app.fallthrough();
  add_flags(app, result.overrides, lifecycle);

  std::map<const CLI::App*, Command> commands;
  const auto command = [&](const char* name, Command which, const char* says) {
    CLI::App* added = app.add_subcommand(name, says);
    added->footer("driftd --help lists the flags that every command takes.");
    commands[added] = which;
    return added;
  };
  command("serve", Command::Serve, "Watch, and serve pages and metrics (the default)");
  CLI::App* check =
      command("check", Command::Check, "Look once; exit 0 in sync, 2 drift, 1 could not tell");
  const auto format_flags = [&](CLI::App* to, bool in_review = false) {
    std::vector<std::string> formats{"human", "json"};
    if (in_review) formats.insert(formats.end(), {"github", "sarif"});
    to->add_option("--format", format,
                   in_review ? "human, json, github (annotations) or sarif" : "human or json")
        ->check(CLI::IsMember(formats))
        ->envname("DRIFTD_FORMAT");
    to->add_flag("--no-color,--no-colour", result.no_color, "No colour; NO_COLOR does the same");
  };
  const auto result_flags = [&](CLI::App* to, std::string& least) {
    format_flags(to, true);
    to->add_option("--fail-on", least, "The least impact that is exit code 2")
        ->check(CLI::IsMember({"harmless", "risky", "breaking"}))
        ->capture_default_str()
        ->envname("DRIFTD_FAIL_ON");
  };
  result_flags(check, fail_on);
  check->add_flag("--models", result.models,
                  "Compare the models with all migrations instead; needs no database");
  CLI::App* diff =
      command("diff", Command::Diff,
              "Compare two databases, or what makes them; exit 0 alike, 2 different, 1 could not "
              "tell");
  diff->add_option("databases", result.databases,
                   "What is expected, then what is there: each as --database takes it, or "
                   "FILE.sql, models:PATH, migrations:PATH")
      ->expected(2)
      ->required();
  diff->add_option("--schemas", result.schemas, "Globs of the schemas that are looked at")
      ->delimiter(',')
      ->allow_extra_args(false);
  diff->add_option("--exclude-schemas", result.exclude_schemas, "Globs of the schemas that are not")
      ->delimiter(',')
      ->allow_extra_args(false);
  diff->add_option("--groups", result.groups, "What is looked at: structure, code, security, ...")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::IsMember(group_names()));
  result_flags(diff, diff_fail_on);
  CLI::App* explain = command("explain", Command::Explain,
                              "Say which migration made an object what it is expected to be; exit "
                              "0 it is so, 2 it is not, 1 could not tell");
  explain
      ->add_option("object", result.object,
                   "Such as public.users, public.users.email or \"index public.ix_users\", or a "
                   "finding by its 16 digits")
      ->required();
  format_flags(explain);
  CLI::App* history = command(
      "history", Command::History,
      "List the migrations: applied or pending, read or not understood; exit 1 if any is not");
  format_flags(history);
  CLI::App* snapshot = command("snapshot", Command::Snapshot,
                               "Write down the schema that each revision leaves, for a driftd "
                               "without a PostgreSQL of its own");
  snapshot->add_option("-o,--output", result.output, "The file; - is stdout")->required();
  CLI::App* log =
      command("log", Command::Log, "Print what serve found and when, from its state file");
  log->add_option("--state", result.state, "The file; else the one of the settings file");
  log->add_option("--name", result.database, "Of this database only");
  log->add_option("-n,--limit", result.most, "So many events, the newest")->capture_default_str();
  format_flags(log);
  CLI::App* ddl_log = command("ddl-log", Command::DdlLog,
                              "Print the SQL of the optional DDL log, an event trigger by which "
                              "findings say who made them; a superuser installs it");
  bool print_sql = false;
  ddl_log->add_flag("--print-sql", print_sql, "Print it; driftd never installs it itself")
      ->required();
  CLI::Option* role = ddl_log->add_option(
      "--role", result.role, "The role that driftd logs in as, which may read the log");
  CLI::Option* unlogged =
      ddl_log->add_flag("--unlogged", result.unlogged,
                        "Rows are not published to subscribers, and gone after a crash");
  ddl_log->add_flag("--remove", result.remove, "Print what takes it away instead")
      ->excludes(role)
      ->excludes(unlogged);
  CLI::App* plan = command("plan", Command::Plan,
                           "Print the Alembic revisions that would bring the migrations to the "
                           "models, each replayed there and back; exit 1 if a part is left to you");
  plan->add_flag("--models", result.models, "What is planned for (the only thing there is)");
  plan->add_option("-o,--output", result.output, "A folder to write them to, instead of stdout")
      ->check(CLI::ExistingDirectory);
  command("print-models", Command::PrintModels,
          "Print the SQL that the models ask for, as they are read; exit 1 if a part is not "
          "understood");
  command("check-config", Command::CheckConfig, "Say what is wrong with the settings");
  command("print-config", Command::PrintConfig, "Print the settings in effect, without secrets");
  command("healthcheck", Command::Healthcheck, "Ask a running driftd whether it is healthy")
      ->add_option("--url", result.url, "host:port of the daemon");
  command("version", Command::Version, "Print the version");

  try {
    app.parse(argc, argv);
    if (lifecycle == "true" || lifecycle == "1") {
      result.overrides.enable_lifecycle = true;
    } else if (lifecycle == "false" || lifecycle == "0") {
      result.overrides.enable_lifecycle = false;
    } else if (!lifecycle.empty()) {
      throw CLI::ValidationError("--web.enable-lifecycle",
                                 fmt::format("\"{}\" is neither true nor false", lifecycle));
    }
  } catch (const CLI::CallForHelp&) {
    std::fputs(app.help().c_str(), stdout);
    return {{}, 0};
  } catch (const CLI::CallForVersion&) {
    std::fputs((version_text() + "\n").c_str(), stdout);
    return {{}, 0};
  } catch (const CLI::ParseError& e) {
    std::string message = e.what();
    if (dynamic_cast<const CLI::ExtrasError*>(&e) != nullptr) {
      const auto strange = app.remaining(true);
      if (!strange.empty()) {
        message = fmt::format("unknown argument {}{}", strange.front(),
                              did_you_mean(app, strange.front()));
      }
    }
    fmt::print(stderr, "driftd: {}\nRun driftd --help for what there is.\n", message);
    return {{}, 1};
  }
  for (const CLI::App* chosen : app.get_subcommands()) result.command = commands.at(chosen);
  if (format == "json") result.format = Format::Json;
  if (format == "github") result.format = Format::Github;
  if (format == "sarif") result.format = Format::Sarif;
  if (result.command == Command::Diff) fail_on = diff_fail_on;
  for (const Impact impact : {Impact::Harmless, Impact::Risky, Impact::Breaking}) {
    if (name_of(impact) == fail_on) result.fail_on = impact;
  }
  return {result, 0};
}

namespace {

DatabaseSettings only_one(const Overrides& overrides, const std::string& command) {
  Settings settings;
  if (!overrides.config_file.empty()) settings = load_settings(overrides.config_file);
  if (settings.databases.empty()) only_database(settings, "--migrations");
  lay_over_database(overrides, settings);
  return only_database(settings, command);
}

}  // namespace

DatabaseSettings models_settings(const Overrides& overrides) {
  DatabaseSettings only = only_one(overrides, "print-models");
  if (!only.models.named()) {
    refuse("no models are named",
           "Name their files with --models.path, or a command that prints their CREATE statements "
           "with --models.command; or models in the settings file.");
  }
  return only;
}

DatabaseSettings history_settings(const Overrides& overrides) {
  DatabaseSettings only = only_one(overrides, "history");
  if (only.history.path.empty()) {
    refuse("no migrations are named",
           "Name their folder with --migrations, or migrations in the settings file.");
  }
  return only;
}

Settings effective_settings(const Overrides& overrides) {
  Settings settings;
  if (!overrides.config_file.empty()) settings = load_settings(overrides.config_file);
  if (settings.databases.empty() && !database_from_environment().empty()) {
    only_database(settings, "DATABASE_URL");
  }
  lay_over_database(overrides, settings);
  if (!overrides.listen.empty()) settings.web.listen = overrides.listen;
  for (const std::string& address : settings.web.listen) parse_listen_address(address);
  if (overrides.enable_lifecycle) settings.web.enable_lifecycle = *overrides.enable_lifecycle;
  if (!overrides.external_url.empty()) settings.web.external_url = overrides.external_url;
  if (!overrides.log_level.empty()) settings.log.level = overrides.log_level;
  if (!overrides.log_format.empty()) settings.log.format = overrides.log_format;
  log::parse_level(settings.log.level);
  log::parse_format(settings.log.format);
  if (settings.databases.empty()) {
    if (!overrides.config_file.empty()) {
      refuse(fmt::format("{} names no database", overrides.config_file),
             "List databases in it, or give --database and --migrations.");
    }
    refuse("no database is named",
           "Give --database and --migrations, or --config.file with databases.");
  }
  for (const DatabaseSettings& database : settings.databases) {
    const MigrationCommand& command = database.history.command;
    if (command.words.empty() && !command.directory.empty()) {
      refuse("migrations.directory is where migrations.command is run, and there is none", "");
    }
    if (!database.history.baseline.empty() && database.history.path.empty()) {
      refuse("migrations.baseline stands before migrations that are read, and none are named", "");
    }
    if (!database.history.baseline.empty() && !command.words.empty()) {
      refuse("migrations.baseline stands before migrations that are read, and a command runs them",
             "Let the command make the baseline too.");
    }
    const ModelSource& models = database.models;
    if (models.command.words.empty() && !models.command.directory.empty()) {
      refuse("models.directory is where models.command is run, and there is none", "");
    }
    if (models.paths.empty() && !models.root.empty()) {
      refuse("models.root is where the imports of models.path begin, and there is none", "");
    }
    if (models.paths.empty() && !models.packages.empty()) {
      refuse("models.packages are what models.path inherits from, and there is none", "");
    }
    if (!models.paths.empty() && !models.command.words.empty()) {
      refuse("models.path and models.command are both given; one must go", "");
    }
    const bool read = !database.history.path.empty() && command.words.empty();
    if (!database.history.substitutes.empty() && !read) {
      refuse("migrations.substitutes stand for migrations that are read, and none are", "");
    }
    const bool migrations = !database.history.path.empty() || !command.words.empty();
    if (migrations && !database.history.snapshot.empty()) {
      refuse("migrations and expected.snapshot are both given; one must go", "");
    }
    if (!migrations && database.history.snapshot.empty()) {
      refuse(fmt::format("the database {} has no migrations",
                         database.name.empty() ? describe(database.endpoint) : database.name),
             "Name their folder with --migrations, or migrations in the settings file; or a "
             "command that runs them with --migrations.command, or a file of driftd snapshot with "
             "--expected.snapshot.");
    }
  }
  return settings;
}

}  // namespace driftd

#include "daemon/settings/keys.h"

#include "expected_schema/introspect/groups.h"

namespace driftd {
namespace {

using D = DatabaseSettings;
using S = Settings;

constexpr double day = 86'400'000;

std::vector<std::string> group_names() {
  std::vector<std::string> names;
  for (const Group group : all_groups()) names.emplace_back(name_of(group));
  return names;
}

}  // namespace

const std::vector<Key<DatabaseSettings>>& database_keys() {
  static const std::vector<Key<D>> keys{
      {.path = "name",
       .slot = [](D& d) -> Slot { return &d.name; },
       .says = "The datname label and the name in pages; empty: the database's own name.",
       .own = true},
      {.path = "database",
       .slot = [](D& d) -> Slot { return &d.endpoint.conninfo; },
       .says = "A libpq URI or conninfo, or an SQLAlchemy URL; empty: DRIFTD_DATABASE, "
               "DATABASE_URL, else libpq's own environment.",
       .meaning = Meaning::Conninfo,
       .own = true},
      {.path = "password_file",
       .slot = [](D& d) -> Slot { return &d.endpoint.password_file; },
       .says = "A file whose first line is the password, read at each connect.",
       .meaning = Meaning::File},
      {.path = "password_command",
       .slot = [](D& d) -> Slot { return &d.endpoint.password_command; },
       .says = "A program and its arguments that prints the password, run at each connect."},
      {.path = "password_command_timeout",
       .slot = [](D& d) -> Slot { return &d.endpoint.password_command_timeout; },
       .says = "How long password_command may take.",
       .minimum = 1},
      {.path = "migrations.path",
       .slot = [](D& d) -> Slot { return &d.history.path; },
       .says = "The folder of the migrations, or the alembic.ini that names it.",
       .meaning = Meaning::FileOrFolder},
      {.path = "migrations.tool",
       .slot = [](D& d) -> Slot { return &d.history.tool; },
       .says = "Whose migrations they are; empty: told by their files.",
       .choices = {"alembic", "flyway", "prisma", "golang-migrate", "dbmate", "goose", "sqlx",
                   "diesel"}},
      {.path = "migrations.baseline",
       .slot = [](D& d) -> Slot { return &d.history.baseline; },
       .says = "A file of SQL with what stood in the database before the first migration.",
       .meaning = Meaning::File},
      {.path = "migrations.command",
       .slot = [](D& d) -> Slot { return &d.history.command.words; },
       .says = "A program and its arguments that brings the empty database of DATABASE_URL to the "
               "applied revision, instead of reading the migrations; {revision} is replaced."},
      {.path = "migrations.directory",
       .slot = [](D& d) -> Slot { return &d.history.command.directory; },
       .says = "The folder in which the command is run, and run again when a file in it changes.",
       .meaning = Meaning::Folder},
      {.path = "migrations.command_timeout",
       .slot = [](D& d) -> Slot { return &d.history.command.limit; },
       .says = "How long one run of the command may take.",
       .minimum = 1,
       .maximum = day},
      {.path = "expected.snapshot",
       .slot = [](D& d) -> Slot { return &d.history.snapshot; },
       .says = "A file of driftd snapshot to compare with, instead of migrations; no PostgreSQL is "
               "needed beside driftd then.",
       .meaning = Meaning::File},
      {.path = "version_table.schema",
       .slot = [](D& d) -> Slot { return &d.history.table.schema; },
       .says = "The schema of the version table; empty: as the migrations say."},
      {.path = "version_table.name",
       .slot = [](D& d) -> Slot { return &d.history.table.name; },
       .says = "The name of the version table; empty: as the migrations say."},
      {.path = "version_table.column",
       .slot = [](D& d) -> Slot { return &d.history.table.column; },
       .says = "The column of the version table that holds the applied revisions."},
      {.path = "types",
       .slot = [](D& d) -> Slot { return &d.history.declared.types; },
       .says = "PostgreSQL's type for column types of the application, by their dotted names."},
      {.path = "environment",
       .slot = [](D& d) -> Slot { return &d.history.declared.environment; },
       .says = "Environment variables as the migrations saw them, where what they do depends on "
               "them."},
      {.path = "schemas",
       .slot = [](D& d) -> Slot { return &d.scope.schemas; },
       .says = "Globs of the schemas that are looked at."},
      {.path = "exclude_schemas",
       .slot = [](D& d) -> Slot { return &d.scope.exclude_schemas; },
       .says = "Globs of the schemas that are not; stronger than schemas."},
      {.path = "groups",
       .slot = [](D& d) -> Slot { return &d.scope.groups; },
       .says = "What is looked at.",
       .choices = group_names()},
      {.path = "privileges",
       .slot = [](D& d) -> Slot { return &d.privileges; },
       .says = "Whose privileges are compared: of objects that the migrations grant or revoke "
               "something on, of all, or of none.",
       .choices = {"spoken", "all", "none"}},
      {.path = "interval",
       .slot = [](D& d) -> Slot { return &d.interval; },
       .says = "The time between two looks.",
       .minimum = 100,
       .maximum = 30 * day},
      {.path = "jitter",
       .slot = [](D& d) -> Slot { return &d.jitter; },
       .says = "The share of the interval by which it varies, both ways.",
       .maximum = 0.9},
      {.path = "confirm_after",
       .slot = [](D& d) -> Slot { return &d.confirm_after; },
       .says = "How soon the next look follows one with a new finding.",
       .minimum = 1,
       .maximum = day},
      {.path = "confirm_looks",
       .slot = [](D& d) -> Slot { return &d.policy.confirm_looks; },
       .says = "How many looks in a row must agree before a finding counts.",
       .minimum = 1,
       .maximum = 1000},
      {.path = "full_read_interval",
       .slot = [](D& d) -> Slot { return &d.full_read; },
       .says = "The catalogue is read in full at least so often, changed or not.",
       .minimum = 1},
      {.path = "keep_connection",
       .slot = [](D& d) -> Slot { return &d.keep_connection; },
       .says = "Whether the connection stays open, idle, from one look to the next."},
      {.path = "connect_timeout",
       .slot = [](D& d) -> Slot { return &d.limits.connect; },
       .says = "How long connecting may take.",
       .minimum = 1,
       .maximum = day},
      {.path = "look_timeout",
       .slot = [](D& d) -> Slot { return &d.limits.session; },
       .says = "How long one look may take on its connection; 0 is no limit."},
      {.path = "statement_timeout",
       .slot = [](D& d) -> Slot { return &d.snapshot.statement; },
       .says = "The server's own limit for each statement.",
       .minimum = 1,
       .maximum = day},
      {.path = "lock_timeout",
       .slot = [](D& d) -> Slot { return &d.snapshot.lock; },
       .says = "The server's own limit for waiting on a lock.",
       .minimum = 1,
       .maximum = day},
      {.path = "replay_timeout",
       .slot = [](D& d) -> Slot { return &d.replay_limit; },
       .says = "How long one replay of the migrations may take.",
       .minimum = 1},
      {.path = "scratch.conninfo",
       .slot = [](D& d) -> Slot { return &d.scratch.conninfo; },
       .says = "A server where databases may be created for replays; empty: a private one.",
       .meaning = Meaning::Conninfo},
      {.path = "scratch.bindir",
       .slot = [](D& d) -> Slot { return &d.scratch.bindir; },
       .says = "The folder of initdb and postgres; empty: found.",
       .meaning = Meaning::Folder},
      {.path = "scratch.directory",
       .slot = [](D& d) -> Slot { return &d.scratch.directory; },
       .says = "The folder in which the private server lives; empty: TMPDIR, else /tmp.",
       .meaning = Meaning::Folder},
      {.path = "scratch.run_as",
       .slot = [](D& d) -> Slot { return &d.scratch.run_as; },
       .says = "The user that runs the private server when driftd is root; empty: postgres, else "
               "nobody."},
  };
  return keys;
}

const std::vector<Key<Settings>>& global_keys() {
  static const std::vector<Key<S>> keys{
      {.path = "web.listen",
       .slot = [](S& s) -> Slot { return &s.web.listen; },
       .says = "The addresses of the pages and the metrics; :PORT is every interface.",
       .meaning = Meaning::ListenAddress},
      {.path = "web.enable_lifecycle",
       .slot = [](S& s) -> Slot { return &s.web.enable_lifecycle; },
       .says = "Whether POST /-/reload reloads the settings; SIGHUP always does."},
      {.path = "web.external_url",
       .slot = [](S& s) -> Slot { return &s.web.external_url; },
       .says = "The address by which people reach the pages, where a proxy stands before them."},
      {.path = "log.level",
       .slot = [](S& s) -> Slot { return &s.log.level; },
       .says = "The least that is logged.",
       .choices = {"debug", "info", "warn", "error"}},
      {.path = "log.format",
       .slot = [](S& s) -> Slot { return &s.log.format; },
       .says = "How a line of the log is written.",
       .choices = {"logfmt", "json"}},
  };
  return keys;
}

}  // namespace driftd

// The command that migrates instead of driftd: the real Alembic, and programs that misbehave.
#include <gmock/gmock.h>
#include <signal.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"
#include "expected_schema/catalogue/text.h"
#include "expected_schema/expected/expected_schema.h"
#include "expected_schema/replay/command.h"
#include "expected_schema/replay/command_environment.h"
#include "tests/support/scratch.h"

namespace driftd {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
using test::plain_target;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const std::string example = DRIFTD_SOURCE_DIR "/deploy/example";

MigrationCommand alembic() {
  return {{"/usr/bin/python3", "-B", "-m", "alembic", "upgrade", "{revision}"}, example, {}};
}

MigrationCommand shell(const std::string& script) {
  return {{"/bin/sh", "-c", script}, "/", milliseconds(20000)};
}

AppliedHistory applied(const std::string& revision, MigrationCommand command) {
  if (command.limit.count() == 0) command.limit = milliseconds(60000);
  return by_command(read_history(example)->applied({revision}), std::move(command), "");
}

std::string text_of(const ExpectedSchema& schema) {
  return to_text(schema.expected.catalogue);
}

/// The error of a command on a database of its own.
Error failure(const MigrationCommand& command, const std::vector<std::string>& revisions = {"r1"}) {
  const auto database = test::fresh_database();
  try {
    run_command(command, revisions, *database);
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "the command did not fail";
  return {Reason::Internal, ""};
}

/// A file of the test's own, with what a command wrote into it.
class Written {
 public:
  Written() : path_(fs::temp_directory_path() / ("driftd-command-" + std::to_string(::getpid()))) {
    fs::remove(path_);
  }
  ~Written() { fs::remove(path_); }
  std::string path() const { return path_.string(); }
  std::string text() const { return fs::exists(path_) ? read_file(path_.string()) : ""; }

 private:
  fs::path path_;
};

bool ends_soon(pid_t pid) {
  const auto end = steady_clock::now() + std::chrono::seconds(5);
  while (::kill(pid, 0) == 0) {
    // A zombie whose new parent has not looked yet is as good as gone.
    const std::string stat = "/proc/" + std::to_string(pid) + "/stat";
    std::ifstream file(stat);
    std::string text;
    try {
      text.assign(std::istreambuf_iterator<char>(file), {});
    } catch (const std::ios_base::failure&) {
      return true;  // it ended while its file was read
    }
    if (text.find(") Z") != std::string::npos) return true;
    if (steady_clock::now() > end) return false;
    std::this_thread::sleep_for(milliseconds(10));
  }
  return true;
}

TEST(Command, AlembicGivesWhatTheNativeReplayGivesForEveryRevision) {
  ExpectedSchemas schemas({});
  const auto history = read_history(example);
  const Target target = plain_target();
  for (const Migration& migration : history->all().applied) {
    const auto native = schemas.of(history->applied({migration.revision}), target, {});
    const auto real = schemas.of(applied(migration.revision, alembic()), target, {});
    EXPECT_EQ(text_of(*real), text_of(*native)) << migration.revision;
  }
}

TEST(Command, IsRunOnceForEachAppliedRevision) {
  const Written written;
  const auto database = test::fresh_database();
  MigrationCommand command = shell("echo {revision} >>" + written.path());
  run_command(command, {"a1", "b2"}, *database);
  EXPECT_EQ(written.text(), "a1\nb2\n");
  command = shell("echo once >>" + written.path());
  run_command(command, {"a1", "b2"}, *database);
  EXPECT_EQ(written.text(), "a1\nb2\nonce\n");
}

TEST(Command, RefusesARevisionThatAShellWouldRead) {
  for (const char* revision : {"a; touch /tmp/x", "$(id)", "-x", "", "a b", "a'b"}) {
    EXPECT_EQ(failure(shell("true {revision}"), {revision}).reason(), Reason::Replay) << revision;
  }
}

TEST(Command, GetsTheScratchDatabaseAndNothingOfTheLiveOne) {
  ::setenv("PGPASSWORD", "live-secret-1", 1);
  ::setenv("PGPASSFILE", "/live-secret-2", 1);
  ::setenv("DATABASE_URL", "postgresql://app:live-secret-3@db/app", 1);
  ::setenv("DATABASE_URL_FILE", "/run/live-secret-4", 1);
  ::setenv("DRIFTD_DATABASE", "postgresql://app:live-secret-5@db/app", 1);
  ::setenv("APP_DB_HOST", "live-secret-6", 1);
  ::setenv("LC_MESSAGES", "kept", 1);
  const Written written;
  const auto database = test::fresh_database();
  MigrationCommand command = shell("env >" + written.path());
  command.environment = {{"DEPLOYMENT", "declared"}, {"DATABASE_URL", "live-secret-7"}};
  run_command(command, {"r1"}, *database);
  for (const char* name : {"PGPASSWORD", "PGPASSFILE", "DATABASE_URL", "DATABASE_URL_FILE",
                           "DRIFTD_DATABASE", "APP_DB_HOST", "LC_MESSAGES"}) {
    ::unsetenv(name);
  }
  const auto lines = split(written.text(), '\n');
  EXPECT_THAT(written.text(), Not(HasSubstr("live-secret")));
  EXPECT_THAT(lines, Contains("LC_MESSAGES=kept"));
  EXPECT_THAT(lines, Contains("DEPLOYMENT=declared"));
  EXPECT_THAT(lines, Contains("PGPASSFILE=/dev/null"));
  EXPECT_THAT(lines, Contains("PGUSER=app"));
  EXPECT_THAT(lines, Contains("PGDATABASE=" + database->name()));
  EXPECT_THAT(lines, Contains(StartsWith("PGHOST=/")));
  EXPECT_THAT(lines, Contains("PGPORT=5432"));
  EXPECT_THAT(lines, Contains(StartsWith("DATABASE_URL=postgresql://app@/" + database->name() +
                                         "?host=/")));
  EXPECT_THAT(lines, Not(Contains(StartsWith("PGOPTIONS="))));
}

TEST(Command, RunsAsTheOwnerWithTheLiveSettings) {
  Target target = plain_target();
  target.settings = {{"search_path", "app, public"}, {"timezone", "Asia/Tokyo"}};
  const auto database = test::fresh_database(target);
  prepare_for_command(*database);
  const Written written;
  run_command(shell("psql -XqAt -c 'SELECT current_user, current_database()' -c 'SHOW search_path'"
                    " -c 'SHOW timezone' >" +
                    written.path()),
              {}, *database);
  EXPECT_EQ(written.text(), "app|" + database->name() + "\napp, public\nAsia/Tokyo\n");
}

TEST(Command, OnAGivenServerTakesOnTheOwnersRole) {
  ScratchSettings settings;
  settings.conninfo = test::scratch_server().admin("postgres").conninfo;
  ScratchServer server(settings, test::scratch_server().major());
  Target target = plain_target();
  target.settings = {{"search_path", "app, public"}};
  ScratchDatabase database(server, target);
  const Written written;
  run_command(shell("psql -XqAt -c 'SELECT current_user' -c 'SHOW search_path' >" + written.path() +
                    "; psql -XqAt \"$DATABASE_URL\" -c 'SELECT current_user' >>" + written.path()),
              {}, database);
  EXPECT_EQ(written.text(), "app\napp, public\napp\n");
}

TEST(Command, ThatFailsShowsItsStatusAndTheEndOfItsOutput) {
  const Error error =
      failure(shell("for i in $(seq 1 100); do echo line $i; done; echo reason >&2; exit 3"));
  EXPECT_EQ(error.reason(), Reason::Replay);
  EXPECT_THAT(error.message(), AllOf(HasSubstr("ended with exit status 3"),
                                     HasSubstr("line 100\nreason"), Not(HasSubstr("line 50\n"))));
  EXPECT_FALSE(error.hint().empty());
  EXPECT_THAT(failure(shell("exit 1")).message(), HasSubstr("it printed nothing"));
}

TEST(Command, ThatDiesOfASignalSaysSo) {
  EXPECT_THAT(failure(shell("kill -SEGV $$")).message(), HasSubstr("was ended by signal SEGV"));
}

TEST(Command, ThatDoesNotExistSaysSo) {
  const Error error = failure({{"no-such-program"}, "/", milliseconds(20000)});
  EXPECT_THAT(error.message(), AllOf(HasSubstr("exit status 127"), HasSubstr("not found")));
  EXPECT_THAT(failure({{"true"}, "/no/such/folder", milliseconds(20000)}).message(),
              HasSubstr("No such file or directory"));
}

TEST(Command, ThatFloodsItsOutputNeedsNoMemory) {
  const Error error =
      failure(shell("yes 0123456789abcdef | head -c 200000000; echo; echo end; exit 1"));
  EXPECT_THAT(error.message(), HasSubstr("\nend"));
  EXPECT_LT(error.message().size(), 4000U);
  EXPECT_THAT(failure(shell("head -c 5000000 /dev/zero; exit 1")).message(),
              HasSubstr("exit status 1"));
}

TEST(Command, ThatTakesTooLongIsKilledWithItsChildren) {
  const Written written;
  MigrationCommand command =
      shell("trap '' TERM INT HUP; sleep 1000 & echo $! >>" + written.path() + "; echo $$ >>" +
            written.path() + "; echo waiting; wait");
  command.limit = milliseconds(700);
  const auto began = steady_clock::now();
  const Error error = failure(command);
  EXPECT_LT(steady_clock::now() - began, std::chrono::seconds(10));
  EXPECT_EQ(error.reason(), Reason::Replay);
  EXPECT_THAT(error.message(), AllOf(HasSubstr("was killed after 700 ms"), HasSubstr("waiting")));
  for (const std::string& pid : split(std::string(trim(written.text())), '\n')) {
    EXPECT_TRUE(ends_soon(std::stoi(pid))) << pid;
  }
}

TEST(Command, ThatLeavesChildrenBehindIsNotWaitedForAndTheyEnd) {
  const Written written;
  const auto database = test::fresh_database();
  const auto began = steady_clock::now();
  // The child holds the output open.
  run_command(shell("sleep 1000 & echo $! >" + written.path()), {}, *database);
  EXPECT_LT(steady_clock::now() - began, std::chrono::seconds(10));
  EXPECT_TRUE(ends_soon(std::stoi(written.text())));
}

TEST(Command, EndsWhenDriftdIsAskedToEnd) {
  const auto database = test::fresh_database();
  std::stop_source stop;
  const std::jthread stopper([&] {
    std::this_thread::sleep_for(milliseconds(300));
    stop.request_stop();
  });
  const auto began = steady_clock::now();
  try {
    run_command(shell("sleep 1000"), {}, *database, stop.get_token());
    FAIL() << "the command was not interrupted";
  } catch (const Error& error) {
    EXPECT_EQ(error.reason(), Reason::Timeout);
  }
  EXPECT_LT(steady_clock::now() - began, std::chrono::seconds(10));
}

TEST(Command, ThatMigratesAnotherDatabaseIsFoundOut) {
  ExpectedSchemas schemas({});
  try {
    schemas.of(applied("014", shell("true")), plain_target(), {});
    FAIL() << "an empty database was taken for the expected schema";
  } catch (const Error& error) {
    EXPECT_EQ(error.reason(), Reason::Replay);
    EXPECT_THAT(error.message(), HasSubstr("alembic_version"));
    EXPECT_THAT(error.hint(), HasSubstr("DATABASE_URL"));
  }
}

TEST(Command, ThatGoesToAnotherRevisionIsFoundOut) {
  ExpectedSchemas schemas({});
  MigrationCommand head = alembic();
  head.words.back() = "head";
  try {
    schemas.of(applied("010", head), plain_target(), {});
    FAIL() << "the head was taken for revision 010";
  } catch (const Error& error) {
    EXPECT_EQ(error.reason(), Reason::History);
    EXPECT_THAT(error.message(), AllOf(HasSubstr("014"), HasSubstr("010")));
  }
  EXPECT_NE(schemas.of(applied("014", head), plain_target(), {}), nullptr);
}

TEST(Command, MayMakeARoleThatTheLiveDatabaseHas) {
  Target target = plain_target();
  target.roles = {"app", "reader", "writer"};
  ExpectedSchemas schemas({});
  const auto schema = schemas.of(
      by_command(
          history_without_files({"", "versions", "name"})->applied({"1"}),
          shell("psql -XqAt -v ON_ERROR_STOP=1 -c 'CREATE ROLE reader' -c 'CREATE TABLE t ()'"
                " -c 'GRANT SELECT ON t TO reader, writer'"
                " -c \"CREATE TABLE versions AS SELECT 1 AS name\""),
          ""),
      target, {});
  EXPECT_NE(schema->expected.catalogue.find("privilege", "reader on table public.t"), nullptr);
  EXPECT_NE(schema->expected.catalogue.find("privilege", "writer on table public.t"), nullptr);
}

TEST(Command, OfNothingAppliedIsTheVersionTableAlone) {
  ExpectedSchemas schemas({});
  const auto schema = schemas.of(by_command(history_without_files()->applied({}), alembic(), ""),
                                 plain_target(), {});
  EXPECT_NE(schema->expected.catalogue.find("table", "public.alembic_version"), nullptr);
}

TEST(Command, IsRunAgainOnlyWhenItsFilesHaveChanged) {
  ExpectedSchemas schemas({});
  const Written written;
  const MigrationCommand command = shell("echo run >>" + written.path() +
                                         "; psql -XqAt -v ON_ERROR_STOP=1 -c \"CREATE TABLE "
                                         "alembic_version AS SELECT '1'::text AS version_num\"");
  const auto of = [&](const std::string& files) {
    return schemas.of(by_command(history_without_files()->applied({"1"}), command, files),
                      plain_target(), {});
  };
  const auto first = of("a");
  EXPECT_EQ(of("a"), first);
  EXPECT_EQ(written.text(), "run\n");
  EXPECT_NE(of("b"), first);
  EXPECT_EQ(written.text(), "run\nrun\n");
  EXPECT_TRUE(schemas
                  .origins(by_command(history_without_files()->applied({"1"}), command, "b"),
                           plain_target(), {}, {{"table", "public.alembic_version"}})
                  .empty());
}

TEST(DatabaseUrl, IsWhatLibpqAndSqlalchemyTake) {
  EXPECT_EQ(
      database_url({{"host", "/tmp/a b"}, {"port", "5432"}, {"user", "o'w@n"}, {"dbname", "d/b"}}),
      "postgresql://o%27w%40n@/d%2Fb?host=/tmp/a%20b");
  EXPECT_EQ(database_url({{"host", "db"},
                          {"port", "5433"},
                          {"user", "u"},
                          {"password", "p:w/"},
                          {"dbname", "x"},
                          {"sslmode", "require"}}),
            "postgresql://u:p%3Aw%2F@db:5433/x?sslmode=require");
  EXPECT_EQ(database_url({{"host", "::1"}, {"user", "u"}, {"dbname", "x"}}),
            "postgresql://u@[::1]/x");
  EXPECT_EQ(database_url({{"host", "a,b"}, {"port", "1,2"}, {"user", "u"}, {"dbname", "x"}}),
            "postgresql://u@/x?host=a%2Cb&port=1%2C2");
}

TEST(RoleInMessage, IsTheOneWithTheEnding) {
  EXPECT_EQ(role_in_message("ERROR:  role \"a\" does not exist, role \"b c\" already exists\n",
                            "already exists"),
            "b c");
  EXPECT_EQ(role_in_message("role \"a\" does not exist", "already exists"), std::nullopt);
  EXPECT_EQ(role_in_message("role \"a", "already exists"), std::nullopt);
}

}  // namespace
}  // namespace driftd

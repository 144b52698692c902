#include <fmt/format.h>
#include <gmock/gmock.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <functional>
#include <thread>

#include "expected_schema/base/error.h"
#include "expected_schema/postgres/catalogue_writes.h"
#include "expected_schema/postgres/kept_session.h"
#include "expected_schema/postgres/migration_signs.h"
#include "expected_schema/postgres/server_state.h"
#include "tests/support/scratch.h"

namespace driftd {
namespace {

using namespace std::chrono_literals;
using test::fresh_database;
using test::scratch_server;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Error error_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error;
  }
  return {Reason::Internal, "nothing was thrown"};
}

std::chrono::milliseconds time_of(const std::function<void()>& work) {
  const auto begun = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                               begun);
}

Endpoint admin() {
  return scratch_server().admin("postgres");
}

TEST(Session, PassesParametersAndNulls) {
  Session session(admin());
  const Rows rows = session.query("SELECT $1::int + 1 AS a, $2::text AS b", {"41", std::nullopt});
  ASSERT_EQ(rows.size(), 1U);
  ASSERT_EQ(rows.columns(), 2U);
  EXPECT_EQ(rows.name(1), "b");
  EXPECT_EQ(rows.text(0, 0), "42");
  EXPECT_EQ(rows.at(0, 1), std::nullopt);
  EXPECT_EQ(error_of([&] { rows.text(0, 1); }).reason(), Reason::Internal);
}

TEST(Session, IsNamedUnlessToldOtherwise) {
  Session session(admin());
  EXPECT_EQ(session.query("SHOW application_name").text(0, 0), "driftd");
  Endpoint named = admin();
  named.conninfo += " application_name=other";
  Session other(named);
  EXPECT_EQ(other.query("SHOW application_name").text(0, 0), "other");
}

TEST(Session, PrintsNoNotices) {
  testing::internal::CaptureStderr();
  {
    Session session(admin());
    session.execute("DO $$ BEGIN RAISE WARNING 'heard'; END $$");
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(Session, SaysWhatTheServerSaid) {
  Session session(admin());
  const Error error = error_of([&] { session.query("SELECT lenght('x')"); });
  EXPECT_EQ(error.reason(), Reason::Query);
  EXPECT_EQ(error.message(), "function lenght(unknown) does not exist");
  EXPECT_THAT(error.hint(), HasSubstr("explicit type casts"));
  EXPECT_EQ(session.query("SELECT 1").text(0, 0), "1") << "usable after an error";

  session.execute("CREATE TEMP TABLE t (a int PRIMARY KEY)");
  const Error twice = error_of([&] { session.execute("INSERT INTO t VALUES (1), (1)"); });
  EXPECT_EQ(twice.hint(), "Key (a)=(1) already exists.");
}

TEST(Session, TurnsEverySqlstateIntoAReason) {
  const std::pair<const char*, Reason> cases[] = {{"42501", Reason::Permission},
                                                  {"57014", Reason::Timeout},
                                                  {"55P03", Reason::LockTimeout},
                                                  {"40001", Reason::CatalogueChanged},
                                                  {"40P01", Reason::CatalogueChanged},
                                                  {"28000", Reason::Auth},
                                                  {"53300", Reason::Connect},
                                                  {"57P01", Reason::Connect},
                                                  {"XX000", Reason::Query},
                                                  {"22012", Reason::Query}};
  for (const auto& [sqlstate, reason] : cases) {
    Session session(admin());
    const Error error = error_of([&] {
      session.execute(
          fmt::format("DO $$ BEGIN RAISE EXCEPTION 'said' USING ERRCODE = '{}'; END $$", sqlstate));
    });
    EXPECT_EQ(error.reason(), reason) << sqlstate << ": " << error.message();
  }
  Session session(admin());
  for (const char* message :
       {"cache lookup failed for index 1", "could not open relation with OID 1"}) {
    EXPECT_EQ(error_of([&] {
                session.execute(fmt::format(
                    "DO $$ BEGIN RAISE EXCEPTION '{}' USING ERRCODE = 'XX000'; END $$", message));
              }).reason(),
              Reason::CatalogueChanged);
  }
}

TEST(Session, SaysWhyItCannotConnect) {
  Endpoint nowhere;
  nowhere.conninfo = "postgresql+asyncpg://u:geheimnis@127.0.0.1:1/d";
  const Error refused = error_of([&] { Session session(nowhere); });
  EXPECT_EQ(refused.reason(), Reason::Connect);
  EXPECT_THAT(refused.message(), HasSubstr("127.0.0.1:1/d as u"));
  EXPECT_THAT(refused.message() + refused.hint(), Not(HasSubstr("geheimnis")));

  Endpoint role = admin();
  role.conninfo += " user=nobody_here password=geheimnis";
  const Error unknown = error_of([&] { Session session(role); });
  EXPECT_THAT(unknown.message() + unknown.hint(), Not(HasSubstr("geheimnis")));
  EXPECT_EQ(unknown.reason(), Reason::Auth) << unknown.message();

  Endpoint database = admin();
  database.conninfo += " dbname=not_here";
  EXPECT_EQ(error_of([&] { Session session(database); }).reason(), Reason::Connect);
}

TEST(Session, ReadsThePasswordFromFileOrCommand) {
  Endpoint endpoint = admin();
  endpoint.password_command = {"printf", "secret\n"};
  EXPECT_NO_THROW(Session{endpoint});
  endpoint.password_command = {"false"};
  EXPECT_EQ(error_of([&] { Session session(endpoint); }).reason(), Reason::Settings);
  endpoint.password_command = {"sleep", "60"};
  endpoint.password_command_timeout = 200ms;
  EXPECT_LT(time_of([&] {
              EXPECT_EQ(error_of([&] { Session session(endpoint); }).reason(), Reason::Timeout);
            }),
            5s);
  endpoint.password_command.clear();
  endpoint.password_file = "/nonexistent/password";
  EXPECT_THAT(error_of([&] { Session session(endpoint); }).message(),
              HasSubstr("/nonexistent/password"));
}

TEST(Session, EndsAtItsLimit) {
  Limits limits;
  limits.session = 300ms;
  const auto took = time_of([&] {
    Session session(admin(), limits);
    EXPECT_EQ(error_of([&] { session.query("SELECT pg_sleep(60)"); }).reason(), Reason::Timeout);
    EXPECT_EQ(error_of([&] { session.query("SELECT 1"); }).reason(), Reason::Timeout);
  });
  EXPECT_LT(took, 10s);
}

TEST(Session, EndsWhenStopped) {
  std::stop_source stop;
  Session session(admin(), {}, stop.get_token());
  std::thread stopper([&] {
    std::this_thread::sleep_for(200ms);
    stop.request_stop();
  });
  const auto took = time_of([&] {
    EXPECT_EQ(error_of([&] { session.query("SELECT pg_sleep(60)"); }).reason(), Reason::Timeout);
  });
  stopper.join();
  EXPECT_LT(took, 10s);
  EXPECT_EQ(error_of([&] { Session late(admin(), {}, stop.get_token()); }).reason(),
            Reason::Timeout);
}

TEST(Session, EndsWhenTheServerHangs) {
  Limits limits;
  limits.session = 500ms;
  Session hung(admin(), limits);
  const auto pid = std::stoi(hung.query("SELECT pg_backend_pid()").text(0, 0));
  ASSERT_EQ(::kill(pid, SIGSTOP), 0);
  const auto took = time_of(
      [&] { EXPECT_EQ(error_of([&] { hung.query("SELECT 1"); }).reason(), Reason::Timeout); });
  ::kill(pid, SIGCONT);
  EXPECT_LT(took, 10s);
}

TEST(Session, SaysThatItsConnectionWasLost) {
  Session session(admin());
  const std::string pid = session.query("SELECT pg_backend_pid()").text(0, 0);
  Session killer(admin());
  killer.query("SELECT pg_terminate_backend($1::int, 5000)", {pid});
  const Error error = error_of([&] { session.query("SELECT 1"); });
  EXPECT_EQ(error.reason(), Reason::Connect);
  EXPECT_THAT(error.message(), HasSubstr("lost the connection"));
}

TEST(Session, IsWatchedOnlyWhileItIsAwake) {
  std::stop_source stop;
  Limits limits;
  limits.session = 200ms;
  Session session(admin(), limits, stop.get_token());
  session.rest();
  std::this_thread::sleep_for(400ms);
  stop.request_stop();
  session.wake(10s, {});
  EXPECT_EQ(session.query("SELECT 1").text(0, 0), "1");
  session.wake(200ms, {});
  EXPECT_EQ(error_of([&] { session.query("SELECT pg_sleep(60)"); }).reason(), Reason::Timeout);
}

std::string process_of(Session& session) {
  return session.query("SELECT pg_backend_pid()").text(0, 0);
}

TEST(KeptSession, IsTheSameUntilItIsOfNoUse) {
  KeptSession kept;
  EXPECT_FALSE(kept.resume({}, {})) << "there is none yet";
  const std::string process = process_of(kept.connect(admin(), {}, {}));
  kept.rest(3s);
  const auto state = kept.resume({}, {});
  ASSERT_TRUE(state);
  EXPECT_EQ(state->database, "postgres");
  EXPECT_FALSE(state->in_recovery);
  EXPECT_EQ(process_of(kept.session()), process);
  kept.rest(3s);

  Session killer(admin());
  killer.query("SELECT pg_terminate_backend($1::int, 5000)", {process});
  EXPECT_FALSE(kept.resume({}, {}));
  EXPECT_NE(process_of(kept.connect(admin(), {}, {})), process);
}

TEST(KeptSession, IsClosedForALongPause) {
  KeptSession kept;
  const std::string process = process_of(kept.connect(admin(), {}, {}));
  kept.rest(2min);
  EXPECT_FALSE(kept.resume({}, {}));
  Session other(admin());
  const auto gone = [&] {
    return other.query("SELECT FROM pg_stat_activity WHERE pid = $1::int", {process}).size() == 0;
  };
  for (int i = 0; i < 500 && !gone(); ++i) std::this_thread::sleep_for(10ms);
  EXPECT_TRUE(gone());
}

TEST(KeptSession, AServerHasNoMoreThanItsShareOfIdleOnes) {
  const auto one = std::make_shared<IdleSessions>(1);
  KeptSession second(one);
  {
    KeptSession first(one);
    first.connect(admin(), {}, {});
    second.connect(admin(), {}, {});
    first.rest(3s);
    second.rest(3s);
    EXPECT_FALSE(second.resume({}, {})) << "the first has the only one";
    EXPECT_TRUE(first.resume({}, {}));
    second.connect(admin(), {}, {});
    second.rest(3s);
    EXPECT_FALSE(second.resume({}, {})) << "the first has it while it is in use, too";
    KeptSession moved = std::move(first);
    moved.rest(3s);
    EXPECT_TRUE(moved.resume({}, {}));
  }
  second.connect(admin(), {}, {});
  second.rest(3s);
  EXPECT_TRUE(second.resume({}, {})) << "the first gave it back";
}

TEST(KeptSession, IsGivenUpSoonWhenItIsSilent) {
  KeptSession kept;
  const auto pid = std::stoi(process_of(kept.connect(admin(), {}, {})));
  kept.rest(3s);
  ASSERT_EQ(::kill(pid, SIGSTOP), 0);
  Limits limits;
  limits.connect = 300ms;
  const auto took = time_of([&] { EXPECT_FALSE(kept.resume(limits, {})); });
  ::kill(pid, SIGCONT);
  EXPECT_LT(took, 10s);
}

TEST(KeptSession, IsNotResumedWhenStopped) {
  KeptSession kept;
  kept.connect(admin(), {}, {});
  kept.rest(3s);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(error_of([&] { kept.resume({}, stop.get_token()); }).reason(), Reason::Timeout);
}

TEST(Snapshot, IsReadOnlyAndLeavesNothingBehind) {
  Session session(admin());
  const std::string before = session.query("SHOW search_path").text(0, 0);
  {
    Snapshot snapshot(session);
    EXPECT_THAT(snapshot.query("SHOW search_path").text(0, 0), HasSubstr("pg_catalog"));
    EXPECT_EQ(snapshot.query("SHOW transaction_isolation").text(0, 0), "repeatable read");
    EXPECT_THAT(error_of([&] { snapshot.query("CREATE TABLE public.x ()"); }).message(),
                HasSubstr("read-only"));
  }
  EXPECT_EQ(session.query("SHOW search_path").text(0, 0), before);
  EXPECT_EQ(session.query("SELECT 1").text(0, 0), "1");
}

TEST(Snapshot, LimitsStatements) {
  Session session(admin());
  SnapshotLimits limits;
  limits.statement = 100ms;
  Snapshot snapshot(session, limits);
  EXPECT_EQ(error_of([&] { snapshot.query("SELECT pg_sleep(60)"); }).reason(), Reason::Timeout);
}

TEST(CatalogueWrites, CountsChangesOfTheSchemaAndNoOther) {
  const auto database = fresh_database();
  test::run_sql(*database, "CREATE TABLE public.t (a int)");
  Session session = test::connect(*database);
  const auto settled = [&] {
    auto value = catalogue_writes(session);
    for (int still = 0; still < 20; ++still) {  // what others wrote before is reported by and by
      std::this_thread::sleep_for(50ms);
      if (const auto next = catalogue_writes(session); next != value) value = next, still = 0;
    }
    return value;
  };
  const auto before = settled();
  if (session.server_major() < 15) {
    EXPECT_FALSE(before);
    return;
  }
  ASSERT_TRUE(before);
  test::run_sql(*database, "INSERT INTO public.t SELECT generate_series(1, 100)");
  EXPECT_EQ(settled(), before);
  for (const char* change :
       {"ALTER TABLE public.t ADD COLUMN b int", "COMMENT ON TABLE public.t IS 'c'",
        "CREATE ROLE counted_here", "DROP ROLE counted_here"}) {
    const auto last = catalogue_writes(session);
    test::run_sql(*database, change);  // its session ends, and reports
    bool moved = false;
    for (int i = 0; i < 200 && !moved; ++i) {
      std::this_thread::sleep_for(20ms);
      moved = catalogue_writes(session) != last;
    }
    EXPECT_TRUE(moved) << change;
  }
  session.execute("SET track_counts = off");
  EXPECT_FALSE(catalogue_writes(session));
}

TEST(MigrationSigns, AreLocksAndIndexBuildsButNoVacuum) {
  const auto database = fresh_database();
  test::run_sql(*database, "CREATE TABLE public.busy (a int)");
  Session worker = test::connect(*database);
  Session session = test::connect(*database);
  const auto signs = [&](const std::vector<MigrationLock>& locks = {}) {
    Snapshot snapshot(session);
    return migration_signs(snapshot, locks);
  };
  EXPECT_THAT(signs(), IsEmpty());
  worker.execute("BEGIN; SELECT FROM public.busy; INSERT INTO public.busy VALUES (1)");
  EXPECT_THAT(signs(), IsEmpty()) << "an app at work";
  worker.execute("LOCK TABLE public.busy IN SHARE UPDATE EXCLUSIVE MODE");
  EXPECT_THAT(signs(), ElementsAre(HasSubstr("has public.busy locked against changes")));
  worker.execute("ROLLBACK; SELECT pg_advisory_lock(7), pg_advisory_lock(-7, 8)");
  EXPECT_THAT(signs(), IsEmpty()) << "a lock of anybody's";
  EXPECT_THAT(signs({parse_migration_lock("7")}), ElementsAre(HasSubstr("lock of the migrations")));
  EXPECT_THAT(signs({parse_migration_lock(" -7, 8")}), ElementsAre(HasSubstr("( -7, 8)")));
  EXPECT_THAT(signs({parse_migration_lock("8")}), IsEmpty());
  worker.execute("SELECT pg_advisory_lock(72707369)");
  EXPECT_THAT(signs(), ElementsAre(HasSubstr("holds the advisory lock of Prisma")));
}

TEST(MigrationSigns, KeysAreThoseOfTheTools) {
  // zlib.crc32(b"app") is 3379458255; times each tool's salt.
  const auto locks = locks_of_tools("app");
  const auto key = [&](const std::string& owner) {
    const auto lock = std::ranges::find(locks, owner, &MigrationLock::owner);
    return (std::uint64_t{lock->high} << 32U) | lock->low;
  };
  EXPECT_EQ(key("Rails"), 6939591962871035475U);
  EXPECT_EQ(key("sqlx"), 3469795979745788610U);
  EXPECT_EQ(key("golang-migrate"), 620236277U);
  EXPECT_EQ(key("sqitch"), 75474063U);
  for (const char* wrong :
       {"", "x", "1,", "1,2,3", "99999999999999999999", "1 2", "4294967296,1"}) {
    EXPECT_EQ(error_of([&] { parse_migration_lock(wrong); }).reason(), Reason::Settings) << wrong;
  }
}

TEST(RefuseDuringDdl, NamesTheLockedRelationAndNothingElse) {
  const auto database = fresh_database();
  test::run_sql(*database, "CREATE TABLE public.busy (a int)");
  Session worker = test::connect(*database);
  Session session = test::connect(*database);
  const auto look = [&] {
    return error_of([&] {
      Snapshot snapshot(session);
      refuse_during_ddl(snapshot);
    });
  };
  EXPECT_EQ(look().message(), "nothing was thrown");
  worker.execute("BEGIN; CREATE TEMP TABLE own (a int); LOCK TABLE own");
  EXPECT_EQ(look().message(), "nothing was thrown") << "a temporary table is nobody's business";
  worker.execute("LOCK TABLE public.busy");
  EXPECT_EQ(look().reason(), Reason::DdlInProgress);
  EXPECT_THAT(look().message(), HasSubstr("public.busy"));
  worker.execute("ROLLBACK");
  EXPECT_EQ(look().message(), "nothing was thrown");

  // One that waits blocks the readers behind it just as well.
  Session reader = test::connect(*database);
  reader.execute("BEGIN; SELECT FROM public.busy");
  std::thread waiter([&] { worker.execute("ALTER TABLE public.busy ADD COLUMN b int"); });
  for (int i = 0; i < 200 && look().reason() != Reason::DdlInProgress; ++i) {
    std::this_thread::sleep_for(20ms);
  }
  EXPECT_EQ(look().reason(), Reason::DdlInProgress);
  reader.execute("ROLLBACK");
  waiter.join();
}

std::string print_of(Session& session) {
  Snapshot snapshot(session);
  return fingerprint(snapshot);
}

TEST(Fingerprint, MovesWithEveryChangeOfTheSchema) {
  const auto database = fresh_database();
  Session admin = test::connect(*database);
  admin.execute(R"(CREATE SCHEMA app;
    CREATE TABLE app.t (id serial PRIMARY KEY, a int, b text, c int);
    CREATE TABLE app.u (id int PRIMARY KEY);
    CREATE SEQUENCE app.s;
    CREATE TYPE app.e AS ENUM ('a', 'b');
    CREATE DOMAIN app.d AS int;
    CREATE VIEW app.v AS SELECT id FROM app.t;
    CREATE FUNCTION app.f() RETURNS trigger LANGUAGE plpgsql AS 'begin return new; end';
    CREATE TRIGGER g BEFORE INSERT ON app.t FOR EACH ROW EXECUTE FUNCTION app.f();
    CREATE INDEX i ON app.t (a);
    CREATE TABLE app.p (k int) PARTITION BY LIST (k);
    CREATE TABLE app.p1 (k int))");
  const char* const changes[] = {
      "CREATE SCHEMA other",
      "COMMENT ON SCHEMA public IS 'mine'",
      "CREATE TABLE app.n (a int)",
      "DROP TABLE app.n",
      "ALTER TABLE app.t ADD COLUMN n int",
      "ALTER TABLE app.t DROP COLUMN n",
      "ALTER TABLE app.t ALTER a SET DEFAULT 1",
      "ALTER TABLE app.t ALTER a SET DEFAULT 2",
      "ALTER TABLE app.t ALTER a DROP DEFAULT",
      "ALTER TABLE app.t ALTER a SET NOT NULL",
      "ALTER TABLE app.t ALTER a TYPE bigint",
      "ALTER TABLE app.t ALTER b SET STATISTICS 7",
      "ALTER TABLE app.t ALTER b SET STORAGE EXTERNAL",
      "ALTER TABLE app.t ALTER b SET (n_distinct = 3)",
      "ALTER TABLE app.t RENAME b TO bb",
      "ALTER TABLE app.t RENAME TO tt",
      "ALTER TABLE app.tt RENAME TO t",
      "ALTER TABLE app.t SET (fillfactor = 50)",
      "ALTER TABLE app.t ADD CHECK (a > 0) NOT VALID",
      "ALTER TABLE app.t VALIDATE CONSTRAINT t_a_check",
      "ALTER TABLE app.t ADD FOREIGN KEY (c) REFERENCES app.u",
      "ALTER TABLE app.t ALTER CONSTRAINT t_c_fkey DEFERRABLE",
      "ALTER TABLE app.t ADD UNIQUE (c)",
      "ALTER INDEX app.i RENAME TO j",
      "ALTER INDEX app.j SET (fillfactor = 60)",
      "DROP INDEX app.j",
      "ALTER SEQUENCE app.s INCREMENT 2",
      "ALTER SEQUENCE app.s OWNED BY app.t.c",
      "ALTER SEQUENCE app.s OWNED BY NONE",
      "ALTER TYPE app.e ADD VALUE 'c'",
      "ALTER TYPE app.e RENAME VALUE 'c' TO 'd'",
      "ALTER DOMAIN app.d SET DEFAULT 4",
      "ALTER DOMAIN app.d SET NOT NULL",
      "ALTER DOMAIN app.d ADD CHECK (VALUE > 0)",
      "CREATE OR REPLACE VIEW app.v AS SELECT id, c FROM app.t",
      "ALTER VIEW app.v SET (security_barrier)",
      "CREATE OR REPLACE FUNCTION app.f() RETURNS trigger LANGUAGE plpgsql AS 'begin return old; "
      "end'",
      "ALTER FUNCTION app.f() COST 3",
      "ALTER TABLE app.t DISABLE TRIGGER g",
      "ALTER TABLE app.t ENABLE ROW LEVEL SECURITY",
      "ALTER TABLE app.t REPLICA IDENTITY FULL",
      "ALTER TABLE app.t CLUSTER ON t_pkey",
      "ALTER TABLE app.p ATTACH PARTITION app.p1 FOR VALUES IN (1)",
      "ALTER TABLE app.p DETACH PARTITION app.p1",
      "COMMENT ON TABLE app.t IS 'x'",
      "COMMENT ON TABLE app.t IS 'y'",
      "COMMENT ON COLUMN app.t.a IS 'x'",
      "CREATE EXTENSION hstore SCHEMA app",
      "ALTER EXTENSION hstore ADD TABLE app.u",
      "ALTER EXTENSION hstore DROP TABLE app.u",
      "ALTER LANGUAGE plpgsql RENAME TO other",
      "ALTER LANGUAGE other RENAME TO plpgsql",
      "CREATE TEXT SEARCH CONFIGURATION app.words (COPY = english)",
      "ALTER TEXT SEARCH CONFIGURATION app.words RENAME TO terms",
      "GRANT SELECT ON app.t TO PUBLIC",
      "DROP SCHEMA public",
  };
  std::string before = print_of(admin);
  for (const char* change : changes) {
    admin.execute(change);
    const std::string after = print_of(admin);
    EXPECT_NE(before, after) << change;
    before = after;
  }
}

std::optional<std::string> moment_of(Session& session) {
  Snapshot snapshot(session);
  return server_state(snapshot).moment;
}

TEST(ServerState, MeansTheSameWhateverTheSessionSays) {
  Session session(admin());
  const ServerState plain = server_state(session);
  session.execute(
      "SET DateStyle = 'SQL, DMY'; SET TimeZone = 'Asia/Tokyo'; SET search_path = pg_temp;"
      "SET extra_float_digits = -5; SET quote_all_identifiers = on");
  const ServerState changed = server_state(session);
  EXPECT_TRUE(plain.moment.has_value());
  EXPECT_EQ(plain.moment, changed.moment);
  EXPECT_EQ(plain.database, changed.database);
  EXPECT_EQ(plain.major, session.server_major());
}

TEST(Moment, StaysWhileNobodyWrites) {
  const auto database = fresh_database();
  Session admin = test::connect(*database);
  admin.execute("CREATE TABLE public.t (a int)");
  const auto before = moment_of(admin);
  ASSERT_TRUE(before.has_value());
  admin.execute("SELECT count(*) FROM public.t");
  EXPECT_EQ(moment_of(admin), before);

  Session other = test::connect(*database);
  other.execute("BEGIN; ALTER TABLE public.t ADD COLUMN b int");
  const auto during = moment_of(admin);
  other.execute("COMMIT");
  const auto after = moment_of(admin);
  EXPECT_NE(after, before);
  EXPECT_NE(after, during);
  admin.execute("INSERT INTO public.t VALUES (1)");
  EXPECT_NE(moment_of(admin), after);
}

TEST(Fingerprint, StaysWhileOnlyDataChanges) {
  const auto database = fresh_database();
  Session admin = test::connect(*database);
  admin.execute(
      "CREATE TABLE public.t (id serial PRIMARY KEY, a int); CREATE INDEX ON public.t (a)");
  const std::string before = print_of(admin);
  for (const char* work :
       {"INSERT INTO public.t (a) SELECT generate_series(1, 5000)",
        "DELETE FROM public.t WHERE a < 4000", "VACUUM", "ANALYZE", "VACUUM (FREEZE, ANALYZE)",
        "SELECT nextval('public.t_id_seq')", "UPDATE public.t SET a = 0",
        "SELECT setval('public.t_id_seq', 77777)"}) {
    admin.execute(work);
    EXPECT_EQ(print_of(admin), before) << work;
  }
}

TEST(LibpqConninfo, TakesWhatPeopleHave) {
  EXPECT_EQ(libpq_conninfo("postgresql+psycopg2://u:p%40w@h/d?sslmode=require"),
            "postgresql://u:p%40w@h/d?sslmode=require");
  EXPECT_EQ(libpq_conninfo("postgres+asyncpg://u@h/d"), "postgresql://u@h/d");
  EXPECT_EQ(libpq_conninfo(" host=/tmp password='a://b' "), "host=/tmp password='a://b'");
  EXPECT_EQ(libpq_conninfo(""), "");
  for (const char* wrong :
       {"mysql://u:geheimnis@h/d", "sqlite:///x.db", "jdbc:postgresql://h/d",
        "host=h password=ge geheimnis=3", "geheimnis", "postgresql://u:geheimnis%zz@h/d"}) {
    const Error error = error_of([&] { libpq_conninfo(wrong); });
    EXPECT_EQ(error.reason(), Reason::Settings) << wrong;
    EXPECT_THAT(error.message() + error.hint(), Not(HasSubstr("geheimnis")));
  }
}

TEST(Describe, NeverShowsThePassword) {
  Endpoint endpoint;
  endpoint.conninfo = "postgresql://u:geheimnis@db.example:5433/shop";
  EXPECT_EQ(describe(endpoint), "db.example:5433/shop as u");
  EXPECT_EQ(database_name(endpoint), "shop");
}

}  // namespace
}  // namespace driftd

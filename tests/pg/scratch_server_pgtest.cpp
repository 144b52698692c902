#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <grp.h>
#include <pwd.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"
#include "expected_schema/postgres/session.h"
#include "expected_schema/scratch/server.h"

namespace driftd {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;
using testing::HasSubstr;

int major() {
  const std::vector<int> majors = embedded_majors({});
  return majors.empty() ? 0 : majors.back();
}

bool within(milliseconds limit, const std::function<bool()>& condition) {
  const auto end = steady_clock::now() + limit;
  while (!condition()) {
    if (steady_clock::now() > end) return false;
    std::this_thread::sleep_for(milliseconds(10));
  }
  return true;
}

struct Process {
  pid_t pid = 0;
  std::string command;  // arguments joined by blanks
  std::string working_directory;
};

std::vector<Process> processes() {
  std::vector<Process> found;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    pid_t pid = 0;
    std::from_chars(name.data(), name.data() + name.size(), pid);
    if (pid <= 0) continue;
    std::ifstream file(entry.path() / "cmdline");
    std::string command;
    try {
      command.assign(std::istreambuf_iterator<char>(file), {});
    } catch (const std::ios_base::failure&) {
      continue;  // it ended while its file was read
    }
    for (char& c : command) {
      if (c == '\0') c = ' ';
    }
    std::error_code ignored;
    const fs::path folder = fs::read_symlink(entry.path() / "cwd", ignored);
    if (!command.empty()) found.push_back({pid, command, folder.string()});
  }
  return found;
}

/// Processes that belong to a server under the parent folder: the keeper, PostgreSQL's own.
std::vector<Process> processes_of(const std::string& parent) {
  std::vector<Process> found;
  for (const Process& process : processes()) {
    if (process.command.find(parent + "/driftd-scratch-") != std::string::npos ||
        process.working_directory.starts_with(parent + "/driftd-scratch-")) {
      found.push_back(process);
    }
  }
  return found;
}

class Scratch : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NE(major(), 0) << "these tests need PostgreSQL's server programs";
    std::string path = "/tmp/driftd test 'XXXXXX";
    ASSERT_NE(::mkdtemp(path.data()), nullptr);
    parent_ = path;
    ASSERT_EQ(::chmod(parent_.c_str(), 0777), 0);
    settings_.directory = parent_;
  }
  void TearDown() override {
    // A keeper whose folder is gone has a moment of its own left.
    for (int tries = 0; tries < 100 && !processes_of(parent_).empty(); ++tries) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    for (const Process& process : processes_of(parent_)) {
      ADD_FAILURE() << "left: " << process.pid << " " << process.command;
      ::kill(process.pid, SIGKILL);
    }
    EXPECT_TRUE(is_empty()) << "something is left in " << parent_;
    fs::remove_all(parent_);
  }

  bool is_empty() const { return fs::is_empty(parent_); }
  std::string directory() const {
    for (const auto& entry : fs::directory_iterator(parent_)) return entry.path();
    return {};
  }
  pid_t keeper() const {
    for (const Process& process : processes_of(parent_)) {
      if (process.command.starts_with("/bin/sh ")) return process.pid;
    }
    return 0;
  }
  pid_t postmaster() const {
    std::ifstream file(directory() + "/data/postmaster.pid");
    pid_t pid = 0;
    file >> pid;
    return pid;
  }
  /// A process that owns a server; returns once that runs.
  pid_t owner_process() {
    int ready[2];
    EXPECT_EQ(::pipe(ready), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      char answer = 'n';
      try {
        const ScratchServer server(settings_, major());
        answer = 'y';
        if (::write(ready[1], &answer, 1) == 1) ::pause();
      } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        if (::write(ready[1], &answer, 1) < 0) ::_exit(2);
      }
      ::_exit(1);
    }
    ::close(ready[1]);
    char answer = 'n';
    EXPECT_EQ(::read(ready[0], &answer, 1), 1);
    EXPECT_EQ(answer, 'y');
    ::close(ready[0]);
    return child;
  }
  static void kill_and_wait(pid_t pid) {
    ASSERT_GT(pid, 1);
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
  }

  std::string parent_;
  ScratchSettings settings_;
};

std::string first_value(const Endpoint& endpoint, const std::string& sql) {
  return Session(endpoint).query(sql).text(0, 0);
}

TEST_F(Scratch, AnswersAsSuperuserOfTheWantedMajorAndLeavesNothing) {
  {
    ScratchServer server(settings_, major());
    EXPECT_EQ(server.major(), major());
    EXPECT_TRUE(server.running());
    EXPECT_TRUE(server.embedded());
    Session session(server.admin("postgres"));
    EXPECT_EQ(session.server_major(), major());
    EXPECT_EQ(session.query("SHOW is_superuser").text(0, 0), "on");
    EXPECT_EQ(session.query("SHOW listen_addresses").text(0, 0), "");
    EXPECT_EQ(session.query("SHOW fsync").text(0, 0), "off");
    struct stat status {};
    ASSERT_EQ(::stat(directory().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0700U);
    EXPECT_NE(status.st_uid, 0U);
    EXPECT_EQ(processes_of(parent_).front().pid, keeper());
  }
  EXPECT_TRUE(is_empty());
}

TEST_F(Scratch, EndsQuicklyWhileSessionsAreOpen) {
  auto server = std::make_unique<ScratchServer>(settings_, major());
  const Session session(server->admin("postgres"));
  const auto begun = steady_clock::now();
  server.reset();
  EXPECT_LT(steady_clock::now() - begun, seconds(3));
  EXPECT_TRUE(is_empty());
}

TEST_F(Scratch, TwoAtOnceAreTwoServers) {
  ScratchServer first(settings_, major());
  ScratchServer second(settings_, major());
  Session(first.admin("postgres")).execute("CREATE TABLE only_here ()");
  EXPECT_EQ(first_value(second.admin("postgres"),
                        "SELECT count(*) FROM pg_tables WHERE tablename = 'only_here'"),
            "0");
}

TEST_F(Scratch, DiesWithAnOwnerThatIsKilled) {
  kill_and_wait(owner_process());
  EXPECT_TRUE(within(seconds(8), [&] { return is_empty(); })) << directory();
  EXPECT_TRUE(within(seconds(2), [&] { return processes_of(parent_).empty(); }));
}

TEST_F(Scratch, DiesWithAnOwnerThatIsKilledDuringInitdb) {
  const pid_t child = ::fork();
  if (child == 0) {
    try {
      const ScratchServer server(settings_, major());
      ::pause();
    } catch (const std::exception&) {
    }
    ::_exit(1);
  }
  ASSERT_TRUE(within(seconds(10),
                     [&] { return !is_empty() && fs::exists(directory() + "/data/PG_VERSION"); }));
  kill_and_wait(child);
  EXPECT_TRUE(within(seconds(8), [&] { return is_empty(); })) << directory();
  EXPECT_TRUE(within(seconds(2), [&] { return processes_of(parent_).empty(); }));
}

TEST_F(Scratch, AChildOfTheOwnerDoesNotKeepItAlive) {
  const pid_t owner = ::fork();
  if (owner == 0) {
    try {
      const ScratchServer server(settings_, major());
      const pid_t sleeper = ::fork();
      if (sleeper == 0) ::execl("/bin/sleep", "sleep", "60", nullptr);
      std::ofstream(parent_ + "/sleeper.tmp") << sleeper;
      fs::rename(parent_ + "/sleeper.tmp", parent_ + "/sleeper");
      ::pause();
    } catch (const std::exception&) {
    }
    ::_exit(1);
  }
  ASSERT_TRUE(within(seconds(20), [&] { return fs::exists(parent_ + "/sleeper"); }));
  pid_t sleeper = 0;
  std::ifstream(parent_ + "/sleeper") >> sleeper;
  kill_and_wait(owner);
  fs::remove(parent_ + "/sleeper");
  EXPECT_TRUE(within(seconds(8), [&] { return is_empty(); })) << directory();
  EXPECT_EQ(::kill(sleeper, 0), 0) << "the sleeper was to outlive the owner in this test";
  ::kill(sleeper, SIGKILL);
}

TEST_F(Scratch, AKilledKeeperIsReplacedByTheDestructor) {
  {
    ScratchServer server(settings_, major());
    ::kill(keeper(), SIGKILL);
    ASSERT_TRUE(within(seconds(2), [&] { return !server.running(); }));
  }
  EXPECT_TRUE(is_empty());
  EXPECT_TRUE(processes_of(parent_).empty());
}

TEST_F(Scratch, LeftoversOfAKilledOwnerAndKeeperAreRemovedAndLivingServersStay) {
  const pid_t owner = owner_process();
  const std::string dead = directory();
  ScratchServer living(settings_, major());
  for (const Process& process : processes_of(parent_)) {
    if (process.command.starts_with("/bin/sh ") &&
        process.command.find(dead) != std::string::npos) {
      ::kill(process.pid, SIGSTOP);  // so that it does not clean up between the two kills
      kill_and_wait(owner);
      ::kill(process.pid, SIGKILL);
    }
  }
  ASSERT_TRUE(fs::exists(dead));
  EXPECT_TRUE(within(seconds(5), [&] { return remove_leftovers(settings_) == 1; }));
  EXPECT_FALSE(fs::exists(dead));
  EXPECT_EQ(remove_leftovers(settings_), 0);
  EXPECT_TRUE(living.running());
  EXPECT_EQ(first_value(living.admin("postgres"), "SELECT 1"), "1");
}

TEST_F(Scratch, LeftoversTouchNothingElse) {
  const std::string foreign = parent_ + "/driftd-scratch-foreign";
  fs::create_directory(foreign);
  std::ofstream(foreign + "/precious") << "text";
  fs::create_symlink(foreign, parent_ + "/driftd-scratch-link");
  EXPECT_EQ(remove_leftovers(settings_), 0);
  EXPECT_TRUE(fs::exists(foreign + "/precious"));
  // A lock file alone does not make a process a server of that folder.
  std::ofstream(foreign + "/driftd.lock") << "text";
  fs::create_directory(foreign + "/data");
  std::ofstream(foreign + "/data/postmaster.pid") << ::getpid() << "\n";
  EXPECT_EQ(remove_leftovers(settings_), 1);
  EXPECT_FALSE(fs::exists(foreign));
  fs::remove(parent_ + "/driftd-scratch-link");
}

TEST_F(Scratch, SaysWhenTheServerWentAwayByItself) {
  ScratchServer server(settings_, major());
  ::kill(postmaster(), SIGKILL);
  EXPECT_TRUE(within(seconds(10), [&] { return !server.running(); }));
}

TEST_F(Scratch, LeavesNoSharedMemory) {
  for (const bool keeper_too : {true, false}) {
    int id = -1;
    {
      ScratchServer server(settings_, major());
      std::ifstream file(directory() + "/data/postmaster.pid");
      std::string line;
      for (int number = 0; number < 7; ++number) std::getline(file, line);
      id = std::stoi(line.substr(line.find_last_of(' ')));
      if (keeper_too) ::kill(keeper(), SIGKILL);
      ::kill(postmaster(), SIGKILL);
      EXPECT_TRUE(within(seconds(10), [&] { return !server.running(); }));
    }
    shmid_ds status{};
    EXPECT_NE(::shmctl(id, IPC_STAT, &status), 0) << keeper_too;
  }
}

TEST_F(Scratch, RunsAsAnOrdinaryUserToo) {
  if (::geteuid() != 0) GTEST_SKIP() << "every other test of this program runs as an ordinary user";
  const passwd* user = ::getpwnam("nobody");
  ASSERT_NE(user, nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    int result = 1;
    if (::setgroups(0, nullptr) == 0 && ::setgid(user->pw_gid) == 0 &&
        ::setuid(user->pw_uid) == 0) {
      try {
        const ScratchServer server(settings_, major());
        result = first_value(server.admin("postgres"), "SELECT 1") == "1" ? 0 : 2;
      } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
      }
    }
    ::_exit(result);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_TRUE(is_empty());
}

TEST_F(Scratch, IgnoresTheUsersOwnPostgresEnvironment) {
  ::setenv("PGOPTIONS", "-c search_path=nowhere", 1);
  ::setenv("PGHOST", "nowhere", 1);
  ::setenv("PGPORT", "1", 1);
  ::setenv("PGDATA", "/nowhere", 1);
  {
    ScratchServer server(settings_, major());
    EXPECT_EQ(first_value(server.admin("postgres"), "SHOW search_path"), "\"$user\", public");
  }
  for (const char* name : {"PGOPTIONS", "PGHOST", "PGPORT", "PGDATA"}) ::unsetenv(name);
}

Error failure(const ScratchSettings& settings, int wanted) {
  try {
    const ScratchServer server(settings, wanted);
  } catch (const Error& error) {
    return error;
  }
  return {Reason::Internal, "no failure"};
}

TEST_F(Scratch, NamesTheMajorsThatAreThere) {
  const Error error = failure(settings_, 99);
  EXPECT_EQ(error.reason(), Reason::ServerVersion);
  EXPECT_THAT(error.message(),
              HasSubstr(fmt::format("must be PostgreSQL 99, but found only {} in ", major())));
  EXPECT_THAT(error.hint(), HasSubstr("postgresql-99"));
}

TEST_F(Scratch, NamesTheFolderWithoutPrograms) {
  settings_.bindir = parent_;
  const Error error = failure(settings_, major());
  EXPECT_EQ(error.reason(), Reason::Scratch);
  EXPECT_THAT(error.message(), HasSubstr(parent_));
}

TEST_F(Scratch, RefusesAFolderThatNoSocketFitsIn) {
  settings_.directory = parent_ + "/" + std::string(80, 'x');
  fs::create_directory(settings_.directory);
  const Error error = failure(settings_, major());
  EXPECT_EQ(error.reason(), Reason::Scratch);
  EXPECT_THAT(error.message(), HasSubstr("too long for the scratch server's socket"));
  EXPECT_THAT(error.hint(), HasSubstr("scratch.directory"));
  fs::remove(settings_.directory);
}

TEST_F(Scratch, RefusesAFolderThatLibpqTakesApart) {
  settings_.directory = parent_ + "/a,b";
  fs::create_directory(settings_.directory);
  EXPECT_THAT(failure(settings_, major()).message(), HasSubstr("comma"));
  fs::remove(settings_.directory);
}

TEST_F(Scratch, NamesAFolderThatIsNotThere) {
  settings_.directory = parent_ + "/missing";
  EXPECT_THAT(failure(settings_, major()).message(), HasSubstr(settings_.directory));
}

TEST_F(Scratch, NamesAUserThatIsNotThere) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root may choose the user";
  settings_.run_as = "no-such-user";
  EXPECT_THAT(failure(settings_, major()).message(), HasSubstr("no-such-user"));
  settings_.run_as = "root";
  EXPECT_THAT(failure(settings_, major()).message(), HasSubstr("may not run as root"));
}

TEST_F(Scratch, ShowsTheLogOfAServerThatDoesNotStart) {
  const std::string bindir = parent_ + "/bin";
  fs::create_directory(bindir);
  const auto program = [&](const std::string& name, const std::string& body) {
    std::ofstream(bindir + "/" + name) << "#!/bin/sh\n" << body << "\n";
    fs::permissions(bindir + "/" + name, fs::perms(0755));
  };
  program("postgres", fmt::format("[ \"$1\" = --version ] && echo 'postgres (PostgreSQL) {}.1' "
                                  "&& exit 0; echo 'no memory today' >&2; exit 1",
                                  major()));
  program("initdb", "mkdir -p -p \"$2\"; exit 0");
  settings_.bindir = bindir;
  Error error = failure(settings_, major());
  EXPECT_EQ(error.reason(), Reason::Scratch);
  EXPECT_THAT(error.message(), HasSubstr("ended while it started; its log ends:\nno memory today"));

  program("initdb", "echo 'disk is full'; exit 1");
  error = failure(settings_, major());
  EXPECT_THAT(error.message(),
              HasSubstr("initdb of the scratch server failed; its log ends:\ndisk is full"));
  fs::remove_all(bindir);
}

}  // namespace
}  // namespace driftd

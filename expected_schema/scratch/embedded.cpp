#include "expected_schema/scratch/embedded.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"
#include "expected_schema/scratch/binaries.h"
#include "expected_schema/scratch/conninfo_text.h"

namespace driftd {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

// A name that no live role has; the live owner may well be called "postgres".
constexpr const char* superuser_name = "driftd_scratch_superuser";

constexpr seconds start_limit{60};

// $1 is the private directory, the rest the server's command line. Descriptor 3 is the lock,
// standard input the pipe from the owner, who writes "start" once there is a cluster. SIGQUIT is
// PostgreSQL's immediate shutdown: the server ends its own processes first, by force after 5 s.
constexpr const char* keeper_script = R"(
directory=$1
shift
trap '' HUP INT TERM
if read -r word && [ "$word" = start ]; then
  "$@" 3>&- </dev/null &
  server=$!
  exec 4<&0
  (
    while read -r word <&4; do :; done
    kill -QUIT "$server"
    kill -CONT "$server"
  ) &
  watcher=$!
  wait "$server"
  kill -KILL "$watcher"
fi
for again in 1 2 3; do
  rm -rf -- "$directory/data" && break
  sleep 1
done
rm -rf -- "$directory"
)";

// Durability off, nothing in the background, nothing kept outside the data folder, and room for
// a migration that touches thousands of relations in one transaction.
const std::vector<std::string> server_settings{
    "listen_addresses=",
    "port=5432",  // the socket's name; no port is opened
    "unix_socket_permissions=0700",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_replication_slots=0",
    "checkpoint_timeout=1h",
    "shared_buffers=16MB",
    "dynamic_shared_memory_type=mmap",
    "huge_pages=off",
    "jit=off",
    "max_connections=50",
    "max_locks_per_transaction=1024",
    "max_worker_processes=0",
    "max_parallel_workers_per_gather=0",
    "logging_collector=off",
    "log_destination=stderr",
    "timezone=UTC",
    "lc_messages=C",
    "cluster_name=driftd-scratch",
};

// PostgreSQL reads a list of folders there: quoted, a folder may have any byte in its name.
std::string socket_folder(const std::string& path) {
  return quote_identifier(path);
}

}  // namespace

EmbeddedServer::EmbeddedServer(const ScratchSettings& settings, int major)
    : user_(server_user(settings.run_as)) {
  const Binaries binaries = find_binaries(settings, major);
  directory_ = make_private_directory(settings, user_);
  try {
    start_keeper(binaries.bindir);
    make_cluster(binaries.bindir, major);
    wait_until_ready();
  } catch (...) {
    stop();
    throw;
  }
}

EmbeddedServer::~EmbeddedServer() {
  stop();
}

void EmbeddedServer::start_keeper(const std::string& bindir) {
  Pipe pipe = make_channel();
  Launch launch;
  launch.arguments = {"/bin/sh",
                      "-c",
                      keeper_script,
                      "driftd-scratch-keeper",
                      directory_.path,
                      bindir + "/postgres",
                      "-D",
                      directory_.data(),
                      "-k",
                      socket_folder(directory_.path)};
  for (const std::string& setting : server_settings) {
    launch.arguments.emplace_back("-c");
    launch.arguments.push_back(setting);
  }
  launch.user = user_;
  launch.input = pipe.read.get();
  launch.output = directory_.log.get();
  launch.extra = directory_.lock.get();
  launch.own_session = true;
  keeper_ = start_program(launch);
  to_keeper_ = std::move(pipe.write);
}

void EmbeddedServer::make_cluster(const std::string& bindir, int major) {
  Launch launch;
  launch.arguments = {bindir + "/initdb",
                      "-D",
                      directory_.data(),
                      "-U",
                      superuser_name,
                      "-A",
                      "trust",
                      "-E",
                      "UTF8",
                      "--locale=C",
                      "--no-sync",
                      "--wal-segsize=1"};
  launch.user = user_;
  launch.working_directory = directory_.path;
  launch.output = directory_.log.get();
  launch.dies_with_thread = true;
  const pid_t initdb = start_program(launch);
  int status = 0;
  if (!wait_for(initdb, start_limit, status)) {
    ::kill(initdb, SIGKILL);
    ::waitpid(initdb, &status, 0);
    fail(fmt::format("initdb of the scratch server was not done within {} s", start_limit.count()));
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) fail("initdb of the scratch server failed");
  if (major >= oldest_with_oids) spread_folders_of(directory_.data() + "/base");
}

void EmbeddedServer::wait_until_ready() {
  constexpr std::string_view start = "start\n";
  if (!running() || ::send(to_keeper_.get(), start.data(), start.size(), MSG_NOSIGNAL) < 0) {
    fail("the keeper of the scratch server did not start");
  }
  const auto end = steady_clock::now() + start_limit;
  while (steady_clock::now() < end) {
    if (is_ready(directory_.data())) {
      shared_memory_ = shared_memory_of(directory_.data());
      return;
    }
    if (!running()) fail("the scratch server ended while it started");
    std::this_thread::sleep_for(milliseconds(5));
  }
  fail(fmt::format("the scratch server was not ready within {} s", start_limit.count()));
}

void EmbeddedServer::fail(const std::string& what) const {
  const std::string log = log_tail(directory_.log);
  throw Error(Reason::Scratch, log.empty() ? what : fmt::format("{}; its log ends:\n{}", what, log),
              "Check free space and memory, and that the folder of the scratch server allows files "
              "to be executed from the PostgreSQL that was found.");
}

bool EmbeddedServer::running() {
  int status = 0;
  if (keeper_ > 0 && wait_for(keeper_, milliseconds(0), status)) keeper_ = -1;
  return keeper_ > 0;
}

void EmbeddedServer::stop() noexcept {
  try {
    to_keeper_.reset();
    int status = 0;
    if (keeper_ > 0 && !wait_for(keeper_, seconds(8), status)) {
      end_postmaster(directory_.data(), seconds(1));
      if (!wait_for(keeper_, seconds(3), status)) {
        ::kill(keeper_, SIGKILL);
        ::waitpid(keeper_, &status, 0);
      }
    }
    keeper_ = -1;
    // What a keeper leaves that was killed, or that may not write to the parent folder.
    end_postmaster(directory_.data(), seconds(2));
    remove_shared_memory(shared_memory_, user_ ? user_->uid : ::geteuid());
    remove_private_directory(directory_.path);
  } catch (const std::exception&) {
    // Nobody is left to hear of it; the next start removes what is there.
  }
}

std::string EmbeddedServer::superuser() const {
  return superuser_name;
}

std::string EmbeddedServer::conninfo(const std::string& database, const std::string& role) const {
  // Options without content (libpq takes empty ones for none), so that the user's PGOPTIONS do not
  // reach the scratch server.
  return conninfo_text({{"host", directory_.path},
                        {"port", "5432"},
                        {"user", role},
                        {"dbname", database},
                        {"options", " "},
                        {"sslmode", "disable"},
                        {"gssencmode", "disable"},
                        {"client_encoding", "UTF8"},
                        {"application_name", "driftd"}});
}

}  // namespace driftd

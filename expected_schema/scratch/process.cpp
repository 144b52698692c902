#include "expected_schema/scratch/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <utility>

#include "expected_schema/base/error.h"

namespace driftd {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    reset();
    fd_ = other.release();
  }
  return *this;
}

int Descriptor::release() {
  return std::exchange(fd_, -1);
}

void Descriptor::reset() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

namespace {

Pipe checked(int result, const int (&ends)[2]) {
  if (result != 0) {
    throw Error(Reason::Scratch, fmt::format("cannot make a pipe: {}", std::strerror(errno)),
                "Raise driftd's limit of open files.");
  }
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

std::optional<User> find_user(const std::string& name) {
  std::vector<char> buffer(16384);
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found) != 0 || !found) {
    return {};
  }
  User user{name, entry.pw_uid, entry.pw_gid, {}};
  int count = 64;
  user.groups.resize(static_cast<std::size_t>(count));
  if (::getgrouplist(name.c_str(), user.gid, user.groups.data(), &count) < 0) {
    user.groups.resize(static_cast<std::size_t>(count));
    ::getgrouplist(name.c_str(), user.gid, user.groups.data(), &count);
  }
  user.groups.resize(static_cast<std::size_t>(count));
  return user;
}

std::vector<std::string> environment() {
  const char* path = std::getenv("PATH");
  const char* libraries = std::getenv("LD_LIBRARY_PATH");
  std::vector<std::string> variables{"LC_ALL=C", "TZ=UTC"};
  variables.push_back(std::string("PATH=") + (path ? path : "/usr/bin:/bin"));
  if (libraries) variables.push_back(std::string("LD_LIBRARY_PATH=") + libraries);
  return variables;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

// Moves the descriptors to 0..3 and closes all others. They are first copied above 3, so that
// none is overwritten before it was used.
bool take_descriptors(const Launch& launch) {
  const auto copy = [](int fd) {
    const int source = fd >= 0 ? fd : ::open("/dev/null", O_RDWR);
    return source < 0 ? -1 : ::fcntl(source, F_DUPFD, 10);
  };
  const int input = copy(launch.input);
  const int output = copy(launch.output);
  const int error = launch.error >= 0 ? copy(launch.error) : output;
  const int extra = launch.extra >= 0 ? copy(launch.extra) : -1;
  if (input < 0 || output < 0 || ::dup2(input, 0) < 0 || ::dup2(output, 1) < 0 || error < 0 ||
      ::dup2(error, 2) < 0) {
    return false;
  }
  if (extra >= 0 && ::dup2(extra, 3) < 0) return false;
  ::close_range(extra >= 0 ? 4U : 3U, ~0U, 0);
  return true;
}

// Runs between fork and exec in a process of several threads: only what is async-signal-safe.
[[noreturn]] void become(const Launch& launch, char* const* arguments, char* const* variables) {
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  for (int number = 1; number < NSIG; ++number) ::signal(number, SIG_DFL);
  ::umask(077);
  const bool ready =
      take_descriptors(launch) && (!launch.own_session || ::setsid() >= 0) &&
      (!launch.user || (::setgroups(launch.user->groups.size(), launch.user->groups.data()) == 0 &&
                        ::setgid(launch.user->gid) == 0 && ::setuid(launch.user->uid) == 0)) &&
      // After setuid, which clears it.
      (!launch.dies_with_thread || ::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0) &&
      ::chdir(launch.working_directory.c_str()) == 0;
  if (ready) ::execve(arguments[0], arguments, variables);
  const char* reason = ::strerrordesc_np(errno);
  const auto say = [](const char* text) {
    if (::write(2, text, std::strlen(text)) < 0) ::_exit(127);
  };
  say("cannot run ");
  say(arguments[0]);
  say(": ");
  say(reason ? reason : "unknown error");
  say("\n");
  ::_exit(127);
}

}  // namespace

Pipe make_pipe() {
  int ends[2];
  const int result = ::pipe2(ends, O_CLOEXEC);
  return checked(result, ends);
}

Pipe make_channel() {
  int ends[2];
  const int result = ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends);
  return checked(result, ends);
}

std::optional<User> server_user(const std::string& wanted) {
  if (::geteuid() != 0) return {};
  auto user = find_user(wanted.empty() ? "postgres" : wanted);
  if (!user && wanted.empty()) user = find_user("nobody");
  if (!user) {
    throw Error(Reason::Scratch,
                fmt::format("there is no user {} to run the scratch server",
                            wanted.empty() ? "postgres or nobody" : wanted),
                "PostgreSQL refuses to run as root: set scratch.run_as to an ordinary user, or run "
                "driftd as one.");
  }
  if (user->uid == 0) {
    throw Error(Reason::Scratch, fmt::format("the scratch server may not run as {}", user->name),
                "PostgreSQL refuses to run as root: set scratch.run_as to an ordinary user.");
  }
  return user;
}

pid_t start_program(const Launch& launch) {
  std::vector<std::string> arguments = launch.arguments;
  std::vector<std::string> variables =
      launch.environment.empty() ? environment() : launch.environment;
  const std::vector<char*> argv = pointers(arguments);
  const std::vector<char*> envp = pointers(variables);
  const pid_t child = ::fork();
  if (child == 0) become(launch, argv.data(), envp.data());
  if (child < 0) {
    throw Error(Reason::Scratch,
                fmt::format("cannot start {}: {}", arguments.front(), std::strerror(errno)),
                "Raise the limit of processes or of memory that driftd runs under.");
  }
  return child;
}

bool wait_for(pid_t child, milliseconds limit, int& status) {
  const auto end = steady_clock::now() + limit;
  for (milliseconds pause{1};; pause = std::min(pause * 2, milliseconds(20))) {
    const pid_t done = ::waitpid(child, &status, WNOHANG);
    if (done == child) return true;
    if (done < 0 && errno != EINTR) {
      status = 0;
      return true;
    }
    if (steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(pause);
  }
}

std::string output_of(std::vector<std::string> arguments, milliseconds limit) {
  const auto end = steady_clock::now() + limit;
  Pipe pipe = make_pipe();
  Launch launch;
  launch.arguments = std::move(arguments);
  launch.output = pipe.write.get();
  launch.dies_with_thread = true;
  const pid_t child = start_program(launch);
  pipe.write.reset();
  std::string text;
  for (;;) {
    const auto left = std::chrono::duration_cast<milliseconds>(end - steady_clock::now());
    pollfd waiting{pipe.read.get(), POLLIN, 0};
    if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) == 0) break;
    char buffer[4096];
    const ssize_t count = ::read(pipe.read.get(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    text.append(buffer, static_cast<std::size_t>(count));
  }
  int status = 0;
  if (!wait_for(child, milliseconds(200), status)) {
    ::kill(child, SIGKILL);
    ::waitpid(child, &status, 0);
    return {};
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? text : std::string();
}

}  // namespace driftd

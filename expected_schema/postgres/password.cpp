#include "expected_schema/postgres/password.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <string_view>
#include <thread>

#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"

namespace driftd {
namespace {
using Clock = std::chrono::steady_clock;
constexpr std::size_t longest_password = 65536;
constexpr std::chrono::milliseconds glance{20};  // how soon a stop is noticed

std::string without_line_break(std::string text) {
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { reset(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  void reset() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

/// A child process in a process group of its own; killed with its group and reaped at the end.
class Child {
 public:
  Child(const std::vector<std::string>& command, int standard_output) {
    std::vector<char*> arguments;
    for (const std::string& argument : command) {
      arguments.push_back(const_cast<char*>(argument.c_str()));  // posix_spawn's old signature
    }
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, standard_output, STDOUT_FILENO);
    // Also what another thread is only about to mark close-on-exec.
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    const int failure =
        posix_spawnp(&pid_, arguments[0], &actions, &attributes, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (failure != 0) {
      pid_ = -1;
      throw Error(
          Reason::Settings,
          fmt::format("cannot run the password command {}: {}", command[0], std::strerror(failure)),
          "Check password_command; it is a list of arguments and no shell reads it.");
    }
  }
  ~Child() {
    if (pid_ < 0) return;
    ::kill(-pid_, SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// True when it ended; then `status` is waitpid's.
  bool ended(int& status) {
    if (::waitpid(pid_, &status, WNOHANG) != pid_) return false;
    pid_ = -1;
    return true;
  }

 private:
  pid_t pid_ = -1;
};

std::string run(const Endpoint& endpoint, const std::stop_token& stop) {
  const auto& command = endpoint.password_command;
  const auto deadline = Clock::now() + endpoint.password_command_timeout;
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw Error(Reason::Internal, fmt::format("cannot make a pipe: {}", std::strerror(errno)));
  }
  Descriptor reading(ends[0]);
  Descriptor writing(ends[1]);
  Child child(command, writing.get());
  writing.reset();

  const auto check_time = [&] {
    if (stop.stop_requested()) {
      throw Error(Reason::Timeout, "stopped while the password command ran");
    }
    if (Clock::now() >= deadline) {
      throw Error(Reason::Timeout,
                  fmt::format("the password command {} took longer than {} ms", command[0],
                              endpoint.password_command_timeout.count()),
                  "Run it by hand as driftd's user; it must not wait for a terminal.");
    }
  };
  std::string output;
  for (;;) {
    check_time();
    pollfd readable{reading.get(), POLLIN, 0};
    if (::poll(&readable, 1, static_cast<int>(glance.count())) <= 0) continue;
    std::array<char, 4096> buffer{};
    const ssize_t count = ::read(reading.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    output.append(buffer.data(), static_cast<std::size_t>(count));
    if (output.size() > longest_password) {
      throw Error(Reason::Settings,
                  fmt::format("the password command {} prints more than a password", command[0]));
    }
  }
  int status = 0;
  while (!child.ended(status)) {
    check_time();
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    throw Error(Reason::Settings,
                WIFEXITED(status)
                    ? fmt::format("the password command {} failed with exit status {}", command[0],
                                  WEXITSTATUS(status))
                    : fmt::format("the password command {} was ended by signal {}", command[0],
                                  WTERMSIG(status)),
                "Run it by hand as driftd's user; its messages are on driftd's standard error.");
  }
  return output;
}
}  // namespace

std::optional<std::string> read_password(const Endpoint& endpoint, const std::stop_token& stop) {
  if (!endpoint.password_file.empty()) {
    return without_line_break(read_file(endpoint.password_file));
  }
  if (!endpoint.password_command.empty()) return without_line_break(run(endpoint, stop));
  return std::nullopt;
}

}  // namespace driftd

#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

/// Child processes as the scratch server needs them: as another user, with nothing inherited but
/// what is named.
namespace driftd {

/// A file descriptor that is closed at the end of its life.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { reset(); }
  Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  int release();
  void reset();

 private:
  int fd_ = -1;
};

struct Pipe {
  Descriptor read;
  Descriptor write;
};
/// Both ends are closed in every program that is started, unless it is given one of them.
Pipe make_pipe();
/// The same as a pair of sockets, so that ::send() with MSG_NOSIGNAL to an end that nobody reads is
/// an error and no SIGPIPE.
Pipe make_channel();

/// Whom a program runs as.
struct User {
  std::string name;
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups;
};

/// The user that runs the embedded server when driftd is root; nothing when driftd is not.
/// `wanted` empty: `postgres` where there is one, else `nobody`. Throws Error{Scratch} where there
/// is no such user, or where it is root.
std::optional<User> server_user(const std::string& wanted);

/// A program to start. Unless it is given one, its environment is a fixed, small one: LC_ALL=C,
/// TZ=UTC, PATH, and LD_LIBRARY_PATH where driftd has it; none of the user's PG* variables.
struct Launch {
  std::vector<std::string> arguments;    ///< the first is the program's absolute path
  std::vector<std::string> environment;  ///< `NAME=value`; empty: the small one
  std::optional<User> user;
  std::string working_directory = "/";
  int input = -1;                 ///< its standard input; -1: /dev/null
  int output = -1;                ///< its standard output and error; -1: /dev/null
  int error = -1;                 ///< its standard error, where that goes elsewhere; -1: to output
  int extra = -1;                 ///< its descriptor 3; -1: none
  bool own_session = false;       ///< a terminal's signals to driftd do not reach it
  bool dies_with_thread = false;  ///< killed when the thread that started it is gone
};

/// Starts it and returns at once. The child ends with status 127 when the program cannot be
/// executed, and says so on its output. Throws Error{Scratch} when there can be no child.
pid_t start_program(const Launch& launch);

/// Waits until the child has ended. True, with its wait status, or false when it still runs after
/// `limit`. A child that somebody else waited for counts as ended.
bool wait_for(pid_t child, std::chrono::milliseconds limit, int& status);

/// What the program printed; empty when it failed, did not end within `limit`, or cannot be run.
std::string output_of(std::vector<std::string> arguments, std::chrono::milliseconds limit);

}  // namespace driftd

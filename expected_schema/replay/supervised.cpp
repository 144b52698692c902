#include "expected_schema/replay/supervised.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>

#include "expected_schema/base/text.h"
#include "expected_schema/scratch/process.h"

namespace driftd {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// What is kept of the output: its end is where programs say why.
constexpr std::size_t most_output = 64 * 1024;

// The arguments are the command. Standard input is the pipe from driftd, which nobody writes to:
// its end is the end of driftd, or of its patience. Descriptor 3 takes the exit status. The shell
// leads a session of its own, so that its group is all that the command started.
constexpr const char* keeper_script = R"(
trap '' HUP INT TERM
exec 4<&0 </dev/null
(trap - HUP INT TERM; exec "$@") 3>&- 4<&- &
command=$!
(
  exec 3>&-
  while read -r word <&4; do :; done
  kill -KILL "$command"
  kill -KILL 0
) >/dev/null 2>&1 &
wait "$command"
echo $? >&3
kill -KILL 0
)";

void append_bounded(std::string& kept, const char* text, std::size_t size) {
  kept.append(text, size);
  if (kept.size() > 2 * most_output) kept.erase(0, kept.size() - most_output);
}

/// Reads what is there. False at the end of the stream.
bool read_some(int fd, std::string& kept) {
  char buffer[16384];
  const ssize_t count = ::read(fd, buffer, sizeof buffer);
  if (count > 0) append_bounded(kept, buffer, static_cast<std::size_t>(count));
  return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
}

/// What is there now and no more: a process that left the group may print for ever.
void drain(int fd, std::string& kept) {
  ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
  for (int reads = 0; reads < 64; ++reads) {
    const std::size_t before = kept.size();
    errno = 0;
    if (!read_some(fd, kept) || (kept.size() == before && errno == EAGAIN)) return;
  }
}

/// Takes what is there of a text that is wanted whole. False at the end of the stream.
bool read_whole(int fd, Supervised& result) {
  char buffer[16384];
  const ssize_t count = ::read(fd, buffer, sizeof buffer);
  if (count > 0) {
    result.cut |= result.printed.size() + static_cast<std::size_t>(count) > result.most_printed;
    if (!result.cut) result.printed.append(buffer, static_cast<std::size_t>(count));
  }
  return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
}

class Keeper {
 public:
  Keeper(Launch launch, Pipe owner) : to_keeper_(std::move(owner.write)) {
    launch.input = owner.read.get();
    pid_ = start_program(launch);
  }
  ~Keeper() {
    to_keeper_.reset();
    int status = 0;
    if (!wait_for(pid_, milliseconds(500), status)) {
      ::kill(-pid_, SIGKILL);
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, &status, 0);
    } else {
      ::kill(-pid_, SIGKILL);  // a group outlives its leader
    }
  }
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;

 private:
  Descriptor to_keeper_;
  pid_t pid_ = -1;
};

}  // namespace

Supervised run_supervised(const std::vector<std::string>& words,
                          const std::vector<std::string>& environment, const std::string& directory,
                          milliseconds limit, const std::stop_token& stop, Supervised::Keep keep) {
  const bool apart = keep == Supervised::Keep::StandardOutput;
  const auto end = steady_clock::now() + limit;
  Pipe output = make_pipe();
  Pipe status = make_pipe();
  Launch launch;
  launch.arguments = {"/bin/sh", "-c", keeper_script, "driftd"};
  launch.arguments.insert(launch.arguments.end(), words.begin(), words.end());
  launch.environment = environment;
  launch.working_directory = directory.empty() ? "." : directory;
  Pipe printed = make_pipe();
  launch.output = apart ? printed.write.get() : output.write.get();
  if (apart) launch.error = output.write.get();
  launch.extra = status.write.get();
  launch.own_session = true;
  Supervised result;
  std::string told;
  {
    const Keeper keeper(std::move(launch), make_channel());
    output.write.reset();
    status.write.reset();
    printed.write.reset();
    bool open = true;
    bool more = apart;
    while (true) {
      if (stop.stop_requested()) {
        result.end = Supervised::End::Stopped;
        break;
      }
      const auto left = std::chrono::ceil<milliseconds>(end - steady_clock::now());
      if (left.count() <= 0) {
        result.end = Supervised::End::TimedOut;
        break;
      }
      pollfd waiting[3] = {{status.read.get(), POLLIN, 0},
                           {open ? output.read.get() : -1, POLLIN, 0},
                           {more ? printed.read.get() : -1, POLLIN, 0}};
      ::poll(waiting, 3, static_cast<int>(std::min(left, milliseconds(50)).count()));
      if (waiting[1].revents != 0) open = read_some(output.read.get(), result.output);
      if (waiting[2].revents != 0) {
        more = read_whole(printed.read.get(), result);
        if (!result.cut) continue;  // all of it before its status
      }
      // Its end without a status: the keeper was killed.
      if (waiting[0].revents != 0 &&
          (!read_some(status.read.get(), told) || told.find('\n') != std::string::npos)) {
        break;
      }
    }
  }
  drain(output.read.get(), result.output);
  if (apart) {
    ::fcntl(printed.read.get(), F_SETFL, ::fcntl(printed.read.get(), F_GETFL) | O_NONBLOCK);
    while (!result.cut) {
      const std::size_t before = result.printed.size();
      if (!read_whole(printed.read.get(), result) || result.printed.size() == before) break;
    }
  }
  if (std::from_chars(told.data(), told.data() + told.size(), result.status).ec != std::errc()) {
    result.status = 128 + SIGKILL;
  }
  if (result.output.size() > most_output) {
    result.output.erase(0, result.output.size() - most_output);
  }
  result.output = valid_utf8(result.output);
  return result;
}

}  // namespace driftd

#include <fcntl.h>
#include <poll.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <charconv>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "expected_schema/base/text.h"
#include "expected_schema/scratch/private_directory.h"

namespace driftd {
namespace {

int number_in(std::string_view text) {
  int number = -1;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

bool gone_within(const Descriptor& process, std::chrono::milliseconds limit) {
  pollfd waiting{process.get(), POLLIN, 0};
  return ::poll(&waiting, 1, static_cast<int>(limit.count())) > 0;
}

void end_process(pid_t pid, const std::string& data, std::chrono::milliseconds patience) {
  // A descriptor for the process: its number may belong to another one a moment later.
  const Descriptor process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (!process) return;
  std::error_code error;
  const auto works_in =
      std::filesystem::read_symlink("/proc/" + std::to_string(pid) + "/cwd", error);
  if (error || works_in != data) return;
  for (const int signal : {SIGQUIT, SIGKILL}) {
    for (const int number : {signal, SIGCONT}) {
      ::syscall(SYS_pidfd_send_signal, process.get(), number, nullptr, 0);
    }
    if (gone_within(process, patience)) return;
  }
}

// Lines: pid, data folder, start, port, socket folder, address, "key id" of the shared memory,
// state.
std::vector<std::string> pid_file(const std::string& data) {
  std::ifstream file(data + "/postmaster.pid");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return split(text, '\n');
}

}  // namespace

bool is_ready(const std::string& data) {
  const std::vector<std::string> lines = pid_file(data);
  return lines.size() > 7 && trim(lines[7]) == "ready";
}

int shared_memory_of(const std::string& data) {
  const std::vector<std::string> lines = pid_file(data);
  if (lines.size() < 7) return -1;
  const std::string_view memory = trim(lines[6]);
  const auto blank = memory.find_last_of(' ');
  return blank == std::string_view::npos ? -1 : number_in(memory.substr(blank + 1));
}

void remove_shared_memory(int segment, uid_t owner) {
  shmid_ds status{};
  // The processes of a server that was killed are gone a moment after it.
  for (int attempt = 0; segment >= 0 && attempt < 100; ++attempt) {
    if (::shmctl(segment, IPC_STAT, &status) != 0 || status.shm_perm.uid != owner) return;
    if (status.shm_nattch == 0) {
      ::shmctl(segment, IPC_RMID, nullptr);
      return;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

void end_postmaster(const std::string& data, std::chrono::milliseconds patience) {
  struct stat folder {};
  if (::stat(data.c_str(), &folder) != 0) return;
  const int segment = shared_memory_of(data);
  const int pid = number_in(pid_file(data).front());
  if (pid > 1) end_process(pid, data, patience);
  remove_shared_memory(segment, folder.st_uid);
}

}  // namespace driftd

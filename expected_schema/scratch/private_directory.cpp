#include "expected_schema/scratch/private_directory.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fs.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"

namespace driftd {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = "driftd-scratch-";
constexpr const char* lock_name = "driftd.lock";
// sockaddr_un holds 108 bytes with the final NUL.
constexpr std::size_t longest_socket = 107;
constexpr std::string_view socket_name = "/.s.PGSQL.5432";

[[noreturn]] void refuse(const std::string& what) {
  throw Error(Reason::Scratch, fmt::format("{}: {}", what, std::strerror(errno)),
              "Set scratch.directory to a folder where driftd may write.");
}

Descriptor create_file(const std::string& path) {
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600));
  if (!file) refuse("cannot create " + path);
  return file;
}

// Locked before it gets its name: a file of that name without an owner is a leftover.
Descriptor create_lock(const std::string& directory) {
  const std::string unnamed = directory + "/." + lock_name;
  Descriptor lock = create_file(unnamed);
  const std::string text = fmt::format("driftd scratch server of process {}\n", ::getpid());
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0 ||
      ::write(lock.get(), text.data(), text.size()) < 0 ||
      ::rename(unnamed.c_str(), (directory + "/" + lock_name).c_str()) != 0) {
    refuse("cannot lock " + directory);
  }
  return lock;
}

void give(const std::string& path, const std::optional<User>& user) {
  if (user && ::chown(path.c_str(), user->uid, user->gid) != 0) {
    refuse(fmt::format("cannot give {} to {}", path, user->name));
  }
}

void make_data_folder(const PrivateDirectory& directory, const std::optional<User>& user) {
  spread_folders_of(directory.path);
  // Made under another name each time, because the name decides upon the place.
  std::string path = directory.data() + "-XXXXXX";
  if (!::mkdtemp(path.data())) refuse("cannot make a folder in " + directory.path);
  give(path, user);
  if (::rename(path.c_str(), directory.data().c_str()) != 0) refuse("cannot rename " + path);
}

bool ours(const struct stat& status, const std::optional<User>& user) {
  return S_ISDIR(status.st_mode) &&
         (status.st_uid == ::geteuid() || (user && status.st_uid == user->uid));
}

bool remove_leftover(const std::string& path, const std::optional<User>& user) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0 || !ours(status, user)) return false;
  const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!folder) return false;
  const Descriptor lock(::openat(folder.get(), lock_name, O_RDWR | O_NOFOLLOW | O_CLOEXEC));
  if (!lock) {
    // Being made at this moment, or emptied by a keeper that may not write to the parent.
    const bool old = ::time(nullptr) - status.st_mtime > 60;
    return errno == ENOENT && old && ::rmdir(path.c_str()) == 0;
  }
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) return false;
  if (::fstat(lock.get(), &status) != 0 || status.st_nlink == 0) return false;
  end_postmaster(path + "/data", std::chrono::seconds(5));
  return remove_private_directory(path);
}

}  // namespace

std::string parent_directory(const ScratchSettings& settings) {
  std::string parent = settings.directory;
  if (parent.empty()) {
    const char* temporary = std::getenv("TMPDIR");
    parent = temporary && *temporary ? temporary : "/tmp";
  }
  std::error_code error;
  const fs::path real = fs::canonical(parent, error);
  if (error) {
    throw Error(Reason::Scratch,
                fmt::format("no folder {} for the scratch server: {}", parent, error.message()),
                "Set scratch.directory to a folder where driftd may write.");
  }
  return real.string();
}

PrivateDirectory make_private_directory(const ScratchSettings& settings,
                                        const std::optional<User>& user) {
  const std::string parent = parent_directory(settings);
  std::string path = fmt::format("{}/{}XXXXXX", parent == "/" ? "" : parent, prefix);
  if (path.size() + socket_name.size() > longest_socket) {
    throw Error(Reason::Scratch,
                fmt::format("{} is too long for the scratch server's socket: {} bytes, {} fit",
                            parent, parent.size(),
                            longest_socket - (path.size() - parent.size()) - socket_name.size()),
                "Set scratch.directory (or TMPDIR) to a folder with a shorter path.");
  }
  // libpq takes a comma for the end of a host, the server's lock file is made of lines.
  if (path.find_first_of(",\n") != std::string::npos) {
    throw Error(
        Reason::Scratch,
        fmt::format("{} has a comma or a line break, so no socket can be reached in it", parent),
        "Set scratch.directory (or TMPDIR) to a folder without them.");
  }
  if (!::mkdtemp(path.data())) refuse("cannot make a private folder in " + parent);
  PrivateDirectory directory;
  directory.path = path;
  try {
    directory.lock = create_lock(path);
    directory.log = create_file(path + "/server.log");
    make_data_folder(directory, user);
    give(path, user);
  } catch (const Error&) {
    remove_private_directory(path);
    throw;
  }
  return directory;
}

void spread_folders_of(const std::string& path) {
  const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  int flags = 0;
  if (!folder || ::ioctl(folder.get(), FS_IOC_GETFLAGS, &flags) != 0) return;
  flags |= FS_TOPDIR_FL;
  ::ioctl(folder.get(), FS_IOC_SETFLAGS, &flags);
}

bool remove_private_directory(const std::string& path) {
  std::error_code error;
  // Not by its path: the server's user owns the folder, and could put a link in its place.
  const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (folder) fs::remove_all(fmt::format("/proc/self/fd/{}/data", folder.get()), error);
  if (!error) fs::remove_all(path, error);
  return !error;
}

std::string log_tail(const Descriptor& log) {
  constexpr off_t most = 2000;
  struct stat status {};
  if (::fstat(log.get(), &status) != 0) return {};
  std::array<char, most> buffer{};
  const off_t from = std::max<off_t>(0, status.st_size - most);
  const ssize_t count = ::pread(log.get(), buffer.data(), buffer.size(), from);
  if (count <= 0) return {};
  std::string text(buffer.data(), static_cast<std::size_t>(count));
  if (from > 0) text.erase(0, text.find('\n') + 1);
  return std::string(trim(text));
}

int remove_private_leftovers(const ScratchSettings& settings) {
  std::optional<User> user;
  std::string parent;
  try {
    user = server_user(settings.run_as);
    parent = parent_directory(settings);
  } catch (const Error&) {
    return 0;  // then nothing was ever started there; the start itself says what is wrong
  }
  int removed = 0;
  std::error_code error;
  for (fs::directory_iterator at(parent, error), end; !error && at != end; at.increment(error)) {
    if (!at->path().filename().string().starts_with(prefix)) continue;
    if (remove_leftover(at->path().string(), user)) ++removed;
  }
  return removed;
}

}  // namespace driftd

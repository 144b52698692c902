#include "expected_schema/base/file_stamp.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "expected_schema/base/digest.h"

namespace driftd {
namespace {

namespace fs = std::filesystem;

bool is_left_out(const std::string& folder) {
  return folder.starts_with('.') || folder == "__pycache__" || folder == "node_modules" ||
         folder == "venv";
}

/// What stat says of a file that changes whenever its content may have: ctime cannot be set back
/// by hand, inode and size catch the rest.
void add_stat(Digest& digest, const std::string& path) {
  struct stat s {};
  digest.add(path);
  if (::stat(path.c_str(), &s) != 0) {
    digest.add("absent");
    return;
  }
  for (const auto number :
       {static_cast<long long>(s.st_ino), static_cast<long long>(s.st_size),
        static_cast<long long>(s.st_mtim.tv_sec), static_cast<long long>(s.st_mtim.tv_nsec),
        static_cast<long long>(s.st_ctim.tv_sec), static_cast<long long>(s.st_ctim.tv_nsec)}) {
    digest.add(std::to_string(number));
  }
}

}  // namespace

std::string stamp_of(const std::vector<std::string>& roots) {
  std::vector<std::string> paths;
  for (const std::string& root : roots) {
    paths.push_back(root);
    std::error_code error;
    fs::recursive_directory_iterator entry(root, fs::directory_options::skip_permission_denied,
                                           error);
    for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
      const std::string name = entry->path().filename().string();
      if (entry->is_directory(error) && is_left_out(name)) {
        entry.disable_recursion_pending();
        continue;
      }
      paths.push_back(entry->path().string());
    }
  }
  std::ranges::sort(paths);
  Digest digest;
  for (const std::string& path : paths) add_stat(digest, path);
  return digest.hex();
}

}  // namespace driftd

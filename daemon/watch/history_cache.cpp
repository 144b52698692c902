#include "daemon/watch/history_cache.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "expected_schema/base/digest.h"

namespace driftd {
namespace {

namespace fs = std::filesystem;

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

std::string stamp_of(const std::vector<std::string>& roots) {
  std::vector<std::string> paths;
  for (const std::string& root : roots) {
    paths.push_back(root);
    std::error_code error;
    fs::recursive_directory_iterator entry(root, fs::directory_options::skip_permission_denied,
                                           error);
    for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
      const std::string name = entry->path().filename().string();
      if (entry->is_directory(error) && (name == "__pycache__" || name.starts_with('.'))) {
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

}  // namespace

std::shared_ptr<const History> HistoryCache::at(const std::string& path, const VersionTable& table,
                                                const Declarations& declared) {
  if (history_ && stamp_of(history_->roots()) == stamp_) return history_;
  history_.reset();
  // The stamp is taken before the read that counts: a file that changes after it shows next time.
  const std::vector<std::string> roots = read_history(path, table, declared)->roots();
  stamp_ = stamp_of(roots);
  history_ = read_history(path, table, declared);
  return history_;
}

}  // namespace driftd

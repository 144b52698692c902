#include "expected_schema/alembic/packages.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "expected_schema/alembic/libraries.h"
#include "expected_schema/base/digest.h"
#include "expected_schema/base/error.h"

namespace driftd {

namespace fs = std::filesystem;

std::vector<std::string> package_folders(const std::vector<std::string>& given) {
  std::vector<std::string> folders;
  for (const std::string& one : given) {
    const fs::path folder = fs::absolute(one).lexically_normal();
    std::error_code failed;
    if (!fs::is_directory(folder, failed)) {
      throw Error(Reason::Settings, fmt::format("there is no folder of packages at {}", one),
                  "Packages are named by a virtualenv, or by the folder that they lie in.");
    }
    if (!fs::exists(folder / "pyvenv.cfg", failed)) {
      folders.push_back(folder.string());
      continue;
    }
    const std::size_t before = folders.size();
    // lib64 is a link to lib, or has a few compiled packages more.
    for (const char* lib : {"lib", "lib64"}) {
      if (fs::is_symlink(folder / lib, failed)) continue;
      for (const auto& python : fs::directory_iterator(folder / lib, failed)) {
        const fs::path packages = python.path() / "site-packages";
        if (fs::is_directory(packages, failed)) folders.push_back(packages.string());
      }
    }
    if (folders.size() == before) {
      throw Error(Reason::Settings, fmt::format("the virtualenv {} has no site-packages", one),
                  "Name the folder of the packages itself.");
    }
  }
  return folders;
}

std::string stamp_of_packages(const std::vector<std::string>& given) {
  Digest digest;
  for (const std::string& folder : package_folders(given)) {
    std::vector<std::string> entries;
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator(folder, failed)) {
      const auto changed = fs::last_write_time(entry.path(), failed).time_since_epoch().count();
      entries.push_back(fmt::format("{} {}", entry.path().string(), changed));
    }
    std::ranges::sort(entries);
    for (const std::string& entry : entries) digest.add(entry);
  }
  return digest.hex();
}

namespace alembic {

bool is_known_by_name(std::string_view module) {
  static constexpr std::array<std::string_view, 18> known = {"alembic",
                                                             "alembic_utils",
                                                             "citext",
                                                             "fastapi_users",
                                                             "flask_sqlalchemy",
                                                             "flask_sqlalchemy_lite",
                                                             "fastapi_users_db_sqlalchemy",
                                                             "geoalchemy2",
                                                             "oslo_db",
                                                             "pgvector",
                                                             "psycopg2",
                                                             "sqlalchemy",
                                                             "sqlalchemy_json",
                                                             "sqlalchemy_jsonfield",
                                                             "sqlalchemy_utc",
                                                             "sqlalchemy_utils",
                                                             "sqlmodel",
                                                             "typing_extensions"};
  const std::string_view first = module.substr(0, module.find('.'));
  // Their classes bring columns; advanced_alchemy's types are known by name.
  if (first == "authlib") return false;
  if (first == "advanced_alchemy") return module.starts_with("advanced_alchemy.types");
  return std::ranges::find(known, first) != known.end() || is_library(module);
}

}  // namespace alembic
}  // namespace driftd

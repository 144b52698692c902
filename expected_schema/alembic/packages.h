#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace driftd {

/// The folders that hold the packages: the site-packages of what is a virtualenv, else the folder
/// itself. Throws Error{Settings} for one that is not there, or a virtualenv without packages.
std::vector<std::string> package_folders(const std::vector<std::string>& given);

/// Changes when a package in one of the folders is installed, upgraded or removed; what is edited
/// within one is not looked at, since they hold tens of thousands of files.
std::string stamp_of_packages(const std::vector<std::string>& given);

namespace alembic {

/// Whether what a package means is known by its names, or it has nothing to do with a schema: then
/// its source is not read where it is installed.
bool is_known_by_name(std::string_view module);

}  // namespace alembic
}  // namespace driftd

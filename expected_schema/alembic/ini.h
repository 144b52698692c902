#pragma once

#include <map>
#include <string>

namespace driftd::alembic {

using IniSection = std::map<std::string, std::string, std::less<>>;

/// One section of a file that Python's configparser reads: comments, values over several lines,
/// defaults of `[DEFAULT]`, `%(name)s` replaced (also by `here`, the file's folder), `%%` a percent
/// sign. Keys in lower case. Throws Error{Settings} with the line for what configparser refuses.
IniSection read_ini(const std::string& file, const std::string& text, const std::string& section,
                    const std::string& here);

}  // namespace driftd::alembic

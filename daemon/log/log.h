#pragma once

#include <chrono>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// One line an event, on stderr. Only commands/, watch/ and http/ log; rooms below return or throw.
namespace driftd::log {

enum class Level { Debug, Info, Warn, Error };
enum class Format { Logfmt, Json };

/// Set once at start, and by a reload.
void configure(Level level, Format format);
/// Throws Error{Settings} for another word.
Level parse_level(std::string_view text);
Format parse_format(std::string_view text);

using Field = std::pair<std::string_view, std::string>;

/// `ts=... level=info msg="looked" datname=app`: whole lines also when several threads write.
void write(Level level, std::string_view message, const std::vector<Field>& fields = {});

/// The line that `write` writes, with its newline. Times are UTC with milliseconds; fields without
/// text are left out; bytes that are no UTF-8 become U+FFFD.
std::string line(Format format, std::chrono::system_clock::time_point now, Level level,
                 std::string_view message, const std::vector<Field>& fields);

inline void debug(std::string_view m, std::initializer_list<Field> f = {}) {
  write(Level::Debug, m, f);
}
inline void info(std::string_view m, std::initializer_list<Field> f = {}) {
  write(Level::Info, m, f);
}
inline void warn(std::string_view m, std::initializer_list<Field> f = {}) {
  write(Level::Warn, m, f);
}
inline void error(std::string_view m, std::initializer_list<Field> f = {}) {
  write(Level::Error, m, f);
}

}  // namespace driftd::log

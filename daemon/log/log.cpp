#include "daemon/log/log.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>

#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"

namespace driftd::log {
namespace {

constexpr std::array<std::string_view, 4> level_names{"debug", "info", "warn", "error"};

std::atomic<Level> least{Level::Info};
std::atomic<Format> wanted{Format::Logfmt};

std::string timestamp(std::chrono::system_clock::time_point now) {
  const auto ms = std::chrono::floor<std::chrono::milliseconds>(now);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(ms);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)),
                     (ms - seconds).count());
}

/// Both formats escape as JSON does; logfmt readers take that too.
std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : valid_utf8(text)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (c == '\n') {
      result += "\\n";
    } else if (c == '\t') {
      result += "\\t";
    } else if (byte < 0x20 || byte == 0x7F) {
      result += fmt::format("\\u{:04x}", static_cast<unsigned>(byte));
    } else {
      result += c;
    }
  }
  return result + '"';
}

/// Logfmt quotes only what would be read as something else without quotes.
std::string logfmt_value(std::string_view text) {
  const bool bare = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte < 0x7F && c != '"' && c != '=' && c != '\\';
  });
  return bare ? std::string(text) : quoted(text);
}

}  // namespace

void configure(Level level, Format format) {
  least = level;
  wanted = format;
}

Level parse_level(std::string_view text) {
  const auto found = std::find(level_names.begin(), level_names.end(), text);
  if (found == level_names.end()) {
    throw Error(Reason::Settings, fmt::format("\"{}\" is no level of the log", text),
                "Use debug, info, warn or error.");
  }
  return static_cast<Level>(found - level_names.begin());
}

Format parse_format(std::string_view text) {
  if (text == "logfmt") return Format::Logfmt;
  if (text == "json") return Format::Json;
  throw Error(Reason::Settings, fmt::format("\"{}\" is no format of the log", text),
              "Use logfmt or json.");
}

std::string line(Format format, std::chrono::system_clock::time_point now, Level level,
                 std::string_view message, const std::vector<Field>& fields) {
  const std::string_view level_name = level_names.at(static_cast<std::size_t>(level));
  std::string result;
  if (format == Format::Json) {
    result = fmt::format(R"({{"ts":"{}","level":"{}","msg":{})", timestamp(now), level_name,
                         quoted(message));
  } else {
    result =
        fmt::format("ts={} level={} msg={}", timestamp(now), level_name, logfmt_value(message));
  }
  for (const auto& [key, value] : fields) {
    if (value.empty()) continue;
    result += format == Format::Json ? fmt::format(",{}:{}", quoted(key), quoted(value))
                                     : fmt::format(" {}={}", key, logfmt_value(value));
  }
  return result + (format == Format::Json ? "}\n" : "\n");
}

void write(Level level, std::string_view message, const std::vector<Field>& fields) {
  if (level < least.load()) return;
  const std::string text =
      line(wanted.load(), std::chrono::system_clock::now(), level, message, fields);
  // One write a line keeps lines whole between threads and processes. What a full pipe or a closed
  // stderr does not take is lost: a log must not stop the daemon.
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t count = ::write(STDERR_FILENO, text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;
    done += static_cast<std::size_t>(count);
  }
}

}  // namespace driftd::log

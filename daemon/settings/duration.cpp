#include <fmt/format.h>

#include <array>
#include <charconv>
#include <limits>

#include "daemon/settings/settings.h"

namespace driftd {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t milliseconds;
};
// Prometheus' units, which have no months; a year has 365 days. Largest first.
constexpr std::array<Unit, 7> units{{{"y", 31'536'000'000},
                                     {"w", 604'800'000},
                                     {"d", 86'400'000},
                                     {"h", 3'600'000},
                                     {"m", 60'000},
                                     {"s", 1000},
                                     {"ms", 1}}};

[[noreturn]] void refuse(const std::string& text, std::string_view why) {
  throw Error(Reason::Settings, fmt::format("\"{}\" is no duration: {}", text, why),
              "Write it as 500ms, 30s, 5m or 1h30m.");
}

}  // namespace

std::chrono::milliseconds parse_duration(const std::string& text) {
  if (text == "0") return std::chrono::milliseconds(0);
  if (text.empty()) refuse(text, "it is empty");
  std::int64_t total = 0;
  std::size_t next_unit = 0;
  std::string_view rest = text;
  while (!rest.empty()) {
    std::int64_t number = 0;
    const auto [end, failed] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (failed == std::errc::result_out_of_range) refuse(text, "it is too long");
    if (failed != std::errc() || rest.front() == '-') refuse(text, "a number is missing");
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    const std::string_view name = rest.substr(0, rest.find_first_of("0123456789"));
    if (name.empty()) refuse(text, "the unit is missing");
    std::size_t unit = next_unit;
    while (unit < units.size() && units[unit].name != name) ++unit;
    if (unit == units.size()) {
      for (const Unit& known : units) {
        if (known.name == name) refuse(text, "each unit stands once, the largest first");
      }
      refuse(text, "its unit is none of y, w, d, h, m, s, ms");
    }
    const std::int64_t factor = units[unit].milliseconds;
    if (number > (std::numeric_limits<std::int64_t>::max() - total) / factor) {
      refuse(text, "it is too long");
    }
    total += number * factor;
    next_unit = unit + 1;
    rest.remove_prefix(name.size());
  }
  return std::chrono::milliseconds(total);
}

std::string print_duration(std::chrono::milliseconds duration) {
  std::int64_t rest = duration.count();
  if (rest <= 0) return "0s";
  std::string text;
  for (const Unit& unit : units) {
    // Weeks and years are read, but days are what a reader can add up.
    if (unit.name == "y" || unit.name == "w") continue;
    if (rest / unit.milliseconds == 0) continue;
    text += fmt::format("{}{}", rest / unit.milliseconds, unit.name);
    rest %= unit.milliseconds;
  }
  return text;
}

}  // namespace driftd

#include "expected_schema/alembic/moments.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <string_view>

namespace driftd::alembic {

using python::Term;
using python::Value;

namespace {

/// The arguments by position or name, as whole numbers; nothing where one is none.
template <std::size_t size>
std::optional<std::array<std::int64_t, size>> numbers(
    const Term& term, const std::array<std::string_view, size>& names, std::size_t needed) {
  std::array<std::int64_t, size> result{};
  std::size_t given = 0;
  if (term.arguments.positional.size() > size) return std::nullopt;
  for (std::size_t i = 0; i < size; ++i) {
    const Value* value = term.arguments.find(names[i]);
    if (i < term.arguments.positional.size()) value = &term.arguments.positional[i];
    if (value == nullptr) {
      if (i < needed) return std::nullopt;
      continue;
    }
    const auto* number = value->get_if<std::int64_t>();
    constexpr std::int64_t most = 1'000'000'000;
    if (number == nullptr || *number > most || *number < -most) return std::nullopt;
    result[i] = *number;
    ++given;
  }
  const std::size_t all = term.arguments.positional.size() + term.arguments.keyword.size();
  return given == all ? std::optional(result) : std::nullopt;
}

std::string clock(std::int64_t hours, std::int64_t minutes, std::int64_t seconds,
                  std::int64_t micros, bool padded) {
  std::string text = padded ? fmt::format("{:02}", hours) : fmt::format("{}", hours);
  text += fmt::format(":{:02}:{:02}", minutes, seconds);
  return micros == 0 ? text : text + fmt::format(".{:06}", micros);
}

std::optional<std::string> span(const Term& term) {
  constexpr std::array<std::string_view, 7> names = {
      "days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks"};
  const auto given = numbers(term, names, 0);
  if (!given) return std::nullopt;
  constexpr std::int64_t day = 86'400;
  constexpr std::int64_t million = 1'000'000;
  const auto& [days, seconds, micros, millis, minutes, hours, weeks] = *given;
  std::int64_t whole = seconds + minutes * 60 + hours * 3600;
  std::int64_t parts = micros + millis * 1000;
  const auto carry = [](std::int64_t& from, std::int64_t& to, std::int64_t size) {
    std::int64_t over = from / size;
    if (from % size < 0) --over;  // Python rounds down
    from -= over * size;
    to += over;
  };
  std::int64_t total = days + weeks * 7;
  carry(parts, whole, million);
  carry(whole, total, day);
  const std::string time = clock(whole / 3600, whole / 60 % 60, whole % 60, parts, false);
  if (total == 0) return time;
  return fmt::format("{} day{}, {}", total, total == 1 || total == -1 ? "" : "s", time);
}

}  // namespace

std::optional<std::string> text_of_moment(const Value& value) {
  const Term* term = value.term();
  if (term == nullptr || term->object) return std::nullopt;
  if (term->callee == "datetime.timedelta") return span(*term);
  if (term->callee == "datetime.date") {
    const auto given = numbers<3>(*term, {"year", "month", "day"}, 3);
    if (!given) return std::nullopt;
    return fmt::format("{:04}-{:02}-{:02}", (*given)[0], (*given)[1], (*given)[2]);
  }
  if (term->callee == "datetime.datetime") {
    const auto given =
        numbers<7>(*term, {"year", "month", "day", "hour", "minute", "second", "microsecond"}, 3);
    if (!given) return std::nullopt;
    const auto& at = *given;
    return fmt::format("{:04}-{:02}-{:02} {}", at[0], at[1], at[2],
                       clock(at[3], at[4], at[5], at[6], true));
  }
  return std::nullopt;
}

}  // namespace driftd::alembic

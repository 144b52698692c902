#include "daemon/settings/waivers_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>

#include "daemon/settings/yaml.h"
#include "expected_schema/base/text.h"

namespace driftd {
namespace {

using yaml::Mark;
using yaml::Node;

const std::vector<std::string>& known_keys() {
  static const std::vector<std::string> keys = {"kind",       "object", "drift", "properties",
                                                "comparison", "reason", "by",    "until"};
  return keys;
}

/// The first moment that is not of the day any more, in UTC; nothing for what is no day.
std::optional<Time> end_of_day(const std::string& text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t length) -> std::optional<int> {
    int value = 0;
    const char* begin = text.data() + at;
    const auto [stop, failed] = std::from_chars(begin, begin + length, value);
    return failed == std::errc() && stop == begin + length ? std::optional(value) : std::nullopt;
  };
  const auto year = number(0, 4);
  const auto month = number(5, 2);
  const auto day = number(8, 2);
  if (!year || !month || !day) return std::nullopt;
  // The clock's nanoseconds end in 2262.
  const std::chrono::year_month_day date{std::chrono::year(std::min(*year, 2200)),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return Time(std::chrono::sys_days(date) + std::chrono::days(1));
}

class Reader {
 public:
  explicit Reader(std::string name) : name_(std::move(name)) {}

  std::vector<Waiver> read(const std::string& text) {
    const auto root = yaml::parse(text, [&](Mark mark, std::string what) { complain(mark, what); });
    if (root->kind == Node::Kind::Null) return {};
    if (root->kind != Node::Kind::Map) {
      complain(root->mark, "the file must hold waivers: with a list");
      return {};
    }
    for (const yaml::Entry& entry : root->entries) {
      if (entry.key != "waivers") {
        complain(entry.mark, fmt::format("unknown key {}; the file holds waivers:", entry.key));
      } else if (entry.value->kind == Node::Kind::Sequence) {
        for (const auto& item : entry.value->items) one(*item);
      } else if (entry.value->kind != Node::Kind::Null) {
        complain(entry.mark, "waivers must be a list");
      }
    }
    return std::move(waivers_);
  }

  void finish() {
    if (mistakes_.empty()) return;
    std::ranges::stable_sort(mistakes_, {}, [](const auto& one) { return one.first; });
    std::vector<std::string> lines;
    for (const auto& [mark, what] : mistakes_) {
      lines.push_back(fmt::format("{}:{}:{}: {}", name_, mark.line, mark.column, what));
    }
    throw Error(Reason::Settings, join(lines, "\n"));
  }

 private:
  void complain(Mark mark, std::string what) { mistakes_.emplace_back(mark, std::move(what)); }

  void one(const Node& item) {
    if (item.kind != Node::Kind::Map) {
      complain(item.mark,
               "a waiver must be a group of keys: kind, object, drift, reason, by, until");
      return;
    }
    Waiver waiver;
    waiver.place = {name_, item.mark.line, item.mark.column};
    std::vector<std::string> given;
    for (const yaml::Entry& entry : item.entries) {
      given.push_back(entry.key);
      take(waiver, entry);
    }
    const auto has = [&](const char* key) { return std::ranges::find(given, key) != given.end(); };
    for (const char* needed : {"kind", "object", "drift", "reason", "by", "until"}) {
      if (!has(needed)) complain(item.mark, fmt::format("the waiver has no {}", needed));
    }
    const bool changed = waiver.drift == DriftKind::Changed;
    if (changed && has("drift") && waiver.properties.empty()) {
      complain(item.mark, "the waiver of a change must name the properties that may differ");
    }
    if (!changed && has("properties")) {
      complain(item.mark, "properties belong to a waiver with drift: changed");
    }
    waivers_.push_back(std::move(waiver));
  }

  std::optional<std::string> text(const yaml::Entry& entry) {
    if (entry.value->kind == Node::Kind::Scalar && !entry.value->text.empty()) {
      return entry.value->text;
    }
    complain(entry.mark, fmt::format("{} must be a single value", entry.key));
    return std::nullopt;
  }

  void take(Waiver& waiver, const yaml::Entry& entry) {
    if (entry.key == "properties") {
      take_properties(waiver, entry);
      return;
    }
    if (std::ranges::find(known_keys(), entry.key) == known_keys().end()) {
      const std::string near = nearest(entry.key, known_keys());
      complain(entry.mark, fmt::format("unknown key {}{}", entry.key,
                                       near.empty() ? "" : "; did you mean " + near + "?"));
      return;
    }
    const auto value = text(entry);
    if (!value) return;
    if (entry.key == "kind") waiver.kind = *value;
    if (entry.key == "object") waiver.object = *value;
    if (entry.key == "reason") waiver.reason = *value;
    if (entry.key == "by") waiver.by = *value;
    if (entry.key == "drift") take_drift(waiver, entry, *value);
    if (entry.key == "comparison") {
      if (*value != "database" && *value != "models") {
        complain(entry.value->mark, "comparison must be database or models, not " + *value);
      }
      waiver.comparison = *value == "models" ? Comparison::Models : Comparison::Database;
    }
    if (entry.key == "until") {
      const auto end = end_of_day(*value);
      if (!end)
        complain(entry.value->mark, "until must be a day such as 2026-12-31, not " + *value);
      waiver.until = end.value_or(Time{});
      waiver.last_day = *value;
    }
  }

  void take_drift(Waiver& waiver, const yaml::Entry& entry, const std::string& value) {
    for (const DriftKind kind :
         {DriftKind::Missing, DriftKind::Unexpected, DriftKind::Changed, DriftKind::Renamed}) {
      if (name_of(kind) != value) continue;
      waiver.drift = kind;
      return;
    }
    complain(entry.value->mark,
             "drift must be missing, unexpected, changed or renamed, not " + value);
  }

  void take_properties(Waiver& waiver, const yaml::Entry& entry) {
    if (entry.value->kind == Node::Kind::Scalar) {
      waiver.properties = {entry.value->text};
      return;
    }
    if (entry.value->kind != Node::Kind::Sequence) {
      complain(entry.mark, "properties must be a list");
      return;
    }
    for (const auto& item : entry.value->items) {
      if (item->kind == Node::Kind::Scalar) {
        waiver.properties.push_back(item->text);
      } else {
        complain(item->mark, "properties must be a list of names");
      }
    }
  }

  std::string name_;
  std::vector<Waiver> waivers_;
  std::vector<std::pair<Mark, std::string>> mistakes_;
};

}  // namespace

std::vector<Waiver> parse_waivers(const std::string& text, const std::string& name) {
  Reader reader(name);
  std::vector<Waiver> waivers = reader.read(text);
  reader.finish();
  return waivers;
}

std::vector<Waiver> read_waivers(const std::string& file) {
  return parse_waivers(read_file(file), file);
}

}  // namespace driftd

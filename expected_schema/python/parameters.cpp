#include "expected_schema/python/parameters.h"

#include <fmt/format.h>

#include <algorithm>

namespace driftd::python {

Given::Given(Interpreter& interpreter, std::string_view function, const Arguments& arguments,
             std::initializer_list<std::string_view> names, const Place& place)
    : interpreter_(interpreter), function_(function), place_(place) {
  if (arguments.positional.size() > names.size()) {
    refuse(place, fmt::format("`{}` with {} arguments is not supported", function,
                              arguments.positional.size()));
  }
  std::size_t keywords = 0;
  for (std::string_view name : names) {
    const bool optional = name.ends_with('?');
    if (optional) name.remove_suffix(1);
    const std::size_t at = values_.size();
    const Value* value = arguments.find(name);
    if (value != nullptr) ++keywords;
    if (at < arguments.positional.size()) value = &arguments.positional[at];
    if (value == nullptr && !optional) {
      interpreter.raise("TypeError",
                        fmt::format("{}() missing required argument: '{}'", function, name), place);
    }
    values_.push_back(value);
  }
  if (keywords < arguments.keyword.size()) {
    refuse(place, fmt::format("`{}` with these keywords is not supported", function));
  }
}

const std::string& Given::text(std::size_t index) const {
  if (const std::string* text = as_text(*values_[index])) return *text;
  if (const auto* why = values_[index]->get_if<Why>()) interpreter_.need(*why, place_);
  if (is_symbolic(*values_[index])) {
    if (const Why why = interpreter_.unknown_of(*values_[index], place_)) {
      interpreter_.need(why, place_);
    }
    refuse(place_, fmt::format("cannot tell `{}` as text without running the app",
                               describe(*values_[index])));
  }
  interpreter_.raise("TypeError",
                     fmt::format("{}() expects str, not {}", function_, type_name(*values_[index])),
                     place_);
}

std::int64_t Given::integer(std::size_t index) const {
  if (const auto number = as_int(*values_[index])) return *number;
  if (const auto* why = values_[index]->get_if<Why>()) interpreter_.need(*why, place_);
  if (is_symbolic(*values_[index])) {
    if (const Why why = interpreter_.unknown_of(*values_[index], place_)) {
      interpreter_.need(why, place_);
    }
    refuse(place_, fmt::format("cannot tell the number `{}` without running the app",
                               describe(*values_[index])));
  }
  interpreter_.raise(
      "TypeError",
      fmt::format("'{}' object cannot be interpreted as an integer", type_name(*values_[index])),
      place_);
}

}  // namespace driftd::python

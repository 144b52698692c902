#pragma once

#include <initializer_list>
#include <string_view>
#include <vector>

#include "expected_schema/python/interpreter.h"

namespace driftd::python {

/// The arguments of a builtin by the names of its parameters. Raises TypeError for too few; refuses
/// more than it knows, as Python may know them. A parameter that ends in `?` may be left out.
class Given {
 public:
  Given(Interpreter& interpreter, std::string_view function, const Arguments& arguments,
        std::initializer_list<std::string_view> names, const Place& place);

  bool has(std::size_t index) const { return values_[index] != nullptr; }
  const Value& operator[](std::size_t index) const { return *values_[index]; }
  /// Raises TypeError for what is no text; refuses a symbol.
  const std::string& text(std::size_t index) const;
  std::int64_t integer(std::size_t index) const;

 private:
  Interpreter& interpreter_;
  std::string_view function_;
  const Place& place_;
  std::vector<const Value*> values_;
};

/// regex.cpp: the functions of `re`.
void add_regex(std::map<std::string, Native, std::less<>>& table);
/// json.cpp: `json.dumps` and `json.loads`.
void add_json(std::map<std::string, Native, std::less<>>& table);

}  // namespace driftd::python

#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "expected_schema/base/error.h"
#include "expected_schema/python/objects.h"
#include "expected_schema/python/value.h"

namespace driftd::python {

using Why = std::shared_ptr<const Unknown>;

/// Where only a known value will do. Where it is caught, what was computed is unknown as well;
/// else it is the error that it is.
class Needed : public Error {
 public:
  Needed(Why why, const void* frame, const Place& place);

  const Why& why() const { return why_; }
  /// The call of a function that needed it.
  const void* frame() const { return frame_; }

 private:
  Why why_;
  const void* frame_;
};

/// An unknown value that comes from another one.
Value derived(const Why& from, std::optional<std::string> text = {});
/// As an item of a container: none, one or several such.
Value rest_of(const Why& from);
/// The value, which as an item may have stood for several or none, as one.
Value one_of(Value item);

/// The unknown value that this one is, or contains; null where there is none.
Why unknown_in(const Value& value, int depth = 6);
/// Of an item of a container: the reason why it may not be there, or be there several times.
Why may_be_absent(const Value& item);

/// `text % ...` and `text.format(...)` where a part is unknown: `$1` in place of each argument.
std::string with_unknown_parts(const std::string& pattern, bool percent);

/// What code that may or may not run has changed, to become unknown when it has ended.
struct Region {
  std::size_t begun = 0;  ///< scopes younger than this are of the region itself
  Why why;
  struct Name {
    std::shared_ptr<Scope> scope;
    std::optional<Value> before;
  };
  std::map<std::pair<const Scope*, std::string>, Name> names;
  struct Container {
    Value value;
    std::size_t kept;  ///< how many of its first items are as they were
  };
  std::map<const void*, Container> containers;  ///< by what copies of it share
  std::vector<std::pair<Value, std::string>> attributes;

  /// Makes unknown what the region has changed.
  void blur() const;
};

/// Makes the content of a list, dict or set unknown but for its first items, beside which there may
/// be others.
void blur(const Value& container, std::size_t kept, const Why& why);
/// How many items a list, dict or set has.
std::size_t size_of(const Value& container);

}  // namespace driftd::python

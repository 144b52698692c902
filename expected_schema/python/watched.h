#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "expected_schema/python/objects.h"

namespace driftd::python {

/// Objects of one type, without keeping them alive. Forgets what is gone as it grows.
template <typename T>
class Weakly {
 public:
  void add(const std::shared_ptr<T>& one) {
    if (all_.size() >= limit_) {
      std::erase_if(all_, [](const auto& weak) { return weak.expired(); });
      limit_ = std::max(smallest, 2 * all_.size());
    }
    all_.push_back(one);
  }
  std::vector<std::shared_ptr<T>> alive() const {
    std::vector<std::shared_ptr<T>> result;
    for (const auto& weak : all_) {
      if (auto one = weak.lock()) result.push_back(std::move(one));
    }
    return result;
  }

 private:
  static constexpr std::size_t smallest = 1024;
  std::vector<std::weak_ptr<T>> all_;
  std::size_t limit_ = smallest;
};

/// All of one evaluator that can come to refer to itself, which counting references never frees.
struct Watched {
  Weakly<Scope> scopes;
  Weakly<Instance> instances;
  Weakly<Class> classes;
  Weakly<Function> functions;
  Weakly<std::vector<Value>> lists;  ///< of sets too
  Weakly<std::vector<std::pair<Value, Value>>> dicts;

  /// Empties scopes, instances, classes, functions, and the containers that contain themselves.
  void cut();
};

/// While it lives, what this thread makes is watched there.
class Watching {
 public:
  explicit Watching(Watched& watched);
  ~Watching();
  Watching(const Watching&) = delete;
  Watching& operator=(const Watching&) = delete;

 private:
  Watched* before_;
};

/// Null where no evaluator runs in this thread.
Watched* watched_here();

/// A function, or a copy of one, that is watched.
template <typename... From>
std::shared_ptr<Function> make_function(From&&... from) {
  auto made = std::make_shared<Function>(std::forward<From>(from)...);
  if (Watched* watched = watched_here()) watched->functions.add(made);
  return made;
}

}  // namespace driftd::python

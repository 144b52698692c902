#pragma once

#include <functional>
#include <memory>

#include "daemon/settings/settings.h"
#include "daemon/watch/published.h"

namespace driftd {

/// Watches one database on a thread of its own until it is destroyed or told to stop.
class Watcher {
 public:
  /// `published` is called on the watcher's thread after each publication; `models_published` after
  /// each comparison of the models, on theirs (both may be empty).
  explicit Watcher(DatabaseSettings settings, std::function<void(const Published&)> published = {},
                   std::function<void(const Published&)> models_published = {});
  /// Interrupts a running look and joins.
  ~Watcher();
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  /// Never null.
  std::shared_ptr<const Published> latest() const;
  /// Returns at once; the destructor waits.
  void request_stop();
  /// True while the thread turns: it began a look or a wait not longer ago than its bounds allow.
  bool alive() const;

 private:
  struct Storage;
  std::unique_ptr<Storage> storage_;
};

}  // namespace driftd

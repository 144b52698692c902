#pragma once

#include <functional>
#include <memory>

#include "daemon/settings/settings.h"
#include "daemon/watch/crew.h"
#include "daemon/watch/published.h"

namespace driftd {

/// Watches one database with the threads of a crew, until it is destroyed or told to stop.
class Watcher {
 public:
  /// `published` is called on a thread of the crew after each publication, `models_published` after
  /// each comparison of the models; neither by two threads at once (both may be empty). The crew
  /// outlives the watcher.
  Watcher(DatabaseSettings settings, Crew& crew,
          std::function<void(const Published&)> published = {},
          std::function<void(const Published&)> models_published = {});
  /// Interrupts a running look and waits for its end.
  ~Watcher();
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  /// Never null.
  std::shared_ptr<const Published> latest() const;
  /// Returns at once; the destructor waits.
  void request_stop();
  /// The next look is due now, or a little later where the newest one took long; one that runs is
  /// followed by another. For what else learns of a change.
  void look_now();
  /// True unless a look takes longer than its bounds allow.
  bool alive() const;

 private:
  struct Storage;
  std::unique_ptr<Storage> storage_;
};

}  // namespace driftd

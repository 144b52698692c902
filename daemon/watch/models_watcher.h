#pragma once

#include <functional>
#include <memory>

#include "daemon/settings/settings.h"
#include "daemon/watch/crew.h"
#include "daemon/watch/published.h"
#include "expected_schema/introspect/introspect.h"

namespace driftd {

/// Compares the models with all migrations, with other threads than the looks', so that a command
/// that takes its time holds up no look: when one of their files changes, and once an hour.
class ModelsWatcher {
 public:
  /// `published` is called on a thread of the crew after each comparison (may be empty).
  ModelsWatcher(DatabaseSettings settings, Crew& crew,
                std::function<void(const Published&)> published = {});
  /// Interrupts a running comparison and waits for its end.
  ~ModelsWatcher();
  ModelsWatcher(const ModelsWatcher&) = delete;
  ModelsWatcher& operator=(const ModelsWatcher&) = delete;

  /// What the live database is like: the scratch server is made like it. Nothing is compared before
  /// the first call.
  void be_like(const Target& target);
  /// Never null.
  std::shared_ptr<const Published> latest() const;
  void request_stop();
  /// True unless a comparison takes longer than its bounds allow.
  bool alive() const;

 private:
  struct Storage;
  std::unique_ptr<Storage> storage_;
};

}  // namespace driftd

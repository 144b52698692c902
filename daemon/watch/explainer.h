#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "daemon/settings/settings.h"
#include "daemon/watch/crew.h"
#include "daemon/watch/scan.h"

namespace driftd {

/// Tells of findings which migration set what they are about, and why the database differs: see
/// trace() and name_causes(). That takes replays, of which no look waits for the end: they have a
/// thread of their own.
class Explainer {
 public:
  struct Answer {
    std::string key;                       ///< of the question
    std::shared_ptr<const Report> report;  ///< the one that was asked of, explained; null: nothing
                                           ///< is to be added
    bool failed = false;                   ///< it is worth to ask again later
    std::optional<NamedCause> half_run = {};  ///< of a question about `memory.half_run`
  };

  Explainer(const DatabaseSettings& settings, Crew& crew);
  /// Interrupts what it does, and waits for its end.
  ~Explainer();
  Explainer(const Explainer&) = delete;
  Explainer& operator=(const Explainer&) = delete;

  /// The same while findings, their values, the history and its files are: an answer holds for it.
  static std::string key_of(const Report& report, const LookMemory& memory);

  /// About the report of the newest look, `memory.last_good`. The newest question counts. `tell` is
  /// called on another thread once it is answered.
  void ask(const LookMemory& memory, std::function<void()> tell);
  /// The same about a migration that has not ended, `memory.half_run`; its key is the question's.
  void ask_half_run(const LookMemory& memory, std::function<void()> tell);
  /// The newest answer; once.
  std::optional<Answer> take();
  void request_stop();

 private:
  struct Storage;
  std::unique_ptr<Storage> storage_;
};

/// What the answer says of findings that are the same in `report`, and its causes.
Report explained(const Report& report, const Report& answer);

}  // namespace driftd

#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "daemon/judge/report.h"
#include "daemon/state/since.h"

/// What happened, beyond a restart.
namespace driftd::state {

/// The memory of one comparison of one database. A file that cannot be read or written is no reason
/// to stop looking: then nothing is remembered, `problem()` says why, and it is tried again after a
/// minute. Not for several threads at once; several objects may share a file.
class Memory {
 public:
  /// An empty path: nothing is remembered, and nothing is wrong.
  Memory(std::string path, std::string database, Comparison comparison);
  ~Memory();
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  /// Gives findings that were there before a restart their first sighting, and their confirmation
  /// where it was the same drift. Once; afterwards the report before knows. True where it changed
  /// one.
  bool restore(Report& report);
  /// Notes what has appeared, changed, been waived or gone since the report before. Seen findings
  /// count for nothing yet.
  void record(const Report& report, Time now);
  /// Notes that the outcome became unknown, or known again.
  void record_unknown(const std::string& message, Time now);

  /// The digests of the applied revisions' files when they were first seen applied.
  std::map<std::string, std::string> applied();
  void set_applied(const std::map<std::string, std::string>& digests);

  /// Why nothing is remembered; empty where all is well, or nothing is asked for.
  const std::string& problem() const { return problem_; }
  bool asked_for() const { return !path_.empty(); }

 private:
  template <typename Work>
  void with_file(Time now, Work work);
  void note_look(const Report& report, Time now);

  std::string path_;
  std::string database_;
  Comparison comparison_;
  SinceTable since_;
  Time look_noted_{};
  std::unique_ptr<Database> file_;
  std::string problem_;
  Time failed_{};
  bool restored_ = false;
  std::optional<std::string> unknown_;  ///< the newest one noted; empty: known
  std::string recorded_;                ///< of the newest report noted
  std::map<std::string, std::string> applied_;
};

}  // namespace driftd::state

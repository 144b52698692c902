#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/judge/report.h"

namespace driftd {

/// A state in which a database may stand other than the one that its version table says.
struct Standing {
  enum class Kind {
    Earlier,  ///< after the applied revisions but for the newest, `revisions`
    Later,    ///< after the applied revisions and the next pending ones, `revisions`
    Within,   ///< after some statements of one revision, `revisions`
  };
  Kind kind = Kind::Earlier;
  std::vector<std::string> revisions;  ///< in the order of their replay
  std::string last;  ///< of Earlier: the newest revision that is there; empty: none

  // Of Within:
  bool pending = false;  ///< the version table does not have the revision
  std::size_t done = 0;  ///< of its statements
  std::size_t of = 0;
  Place from;  ///< of the first statement that may have failed
  Place to;    ///< of the first one that is not there
};

/// Looks for the state that explains findings. Strict: one explains them only where the database
/// differs from it in nothing but in other findings, which are the same against both states, and
/// where no look before and no edited file speaks against it. Pure.
class CauseSearch {
 public:
  /// `report`: of the database, with provenance and `since`; must outlive the search.
  explicit CauseSearch(const Report& report);

  /// `left`: what the database differs in from the state. Of states that explain the same, Earlier
  /// ones count by the newest, others by the first; a whole revision counts before a half one.
  void consider(const Standing& standing, const std::vector<Drift>& left);

  /// Whether consider() could find more in it than that it differs.
  bool may_explain(const std::vector<Drift>& left) const;

  /// Gives every finding of `report` its cause, as far as one is known; `complete`: all states were
  /// considered, so that what none of them explains was done by hand.
  void settle(Report& report, bool complete) const;

 private:
  struct Match {
    Standing standing;
    std::vector<std::string> explained;  ///< fingerprints, sorted
    bool ambiguous = false;              ///< another state explains as many others
  };

  bool excluded(const Standing& standing, const Finding& finding) const;
  void prefer(const Standing& standing);
  /// The finding that is this very drift; null: none is.
  const Finding* finding_of(const Drift& drift) const;

  const Report& report_;
  std::vector<const Finding*> by_object_;
  std::optional<Match> best_;
};

/// What the outcome of a look is named where the database has revisions that no file is.
NamedCause rolled_back(const HistoryStatus& history);

}  // namespace driftd

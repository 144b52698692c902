#include "daemon/judge/causes.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "expected_schema/base/text.h"

namespace driftd {
namespace {

bool has(const std::vector<std::string>& list, const std::string& one) {
  return std::ranges::find(list, one) != list.end();
}

/// A few of them by name.
std::string listed(const std::vector<std::string>& revisions) {
  constexpr std::size_t most = 6;
  if (revisions.size() <= most) return join(revisions, ", ");
  return fmt::format("{}, ... {} ({} revisions)", revisions[0], revisions.back(), revisions.size());
}

std::string were(const std::vector<std::string>& revisions) {
  return listed(revisions) + (revisions.size() == 1 ? " was" : " were");
}

NamedCause named(const Standing& standing, const HistoryStatus& history) {
  NamedCause cause;
  cause.revisions = standing.revisions;
  const std::string says =
      history.database_revisions.empty() ? "no revision" : listed(history.database_revisions);
  switch (standing.kind) {
    case Standing::Kind::Earlier:
      cause.cause = Cause::StampedNotApplied;
      cause.sentence = fmt::format(
          "the version table says {}, and the database is as {}: {} stamped and never run here, or "
          "undone by hand",
          says, standing.last.empty() ? "before the first revision" : standing.last + " leaves it",
          were(standing.revisions));
      break;
    case Standing::Kind::Later:
      cause.cause = Cause::AppliedNotStamped;
      cause.sentence = fmt::format(
          "the version table says {}, and the database is as {} leaves it: {} run and not written "
          "down, or done by hand, or the version table is an older one",
          says, standing.revisions.back(), were(standing.revisions));
      break;
    case Standing::Kind::Within: {
      cause.cause = Cause::HalfApplied;
      cause.place = standing.from;
      const std::string stopped =
          standing.from == standing.to
              ? "at " + to_string(standing.to)
              : fmt::format("between {} and {}", to_string(standing.from), to_string(standing.to));
      cause.sentence =
          fmt::format("of the {}revision {} {} of {} statements are there: it stopped {}{}",
                      standing.pending ? "pending " : "", standing.revisions.front(), standing.done,
                      standing.of, stopped, standing.pending ? ", or they were run by hand" : "");
      break;
    }
  }
  return cause;
}

/// Neither the catalogue nor the version table has moved since a look did not see it.
bool came_with_files(const Finding& finding) {
  return finding.since.same_catalogue && finding.since.same_revisions;
}

bool set_by_any_of(const Finding& finding, const std::vector<std::string>& revisions) {
  return (finding.provenance && has(revisions, finding.provenance->revision)) ||
         std::ranges::any_of(finding.set_by,
                             [&](const auto& set) { return has(revisions, set.second.revision); });
}

bool a_look_before(const Finding& finding) {
  return finding.since.agreed != Time{};
}

enum class Edit { No, Yes, Maybe };

/// Whether it is there since the file of what set it has changed, and the database has not.
Edit by_an_edit(const Finding& finding, const std::vector<std::string>& edited) {
  if (edited.empty() || finding.since.same_expected) return Edit::No;
  const bool set = set_by_any_of(finding, edited);
  if (came_with_files(finding)) return set || !finding.provenance ? Edit::Yes : Edit::No;
  if (!set) return Edit::No;
  return a_look_before(finding) ? Edit::Maybe : Edit::Yes;
}

const HistoryStatus& history_of(const Report& report) {
  static const HistoryStatus none;
  return report.history ? *report.history : none;
}

}  // namespace

bool CauseSearch::excluded(const Standing& standing, const Finding& finding) const {
  if (came_with_files(finding)) return true;
  const std::vector<std::string>& edited = history_of(report_).edited;
  const bool seen_otherwise = a_look_before(finding);
  const bool later = standing.kind == Standing::Kind::Later || standing.pending;
  if (later) {
    // What an edited file no longer makes may have become a pending one.
    return !edited.empty() && !finding.since.same_expected;
  }
  // With the same revisions in its version table the database has looked otherwise.
  if (seen_otherwise && finding.since.same_revisions) return true;
  return std::ranges::any_of(standing.revisions,
                             [&](const std::string& one) { return has(edited, one); });
}

CauseSearch::CauseSearch(const Report& report) : report_(report) {
  for (const Finding& finding : report.findings) by_object_.push_back(&finding);
  std::ranges::sort(
      by_object_, {}, [](const Finding* finding) -> const auto& { return finding->drift.object; });
}

const Finding* CauseSearch::finding_of(const Drift& drift) const {
  const auto object = [](const Finding* finding) -> const auto& {
    return finding->drift.object;
  };
  for (const Finding* finding : std::ranges::equal_range(by_object_, drift.object, {}, object)) {
    if (finding->drift == drift) return finding;
  }
  return nullptr;
}

bool CauseSearch::may_explain(const std::vector<Drift>& left) const {
  return left.size() < report_.findings.size() &&
         std::ranges::all_of(left, [&](const Drift& one) { return finding_of(one) != nullptr; });
}

void CauseSearch::consider(const Standing& standing, const std::vector<Drift>& left) {
  if (!may_explain(left)) return;
  std::set<const Finding*> same;
  for (const Drift& drift : left) same.insert(finding_of(drift));
  std::vector<std::string> explained;
  for (const Finding& finding : report_.findings) {
    if (same.contains(&finding)) continue;
    if (excluded(standing, finding)) return;
    explained.push_back(finding.fingerprint);
  }
  std::ranges::sort(explained);
  if (!best_ || best_->explained.size() < explained.size()) {
    best_ = Match{standing, std::move(explained), false};
  } else if (best_->explained == explained) {
    prefer(standing);
  } else if (best_->explained.size() == explained.size()) {
    best_->ambiguous = true;
  }
}

void CauseSearch::prefer(const Standing& standing) {
  using Kind = Standing::Kind;
  Standing& best = best_->standing;
  const bool both_within = best.kind == Kind::Within && standing.kind == Kind::Within;
  if (both_within && best.revisions == standing.revisions) {
    best.done = standing.done;  // the statements between change nothing that is compared
    best.to = standing.to;
  } else if (best.kind == Kind::Earlier ? standing.kind == Kind::Earlier
                                        : best.kind == Kind::Within && !both_within) {
    best = standing;
  }
}

void CauseSearch::settle(Report& report, bool complete) const {
  const HistoryStatus& history = history_of(report);
  report.causes.clear();
  const bool told = best_ && !best_->ambiguous;
  if (told) report.causes.push_back(named(best_->standing, history));
  if (best_ && best_->ambiguous) complete = false;
  std::vector<std::string> edited;
  bool by_hand = false;
  for (Finding& finding : report.findings) {
    finding.cause.reset();
    if (told && std::ranges::binary_search(best_->explained, finding.fingerprint)) {
      finding.cause = report.causes.front().cause;
      continue;
    }
    const Edit edit = by_an_edit(finding, history.edited);
    if (edit == Edit::Yes) {
      finding.cause = Cause::EditedAfterApplied;
      for (const std::string& revision : history.edited) {
        const bool set = !finding.provenance || set_by_any_of(finding, {revision});
        if (set && !has(edited, revision)) edited.push_back(revision);
      }
    } else if (complete && edit == Edit::No && !came_with_files(finding)) {
      finding.cause = Cause::ChangedByHand;
      by_hand = true;
    }
  }
  if (!edited.empty()) {
    report.causes.push_back(
        {Cause::EditedAfterApplied,
         fmt::format("{} edited after being applied: the database has what {} said before",
                     were(edited), edited.size() == 1 ? "its file" : "their files"),
         edited,
         {}});
  }
  if (by_hand) {
    report.causes.push_back(
        {Cause::ChangedByHand,
         "no migration does this: somebody, or something, changed the database beside them",
         {},
         {}});
  }
}

NamedCause rolled_back(const HistoryStatus& history) {
  return {Cause::RolledBackImage,
          fmt::format(
              "the database has {}, which no file is: a newer release migrated it, and the "
              "files are of an older one{}",
              listed(history.unknown),
              history.heads.empty() ? "" : fmt::format(" that ends at {}", listed(history.heads))),
          history.unknown,
          {}};
}

}  // namespace driftd

#include "daemon/judge/causes.h"

#include <gmock/gmock.h>

#include "daemon/judge/judge.h"

namespace driftd {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Optional;

Time at(int seconds) {
  return Time{} + std::chrono::seconds(1000 + seconds);
}

Drift missing(const std::string& column) {
  return {{"column", column}, DriftKind::Missing, {}, {{"type", "text", {}}}, 0, {}};
}
Drift unexpected(const std::string& column) {
  return {{"column", column}, DriftKind::Unexpected, {}, {{"type", {}, "text"}}, 0, {}};
}
Drift changed(const std::string& column, const std::string& actual = "int") {
  return {{"column", column}, DriftKind::Changed, {{"type", "text", actual}}, {}, 0, {}};
}

/// At the first look, of a database that says that it has 3 and whose files go on to 5.
Report report_of(std::vector<Drift> drifts) {
  Report report;
  report.name = "app";
  report.history = HistoryStatus{"alembic", {"3"}, {"5"}, {"4", "5"}, {}, {}, 3};
  judge(report, std::move(drifts), Policy{1}, nullptr, at(0));
  return report;
}

Standing earlier(std::vector<std::string> revisions, const std::string& last) {
  return {Standing::Kind::Earlier, std::move(revisions), last, false, 0, 0, {}, {}};
}
Standing later(std::vector<std::string> revisions) {
  return {Standing::Kind::Later, std::move(revisions), {}, false, 0, 0, {}, {}};
}
Standing within(const std::string& revision, std::size_t done, bool pending = false) {
  const int line = static_cast<int>(done) + 1;
  return {Standing::Kind::Within,     {revision}, {}, pending, done, 7, {revision + ".py", line, 0},
          {revision + ".py", line, 0}};
}

struct Considered {
  Standing standing;
  std::vector<Drift> left;
};

Report settled(Report report, const std::vector<Considered>& states, bool complete = true) {
  CauseSearch search(report);
  for (const Considered& one : states) search.consider(one.standing, one.left);
  Report result = report;
  search.settle(result, complete);
  return result;
}

std::vector<std::string> causes(const Report& report) {
  std::vector<std::string> names;
  for (const NamedCause& one : report.causes) names.emplace_back(name_of(one.cause));
  return names;
}

TEST(Causes, StampedIsTheNewestStateThatExplainsAll) {
  const Report report = settled(report_of({missing("a"), missing("b")}),
                                {{earlier({"1", "2", "3"}, ""), {}},
                                 {earlier({"2", "3"}, "1"), {}},  // 1 changes nothing compared
                                 {earlier({"3"}, "2"), {missing("a")}}});
  ASSERT_EQ(report.causes.size(), 1U);
  EXPECT_EQ(report.causes[0].cause, Cause::StampedNotApplied);
  EXPECT_THAT(report.causes[0].revisions, ElementsAre("2", "3"));
  EXPECT_EQ(report.causes[0].sentence,
            "the version table says 3, and the database is as 1 leaves it: 2, 3 were stamped and "
            "never run here, or undone by hand");
  for (const Finding& finding : report.findings) {
    EXPECT_THAT(finding.cause, Optional(Cause::StampedNotApplied));
  }
}

TEST(Causes, AnUnrelatedFindingIsNoObstacleAndHasACauseOfItsOwn) {
  const Report report =
      settled(report_of({missing("a"), changed("z")}), {{earlier({"3"}, "2"), {changed("z")}}});
  EXPECT_THAT(causes(report), ElementsAre("stamped_not_applied", "changed_by_hand"));
  EXPECT_THAT(report.findings[0].cause, Optional(Cause::StampedNotApplied));
  EXPECT_THAT(report.findings[1].cause, Optional(Cause::ChangedByHand));
}

TEST(Causes, AreNotNamedWhereTheStateDiffersInAnythingElse) {
  // In another object, in the same one otherwise, in more than there are findings.
  for (const std::vector<Drift>& left : {std::vector<Drift>{missing("b")},
                                         {changed("z", "bigint")},
                                         {missing("a"), changed("z")},
                                         {missing("a"), changed("z"), missing("c")}}) {
    const Report report =
        settled(report_of({missing("a"), changed("z")}), {{earlier({"3"}, "2"), left}});
    EXPECT_THAT(causes(report), ElementsAre("changed_by_hand")) << left.size();
  }
}

TEST(Causes, ALookThatSawTheSameRevisionsOtherwiseSpeaksAgainstAStamp) {
  Report report = report_of({missing("a")});
  report.findings[0].since.agreed = at(-10);
  const std::vector<Considered> states{{earlier({"3"}, "2"), {}}, {within("3", 2), {}}};
  EXPECT_THAT(causes(settled(report, states)), ElementsAre("stamped_not_applied"));
  report.findings[0].since.same_revisions = true;
  EXPECT_THAT(causes(settled(report, states)), ElementsAre("changed_by_hand"));
  // Pending revisions are run, or half run, while the version table stays.
  EXPECT_THAT(causes(settled(report, {{later({"4"}), {}}})), ElementsAre("applied_not_stamped"));
}

TEST(Causes, AppliedIsTheFirstStateThatExplainsAll) {
  const Report report = settled(report_of({unexpected("a")}),
                                {{earlier({"3"}, "2"), {unexpected("a")}},
                                 {within("4", 2, true), {}},  // the rest of 4 changes nothing
                                 {later({"4"}), {}},
                                 {later({"4", "5"}), {}}});
  ASSERT_EQ(report.causes.size(), 1U);
  EXPECT_EQ(report.causes[0].cause, Cause::AppliedNotStamped);
  EXPECT_THAT(report.causes[0].revisions, ElementsAre("4"));
  EXPECT_THAT(report.causes[0].sentence, HasSubstr("4 was run and not written down"));
}

TEST(Causes, HalfAppliedSaysHowFarAndWhere) {
  Report report = settled(report_of({unexpected("a")}),
                          {{within("4", 2, true), {}}, {within("4", 4, true), {unexpected("a")}}});
  ASSERT_EQ(report.causes.size(), 1U);
  EXPECT_EQ(report.causes[0].cause, Cause::HalfApplied);
  EXPECT_EQ(
      report.causes[0].sentence,
      "of the pending revision 4 2 of 7 statements are there: it stopped at 4.py:3, or they were "
      "run by hand");
  EXPECT_EQ(report.causes[0].place.line, 3);
  // Statements that change nothing may or may not have run.
  report = settled(report_of({missing("a")}), {{within("3", 2), {}}, {within("3", 3), {}}});
  EXPECT_EQ(report.causes[0].sentence,
            "of the revision 3 3 of 7 statements are there: it stopped between 3.py:3 and 3.py:4");
}

TEST(Causes, TwoStatesThatExplainDifferentFindingsAreNoAnswer) {
  const std::vector<Drift> drifts{missing("a"), unexpected("b")};
  const Report report =
      settled(report_of(drifts), {{earlier({"3"}, "2"), {drifts[1]}}, {later({"4"}), {drifts[0]}}});
  EXPECT_THAT(report.causes, IsEmpty());
  EXPECT_EQ(report.findings[0].cause, std::nullopt);
  // One that explains both is.
  EXPECT_THAT(causes(settled(report_of(drifts), {{earlier({"3"}, "2"), {drifts[1]}},
                                                 {later({"4"}), {drifts[0]}},
                                                 {within("4", 1, true), {}}})),
              ElementsAre("half_applied"));
}

TEST(Causes, OfAnIncompleteSearchNobodyIsAccused) {
  const Report report = settled(report_of({missing("a")}), {}, false);
  EXPECT_THAT(report.causes, IsEmpty());
  EXPECT_EQ(report.findings[0].cause, std::nullopt);
}

Report edited_report() {
  Report report = report_of({missing("a"), missing("z")});
  report.history->edited = {"2"};
  report.findings[0].provenance = Provenance{"2", "", {"2.py", 4}};
  report.findings[1].provenance = Provenance{"1", "", {"1.py", 4}};
  return report;
}

TEST(Causes, EditedIsWhatAnEditedFileSets) {
  const Report report = settled(edited_report(), {});
  EXPECT_THAT(causes(report), ElementsAre("edited_after_applied", "changed_by_hand"));
  EXPECT_THAT(report.findings[0].cause, Optional(Cause::EditedAfterApplied));
  EXPECT_THAT(report.findings[1].cause, Optional(Cause::ChangedByHand));
  EXPECT_EQ(report.causes[0].sentence,
            "2 was edited after being applied: the database has what its file said before");
}

TEST(Causes, AnEditIsTheCauseOnlyWhereTheFilesHaveMoved) {
  Report report = edited_report();
  Since& since = report.findings[0].since;
  since = {at(-10), {}, true, true, false};  // the database stood still
  EXPECT_THAT(settled(report, {}).findings[0].cause, Optional(Cause::EditedAfterApplied));
  since = {at(-10), {}, true, false, true};  // it was edited before, and the database moved now
  EXPECT_THAT(settled(report, {}).findings[0].cause, Optional(Cause::ChangedByHand));
  since = {at(-10), {}, true, false, false};  // both have moved
  EXPECT_EQ(settled(report, {}).findings[0].cause, std::nullopt);
}

TEST(Causes, WhatCameWithFilesAndNoEditIsNobodysHand) {
  Report report = report_of({missing("a")});
  report.findings[0].since = {at(-10), {}, true, true, false};  // a module that migrations import
  const Report result = settled(report, {{earlier({"3"}, "2"), {}}});
  EXPECT_EQ(result.findings[0].cause, std::nullopt);
  EXPECT_THAT(result.causes, IsEmpty());
}

TEST(Causes, AnEditedRevisionIsNotCalledStampedNorHalfApplied) {
  Report report = report_of({missing("a")});
  report.history->edited = {"3"};
  report.findings[0].provenance = Provenance{"3", "", {"3.py", 4}};
  EXPECT_THAT(causes(settled(report, {{earlier({"3"}, "2"), {}}, {within("3", 1), {}}})),
              ElementsAre("edited_after_applied"));
}

TEST(Causes, ARolledBackImageNamesWhatNoFileIs) {
  HistoryStatus history{"alembic", {"6"}, {"5"}, {}, {"6"}, {}, 0};
  const NamedCause cause = rolled_back(history);
  EXPECT_EQ(cause.cause, Cause::RolledBackImage);
  EXPECT_THAT(cause.revisions, ElementsAre("6"));
  EXPECT_THAT(cause.sentence, HasSubstr("the database has 6, which no file is"));
}

TEST(Causes, HaveNamesOfTheirOwn) {
  std::set<std::string_view> names;
  for (const Cause cause : all_causes()) EXPECT_TRUE(names.insert(name_of(cause)).second);
  EXPECT_EQ(names.size(), 6U);
  EXPECT_FALSE(is_shared(Cause::ChangedByHand));
}

}  // namespace
}  // namespace driftd

#include "daemon/judge/judge.h"

#include <gmock/gmock.h>

#include <set>
#include <utility>

namespace driftd {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Time at(int seconds) {
  return Time{} + std::chrono::seconds(1000 + seconds);
}

Drift changed(const std::string& column, const std::string& actual,
              const std::string& property = "type") {
  return {{"column", column}, DriftKind::Changed, {{property, "text", actual}}, {}, 0,
          std::nullopt};
}

Report look(std::vector<Drift> drifts, const Report* previous, int seconds, int confirm_looks = 2) {
  Report report;
  report.name = "app";
  judge(report, std::move(drifts), Policy{confirm_looks}, previous, at(seconds));
  return report;
}

TEST(Judge, NothingIsInSync) {
  const Report report = look({}, nullptr, 0);
  EXPECT_TRUE(report.in_sync());
  EXPECT_EQ(report.looked, at(0));
}

TEST(Judge, ConfirmsAtTheSecondLook) {
  const Report first = look({changed("a", "int")}, nullptr, 0);
  ASSERT_EQ(first.findings.size(), 1U);
  EXPECT_EQ(first.findings[0].state, FindingState::Seen);
  EXPECT_EQ(first.findings[0].looks, 1);
  EXPECT_EQ(first.confirmed(), 0U);
  EXPECT_FALSE(first.in_sync());

  const Report second = look({changed("a", "int")}, &first, 5);
  EXPECT_EQ(second.findings[0].state, FindingState::Confirmed);
  EXPECT_EQ(second.findings[0].looks, 2);
  EXPECT_EQ(second.findings[0].first_seen, at(0));
  EXPECT_EQ(second.confirmed(), 1U);
}

TEST(Judge, OneLookIsEnoughWhereThePolicySaysSo) {
  EXPECT_EQ(look({changed("a", "int")}, nullptr, 0, 1).confirmed(), 1U);
}

TEST(Judge, AnotherValueStartsAnew) {
  const Report first = look({changed("a", "int")}, nullptr, 0);
  const Report second = look({changed("a", "bigint")}, &first, 5);
  EXPECT_EQ(second.findings[0].state, FindingState::Seen);
  EXPECT_EQ(second.findings[0].first_seen, at(5));
  EXPECT_EQ(second.findings[0].looks, 1);
  EXPECT_EQ(second.findings[0].fingerprint, first.findings[0].fingerprint);
}

TEST(Judge, AConfirmedFindingWhoseValueChangesStaysConfirmed) {
  const Report first = look({changed("a", "int")}, nullptr, 0);
  const Report second = look({changed("a", "int")}, &first, 5);
  const Report third = look({changed("a", "bigint")}, &second, 10);
  EXPECT_EQ(third.findings[0].state, FindingState::Confirmed);
  EXPECT_EQ(third.findings[0].first_seen, at(0));
  EXPECT_EQ(third.findings[0].looks, 1);
  EXPECT_THAT(third.resolved, IsEmpty());
}

TEST(Judge, AFindingThatComesBackStartsAnew) {
  const Report first = look({changed("a", "int")}, nullptr, 0);
  const Report gone = look({}, &first, 5);
  EXPECT_THAT(gone.resolved, IsEmpty());  // it never counted
  const Report back = look({changed("a", "int")}, &gone, 10);
  EXPECT_EQ(back.findings[0].state, FindingState::Seen);
  EXPECT_EQ(back.findings[0].first_seen, at(10));
}

TEST(Judge, TellsWhatIsResolvedOnce) {
  const Report first = look({changed("a", "int"), changed("b", "int")}, nullptr, 0);
  const Report second = look({changed("a", "int"), changed("b", "int")}, &first, 5);
  const Report third = look({changed("b", "int")}, &second, 10);
  ASSERT_EQ(third.resolved.size(), 1U);
  EXPECT_EQ(third.resolved[0].drift.object.identity, "a");
  EXPECT_THAT(look({changed("b", "int")}, &third, 15).resolved, IsEmpty());
  EXPECT_THAT(renew(third, Policy{}, {}, at(15)).resolved, IsEmpty());
}

Report look_during(std::optional<Deployment> deployment, std::vector<Drift> drifts,
                   const Report* previous, int seconds, Policy policy) {
  Report report;
  report.name = "app";
  report.deployment = std::move(deployment);
  judge(report, std::move(drifts), policy, previous, at(seconds));
  return report;
}

TEST(Judge, ADeploymentIsWaitedForButNotForLong) {
  const Policy policy{2, std::chrono::seconds(60)};
  const Deployment deployment{at(0), {"process 7 builds an index"}};
  const Report first = look_during(deployment, {changed("a", "int")}, nullptr, 0, policy);
  const Report second = look_during(deployment, {changed("a", "int")}, &first, 5, policy);
  EXPECT_EQ(second.findings[0].looks, 2);
  EXPECT_EQ(second.findings[0].state, FindingState::Seen);
  EXPECT_FALSE(second.in_sync());
  const Report third = renew(second, policy, deployment, at(59));
  EXPECT_EQ(third.findings[0].state, FindingState::Seen);
  EXPECT_EQ(renew(third, policy, std::nullopt, at(59)).findings[0].state, FindingState::Confirmed)
      << "the deployment has ended";
  EXPECT_EQ(renew(third, policy, deployment, at(60)).findings[0].state, FindingState::Confirmed)
      << "nothing hides longer";
  EXPECT_EQ(look_during(deployment, {changed("a", "int")}, &third, 60, policy).confirmed(), 1U);
}

TEST(Judge, WhoAsksOnceDoesNotWaitForADeployment) {
  const Policy policy{2, std::chrono::seconds(60), false};
  const Deployment deployment{at(0), {"process 7 builds an index"}};
  const Report first = look_during(deployment, {changed("a", "int")}, nullptr, 0, policy);
  EXPECT_EQ(look_during(deployment, {changed("a", "int")}, &first, 1, policy).confirmed(), 1U);
}

TEST(Judge, WhatWasConfirmedStaysSoDuringADeployment) {
  const Policy policy{2, std::chrono::seconds(60)};
  const Report first = look({changed("a", "int")}, nullptr, 0);
  const Report second = look({changed("a", "int")}, &first, 5);
  const Deployment deployment{at(6), {"process 7 builds an index"}};
  EXPECT_EQ(renew(second, policy, deployment, at(7)).confirmed(), 1U);
  EXPECT_EQ(look_during(deployment, {changed("a", "bigint")}, &second, 7, policy).confirmed(), 1U);
}

TEST(Judge, AnObjectThatStillDriftsIsNotResolved) {
  const Report first = look({changed("a", "int")}, nullptr, 0, 1);
  const Report second = look({changed("a", "true", "not_null")}, &first, 5, 1);
  EXPECT_THAT(second.resolved, IsEmpty());
  EXPECT_NE(second.findings[0].fingerprint, first.findings[0].fingerprint);
}

TEST(Judge, RenewIsOneMoreLook) {
  const Report first = look({changed("a", "int")}, nullptr, 0);
  const Report second = renew(first, Policy{2}, {}, at(5));
  EXPECT_EQ(second.looked, at(5));
  EXPECT_EQ(second.findings[0].looks, 2);
  EXPECT_EQ(second.findings[0].state, FindingState::Confirmed);
  EXPECT_EQ(second.findings[0].first_seen, at(0));
  EXPECT_EQ(renew(first, Policy{3}, {}, at(5)).findings[0].state, FindingState::Seen);
}

TEST(Judge, WorstFirstThenByObject) {
  const Drift comment{{"comment", "x"}, DriftKind::Missing, {}, {}, 0, std::nullopt};
  const Drift risky{{"index", "x"}, DriftKind::Missing, {}, {{"unique", "false", {}}}, 0,
                    std::nullopt};
  const Report report =
      look({comment, risky, changed("b", "int"), changed("a", "int")}, nullptr, 0);
  std::vector<std::string> order;
  for (const Finding& finding : report.findings) order.push_back(to_string(finding.drift.object));
  EXPECT_THAT(order, ElementsAre("column a", "column b", "index x", "comment x"));
}

TEST(Judge, FingerprintsTellDriftsApartAndNotValues) {
  std::set<std::string> prints;
  const auto print = [&](const std::string& database, Drift drift) {
    Report report;
    report.name = database;
    judge(report, {std::move(drift)}, Policy{}, nullptr, at(0));
    return report.findings[0].fingerprint;
  };
  const std::string base = print("app", changed("a", "int"));
  EXPECT_EQ(base.size(), 16U);
  EXPECT_EQ(base.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_EQ(base, print("app", changed("a", "bigint")));
  Drift both{{"column", "a"}, DriftKind::Changed, {{"x", "1", "2"}, {"y", "1", "2"}}, {}, 0, {}};
  const std::string in_order = print("app", both);
  std::swap(both.differences[0], both.differences[1]);
  EXPECT_EQ(in_order, print("app", both));

  prints.insert(base);
  EXPECT_TRUE(prints.insert(in_order).second);
  EXPECT_TRUE(prints.insert(print("other", changed("a", "int"))).second);
  EXPECT_TRUE(prints.insert(print("app", changed("b", "int"))).second);
  EXPECT_TRUE(prints.insert(print("app", changed("a", "int", "default"))).second);
  EXPECT_TRUE(
      prints.insert(print("app", {{"column", "a"}, DriftKind::Missing, {}, {}, 0, {}})).second);
  EXPECT_TRUE(
      prints.insert(print("app", {{"index", "a"}, DriftKind::Missing, {}, {}, 0, {}})).second);
}

TEST(Judge, AFingerprintIsTheSameInEveryRelease) {
  EXPECT_EQ(look({changed("app.users.phone", "int")}, nullptr, 0).findings[0].fingerprint,
            "ccac9d121c2d0893");
}

/// Alerts, waivers and links of every team hang on these.
TEST(Judge, FingerprintsArePinned) {
  const auto print = [](Drift drift) {
    return look({std::move(drift)}, nullptr, 0).findings[0].fingerprint;
  };
  EXPECT_EQ(print({{"table", "app.users"}, DriftKind::Missing, {}, {}, 3, {}}), "eb2c346d59136d49");
  EXPECT_EQ(print({{"index", "app.ix_users"}, DriftKind::Unexpected, {}, {}, 0, {}}),
            "ffba3de15274d012");
  EXPECT_EQ(print({{"view", "app.\"Odd Näme\""},
                   DriftKind::Changed,
                   {{"definition", "a", "b"}},
                   {},
                   0,
                   {}}),
            "a8ec10c586792c1f");
  EXPECT_EQ(print({{"column", "app.users.a"},
                   DriftKind::Changed,
                   {{"type", "a", "b"}, {"not_null", "true", "false"}},
                   {},
                   0,
                   {}}),
            "bcf5d950c26840b9");
  EXPECT_EQ(print({{"table", "app.users"},
                   DriftKind::Renamed,
                   {{"name", "app.users", "app.people"}},
                   {},
                   0,
                   {}}),
            "7c11ee160fd38eb3");
}

/// What is found out later about a finding does not make it another one.
TEST(Judge, CauseAndSinceAreNoPartOfAFingerprint) {
  Report first = look({changed("a", "int")}, nullptr, 0);
  const std::string print = first.findings[0].fingerprint;
  first.findings[0].cause = Cause::HalfApplied;
  first.findings[0].since.committed = at(-5);
  const Report second = look({changed("a", "int")}, &first, 5);
  EXPECT_EQ(second.findings[0].fingerprint, print);
  EXPECT_EQ(second.findings[0].cause, Cause::HalfApplied) << "until it is asked for anew";
  EXPECT_EQ(second.findings[0].since.committed, at(-5));
}

TEST(Judge, AFindingCameAfterTheLastLookThatDidNotSeeIt) {
  const Report first = look({}, nullptr, 0);
  const Report second = look({changed("a", "int")}, &first, 5);
  EXPECT_EQ(second.findings[0].since.agreed, at(0));
  // A look in between that found nothing changed is one that agreed.
  const Report later = look({changed("a", "int")}, &first, 9);
  const Report renewed = renew(later, Policy{}, std::nullopt, at(20));
  const Report last = look({changed("a", "int"), changed("b", "int")}, &renewed, 25);
  EXPECT_EQ(last.findings[0].since.agreed, at(0));
  EXPECT_EQ(last.findings[1].since.agreed, at(20));
  EXPECT_EQ(look({changed("a", "int")}, nullptr, 0).findings[0].since.agreed, Time{});
  // With other values it is the same finding still.
  EXPECT_EQ(look({changed("a", "bigint")}, &last, 30).findings[0].since.agreed, at(0));
}

TEST(Judge, TellsWhatTwoLooksHaveInCommon) {
  const auto with = [](const std::string& revision, const std::string& catalogue,
                       const std::string& expected) {
    Report report;
    report.history.emplace();
    report.history->database_revisions = {revision};
    report.fingerprint = catalogue;
    report.expected_digest = expected;
    return report;
  };
  const Report before = with("1", "c", "e");
  const Since all = since_of(before, with("1", "c", "e"));
  EXPECT_TRUE(all.same_revisions && all.same_catalogue && all.same_expected);
  EXPECT_FALSE(since_of(before, with("2", "c", "e")).same_revisions);
  EXPECT_FALSE(since_of(before, with("1", "d", "e")).same_catalogue);
  EXPECT_FALSE(since_of(before, with("1", "c", "f")).same_expected);
  EXPECT_FALSE(since_of(with("1", "", "e"), with("1", "", "e")).same_catalogue) << "not known";
}

TEST(Judge, ACommitTimeCountsBetweenTheLooks) {
  const Report before = look({}, nullptr, 0);
  const auto told = [](Report report, int seconds) {
    attach_commit_times(report, {{{"column", "a"}, at(seconds)}});
    return report.findings[0].since.committed;
  };
  const Report after = look({changed("a", "int")}, &before, 10);
  EXPECT_EQ(told(after, 4), at(4));
  EXPECT_EQ(told(after, -3), Time{}) << "another change of the row";
  EXPECT_EQ(told(after, 15), Time{}) << "a later one, or another clock";
  EXPECT_EQ(told(look({changed("a", "int")}, nullptr, 10), -3), at(-3));
  Report known = after;
  known.findings[0].since.committed = at(4);
  EXPECT_EQ(told(known, 6), at(4)) << "told once";
  // Where only the files have changed, no row of the catalogue says since when.
  Report unmoved = after;
  unmoved.findings[0].since.same_catalogue = true;
  EXPECT_EQ(told(unmoved, 4), Time{});
  // What was renamed is asked for by its name in the database.
  Report renamed =
      look({{{"table", "a"}, DriftKind::Renamed, {{"name", "a", "b"}}, {}, 0, {}}}, &before, 10);
  attach_commit_times(renamed, {{{"table", "b"}, at(4)}});
  EXPECT_EQ(renamed.findings[0].since.committed, at(4));
}

TEST(Judge, AttachesAndKeepsProvenance) {
  const Provenance provenance{"0007", "phone", {"versions/0007.py", 14}};
  const Provenance drop{"0009", "drop b", {"versions/0009.py", 3}};
  Drift extra{{"column", "b"}, DriftKind::Unexpected, {}, {}, 0, std::nullopt};
  Report first = look({changed("a", "int"), extra}, nullptr, 0);
  attach_provenance(first, {{{"column", "a"}, {drop, {{"type", provenance}, {"default", drop}}}},
                            {{"column", "b"}, {drop, {}}}});
  // What set the difference counts, not what else was done to the object.
  EXPECT_EQ(first.findings[0].provenance, provenance);
  EXPECT_EQ(first.findings[0].set_by.size(), 1U);
  EXPECT_EQ(first.findings[1].provenance, drop);
  EXPECT_EQ(look({changed("a", "int"), extra}, &first, 5).findings[0].provenance, provenance);
  EXPECT_EQ(renew(first, Policy{}, {}, at(5)).findings[0].provenance, provenance);
}

}  // namespace
}  // namespace driftd

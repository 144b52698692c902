#include "daemon/judge/tenants.h"

#include <gmock/gmock.h>

#include <utility>

namespace driftd {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

Time at(int seconds) {
  return Time{} + std::chrono::seconds(1000 + seconds);
}

Drift column(const std::string& name, const std::string& actual = "int") {
  return {{"column", name}, DriftKind::Changed, {{"type", "text", actual}}, {}, 0, std::nullopt};
}

struct Look {
  std::vector<TenantDrift> drifts;
  std::vector<std::string> unknown = {};
  Time new_until = {};  // of the tenant c
  std::optional<Deployment> deployment = {};
  std::vector<std::string> tenants = {"a", "b", "c"};
};

Report judged(Look look, const Report* previous, int seconds) {
  Report report;
  report.name = "app";
  report.deployment = std::move(look.deployment);
  for (const std::string& name : look.tenants) {
    Tenant tenant{name, {"1"}, {}, name == "c" ? look.new_until : Time{}};
    if (std::ranges::find(look.unknown, name) != look.unknown.end()) tenant.unknown = Unknown{};
    report.tenants.push_back(std::move(tenant));
  }
  Policy policy;
  policy.grace = std::chrono::minutes(5);
  judge_tenants(report, std::move(look.drifts), policy, previous, at(seconds));
  return report;
}

auto statuses(const Report& report) {
  return statuses_of_tenants(report);
}

std::vector<std::string> names(const Finding& finding) {
  std::vector<std::string> list;
  for (const Sighting& one : finding.tenants) list.push_back(one.tenant);
  return list;
}

TEST(JudgeTenants, ManyTenantsAreOneFinding) {
  const Report first = judged({{{column("x"), {"a", "b"}}}}, nullptr, 0);
  ASSERT_EQ(first.findings.size(), 1U);
  EXPECT_EQ(first.confirmed(), 0U);
  EXPECT_THAT(statuses(first), ElementsAre(Pair("a", Status::Unknown), Pair("b", Status::Unknown),
                                           Pair("c", Status::InSync)));
  const Report second = judged({{{column("x"), {"a", "b"}}}}, &first, 1);
  EXPECT_EQ(second.confirmed(), 1U);
  const TenantCounts counts = count_tenants(second);
  EXPECT_EQ(counts.drift, 2U);
  EXPECT_EQ(counts.in_sync, 1U);
  EXPECT_EQ(counts.unknown, 0U);
}

TEST(JudgeTenants, EachTenantIsConfirmedByLooksOfItsOwn) {
  const Report first = judged({{{column("x"), {"a"}}}}, nullptr, 0);
  const Report second = judged({{{column("x"), {"a", "b"}}}}, &first, 1);
  EXPECT_THAT(statuses(second), ElementsAre(Pair("a", Status::Drift), Pair("b", Status::Unknown),
                                            Pair("c", Status::InSync)));
  // The one that was confirmed is repaired, while the other has only been seen.
  const Report third = judged({{{column("x"), {"c"}}}}, &second, 2);
  EXPECT_EQ(third.findings[0].state, FindingState::Seen);
  EXPECT_EQ(third.findings[0].first_seen, at(2));
}

TEST(JudgeTenants, OtherValuesAreAnotherFinding) {
  const Report report =
      judged({{{column("x", "int"), {"a"}}, {column("x", "date"), {"b"}}}}, nullptr, 0);
  ASSERT_EQ(report.findings.size(), 2U);
  EXPECT_NE(report.findings[0].fingerprint, report.findings[1].fingerprint);
}

TEST(JudgeTenants, ALookThatFoundNothingChangedConfirmsThemToo) {
  const Report first = judged({{{column("x"), {"a"}}}}, nullptr, 0);
  const Report second = renew(first, Policy{}, {}, at(1));
  EXPECT_EQ(second.confirmed(), 1U);
  EXPECT_EQ(second.findings[0].tenants[0].state, FindingState::Confirmed);
}

TEST(JudgeTenants, ThatNothingCanBeToldOfATenantRepairsNothing) {
  const Report first = judged({{{column("x"), {"a"}}}}, nullptr, 0);
  const Report second = judged({{{column("x"), {"a"}}}}, &first, 1);
  const Report lost = judged({{}, {"a"}}, &second, 2);
  ASSERT_EQ(lost.findings.size(), 1U);
  EXPECT_EQ(lost.confirmed(), 1U);
  EXPECT_EQ(lost.findings[0].fingerprint, second.findings[0].fingerprint);
  EXPECT_THAT(lost.resolved, IsEmpty());
  EXPECT_THAT(statuses(lost), ElementsAre(Pair("a", Status::Unknown), Pair("b", Status::InSync),
                                          Pair("c", Status::InSync)));
  const Report both = judged({{{column("x"), {"b"}}}, {"a"}}, &second, 2);
  EXPECT_THAT(names(both.findings[0]), ElementsAre("a", "b"));
  const Report back = judged({{}}, &lost, 3);
  EXPECT_TRUE(back.in_sync());
  EXPECT_EQ(back.resolved.size(), 1U);
}

TEST(JudgeTenants, WhatCannotBeToldIsNotInSync) {
  const Report report = judged({{}, {"b"}}, nullptr, 0);
  EXPECT_FALSE(report.in_sync());
  EXPECT_EQ(count_tenants(report).unknown, 1U);
}

TEST(JudgeTenants, ATenantThatIsGoneHasNoDrift) {
  const Report first = judged({{{column("x"), {"a"}}}}, nullptr, 0);
  const Report second = judged({{{column("x"), {"a"}}}}, &first, 1);
  Look gone;
  gone.tenants = {"b", "c"};
  EXPECT_TRUE(judged(gone, &second, 2).in_sync());
}

TEST(JudgeTenants, ANewTenantWaitsAndTheOthersDoNot) {
  Look look{{{column("x"), {"a", "c"}}}};
  look.new_until = at(60);
  Report report = judged(look, nullptr, 0);
  report = judged(look, &report, 1);
  EXPECT_THAT(statuses(report), ElementsAre(Pair("a", Status::Drift), Pair("b", Status::InSync),
                                            Pair("c", Status::Unknown)));
  Policy policy;
  policy.grace = std::chrono::minutes(5);
  report = renew(report, policy, {}, at(61));
  EXPECT_EQ(count_tenants(report).drift, 2U);
}

TEST(JudgeTenants, AllWaitForADeployment) {
  Look look{{{column("x"), {"a"}}}};
  look.deployment = Deployment{at(0), {"a lock"}, false};
  Report report = judged(look, nullptr, 0);
  report = judged(look, &report, 1);
  EXPECT_EQ(report.confirmed(), 0U);
  report = judged({look.drifts}, &report, 2);
  EXPECT_EQ(report.confirmed(), 1U);
}

TEST(JudgeTenants, AMemoryConfirmsThem) {
  Report report = judged({{{column("x"), {"a"}}}}, nullptr, 0);
  report.findings[0].state = FindingState::Confirmed;
  report.findings[0].first_seen = at(-100);
  confirm_sightings(report);
  EXPECT_EQ(count_tenants(report).drift, 1U);
  const Report next = judged({{{column("x"), {"a"}}}}, &report, 1);
  EXPECT_EQ(next.confirmed(), 1U);
  EXPECT_EQ(next.findings[0].first_seen, at(-100));
}

}  // namespace
}  // namespace driftd

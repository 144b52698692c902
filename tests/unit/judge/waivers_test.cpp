#include "daemon/judge/waivers.h"

#include <gmock/gmock.h>

#include "daemon/judge/judge.h"

namespace driftd {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

const Time kNow = Time{} + std::chrono::hours(24 * 365 * 56);

Drift changed(std::vector<std::string> properties) {
  Drift drift{{"column", "public.users.phone"}, DriftKind::Changed, {}, {}, 0, std::nullopt};
  for (std::string& property : properties) drift.differences.push_back({property, "a", "b"});
  return drift;
}

Drift whole(DriftKind kind) {
  return {{"column", "public.users.phone"}, kind, {}, {}, 0, std::nullopt};
}

Waiver waiver(DriftKind drift, std::vector<std::string> properties = {}) {
  Waiver one;
  one.kind = "column";
  one.object = "public.users.*";
  one.drift = drift;
  one.properties = std::move(properties);
  one.until = kNow + std::chrono::hours(1);
  return one;
}

Report judged(std::vector<Drift> drifts, const std::vector<Waiver>& waivers) {
  Report report;
  judge(report, std::move(drifts), Policy{1}, nullptr, kNow);
  apply_waivers(report, waivers, kNow);
  return report;
}

TEST(Waivers, TakeAFindingOutAndKeepIt) {
  const Report report = judged({changed({"type"})}, {waiver(DriftKind::Changed, {"type"})});
  EXPECT_THAT(report.findings, IsEmpty());
  ASSERT_THAT(report.waived, SizeIs(1));
  EXPECT_EQ(report.waived[0].finding.drift.object.identity, "public.users.phone");
  EXPECT_TRUE(report.in_sync());
  EXPECT_EQ(report.confirmed(), 0U);
  EXPECT_THAT(report.unused_waivers, IsEmpty());
}

TEST(Waivers, OfOnePropertyCoverNoOther) {
  const std::vector<Waiver> type{waiver(DriftKind::Changed, {"type"})};
  EXPECT_THAT(judged({changed({"not_null"})}, type).findings, SizeIs(1));
  EXPECT_THAT(judged({changed({"type", "not_null"})}, type).findings, SizeIs(1));
  EXPECT_THAT(judged({whole(DriftKind::Missing)}, type).findings, SizeIs(1));
  EXPECT_THAT(judged({whole(DriftKind::Unexpected)}, type).findings, SizeIs(1));
  EXPECT_THAT(judged({changed({"not_null"})}, type).unused_waivers, SizeIs(1));
}

TEST(Waivers, TogetherMayCoverAllProperties) {
  EXPECT_THAT(judged({changed({"type", "not_null"})}, {waiver(DriftKind::Changed, {"type"}),
                                                       waiver(DriftKind::Changed, {"not_null"})})
                  .findings,
              IsEmpty());
  EXPECT_THAT(judged({changed({"type", "default"})}, {waiver(DriftKind::Changed, {"*"})}).findings,
              IsEmpty());
}

TEST(Waivers, AreOfOneKindOfDrift) {
  EXPECT_THAT(judged({whole(DriftKind::Missing)}, {waiver(DriftKind::Missing)}).findings,
              IsEmpty());
  EXPECT_THAT(judged({whole(DriftKind::Unexpected)}, {waiver(DriftKind::Missing)}).findings,
              SizeIs(1));
}

TEST(Waivers, AreOfOneKindOfObjectAndOneComparison) {
  Waiver other = waiver(DriftKind::Missing);
  other.kind = "table";
  EXPECT_THAT(judged({whole(DriftKind::Missing)}, {other}).findings, SizeIs(1));
  Waiver models = waiver(DriftKind::Missing);
  models.comparison = Comparison::Models;
  const Report report = judged({whole(DriftKind::Missing)}, {models});
  EXPECT_THAT(report.findings, SizeIs(1));
  EXPECT_THAT(report.unused_waivers, IsEmpty()) << "the comparison of models tells of it";
}

TEST(Waivers, EndWithTheirLastDay) {
  Waiver over = waiver(DriftKind::Missing);
  over.until = kNow;
  const Report report = judged({whole(DriftKind::Missing)}, {over});
  EXPECT_THAT(report.findings, SizeIs(1));
  EXPECT_THAT(report.waived, IsEmpty());
  EXPECT_THAT(report.expired_waivers, SizeIs(1));
  EXPECT_THAT(report.unused_waivers, IsEmpty());
}

TEST(Waivers, AGlobIsOverTheWholeIdentity) {
  Waiver one = waiver(DriftKind::Missing);
  one.object = "public.users";
  EXPECT_FALSE(covers(one, {"column", "public.users.phone"}));
  one.object = "public.users.ph?ne";
  EXPECT_TRUE(covers(one, {"column", "public.users.phone"}));
  one.object = "public.\"Odd [x]\".*";
  EXPECT_TRUE(covers(one, {"column", "public.\"Odd [x]\".a"}));
}

}  // namespace
}  // namespace driftd

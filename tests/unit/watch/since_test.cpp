#include "daemon/watch/since.h"

#include <gtest/gtest.h>

#include "daemon/judge/judge.h"

namespace driftd {
namespace {

ObjectIds ids(const std::map<ObjectId, ObjectIds::Number>& numbers,
              const std::string& database = "1 5") {
  ObjectIds result;
  result.database = database;
  for (const auto& [id, number] : numbers) result.add(id, number);
  result.sort();
  return result;
}

const ObjectId users{"table", "public.users"};
const ObjectId people{"table", "public.people"};
const ObjectId phone{"column", "public.users.phone"};
const ObjectId mobile{"column", "public.users.mobile"};

/// Of the first of the drifts.
std::optional<Fate> fate(Drift drift, const ObjectIds& before, const ObjectIds& now,
                         std::vector<Drift> others = {}) {
  Report report;
  const ObjectId id = drift.object;
  others.push_back(std::move(drift));
  judge(report, std::move(others), Policy{}, nullptr, Time{} + std::chrono::hours(1));
  tell_fates(report, before, now);
  for (const Finding& finding : report.findings) {
    if (finding.drift.object == id) return finding.fate;
  }
  return std::nullopt;
}

Drift drift(const ObjectId& id, DriftKind kind, std::optional<ObjectId> parent = {}) {
  Drift result{id, kind, {}, {}, 0, std::move(parent)};
  if (kind == DriftKind::Changed) result.differences = {{"type", "a", "b"}};
  if (kind == DriftKind::Renamed) result.differences = {{"name", "public.users", "public.people"}};
  return result;
}

using Kind = Fate::Kind;

TEST(Fates, OfWhatWasDroppedAndCreatedAgain) {
  const ObjectIds before = ids({{users, {10, 0}}, {phone, {10, 2}}});
  EXPECT_EQ(fate(drift(users, DriftKind::Changed), before, ids({{users, {11, 0}}})),
            (Fate{Kind::CreatedAgain, users}));
  EXPECT_EQ(fate(drift(users, DriftKind::Changed), before, ids({{users, {10, 0}}})), std::nullopt);
  // Of a column the table says it, if the table is another one.
  const ObjectIds again = ids({{users, {11, 0}}, {phone, {11, 2}}});
  EXPECT_EQ(fate(drift(phone, DriftKind::Changed, users), before, again),
            (Fate{Kind::CreatedAgain, users}));
  EXPECT_EQ(fate(drift(phone, DriftKind::Missing, users), before, ids({{users, {11, 0}}})),
            (Fate{Kind::CreatedAgain, users}));
  const ObjectIds column = ids({{users, {10, 0}}, {phone, {10, 7}}});
  EXPECT_EQ(fate(drift(phone, DriftKind::Changed, users), before, column),
            (Fate{Kind::CreatedAgain, phone}));
  // What has no number of its own (a constraint) has that of its table.
  EXPECT_EQ(
      fate(drift({"constraint", "c on public.users"}, DriftKind::Changed, users), before, again),
      (Fate{Kind::CreatedAgain, users}));
}

TEST(Fates, OfWhatHasAnotherName) {
  const ObjectIds before = ids({{users, {10, 0}}, {phone, {10, 2}}});
  const ObjectIds now = ids({{people, {10, 0}}, {mobile, {10, 2}}});
  const Drift gone = drift(users, DriftKind::Missing);
  const Drift there = drift(people, DriftKind::Unexpected);
  EXPECT_EQ(fate(gone, before, now, {there}), (Fate{Kind::Renamed, people}));
  EXPECT_EQ(fate(there, before, now, {gone}), (Fate{Kind::WasCalled, users}));
  EXPECT_EQ(
      fate(drift(mobile, DriftKind::Unexpected), before, now, {drift(phone, DriftKind::Missing)}),
      (Fate{Kind::WasCalled, phone}));
  EXPECT_EQ(fate(drift(users, DriftKind::Renamed), before, now), (Fate{Kind::Renamed, people}));
  EXPECT_EQ(fate(drift(users, DriftKind::Renamed), before, ids({{people, {12, 0}}})),
            (Fate{Kind::NotTheSame, users}));
  EXPECT_EQ(fate(gone, before, ids({}), {there}), std::nullopt);
  EXPECT_EQ(fate(there, before, ids({{people, {12, 0}}}), {gone}), std::nullopt);
}

TEST(Fates, AreNotToldWithoutALookBeforeNorOfAnotherDatabase) {
  const ObjectIds now = ids({{users, {11, 0}}});
  EXPECT_EQ(fate(drift(users, DriftKind::Changed), {}, now), std::nullopt);
  EXPECT_EQ(fate(drift(users, DriftKind::Changed), ids({{users, {10, 0}}}, "2 5"), now),
            std::nullopt);
}

}  // namespace
}  // namespace driftd

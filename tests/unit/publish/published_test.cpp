#include <gtest/gtest.h>

#include "tests/unit/publish/sample.h"

namespace driftd {
namespace {

TEST(Published, IsInSyncOnlyWhenTheNewestLookSaidSo) {
  EXPECT_EQ(in_sync()->status(), Status::InSync);
  EXPECT_EQ(never_looked()->status(), Status::Unknown);
  auto failed = in_sync();
  failed->unknown = not_understood();
  EXPECT_EQ(failed->status(), Status::Unknown);
}

TEST(Published, IsDriftWhenAFindingIsConfirmed) {
  EXPECT_EQ(published(sample_report())->status(), Status::Drift);
  EXPECT_EQ(unknown(0)->status(), Status::Unknown);  // drift was seen, but not by this look
}

TEST(Published, IsUndecidedWhileFindingsAreOnlySeen) {
  Report report = sample_report();
  for (Finding& finding : report.findings) finding.state = FindingState::Seen;
  EXPECT_EQ(published(report)->status(), Status::Unknown);
}

}  // namespace
}  // namespace driftd

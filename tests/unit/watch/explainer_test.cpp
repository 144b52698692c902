#include "daemon/watch/explainer.h"

#include <gtest/gtest.h>

namespace driftd {
namespace {

Finding finding(const std::string& column, const std::string& actual) {
  Finding one;
  one.fingerprint = column;
  one.drift = {{"column", column}, DriftKind::Changed, {{"type", "text", actual}}, {}, 0, {}};
  return one;
}

TEST(Explained, TakesWhatIsToldOfTheSameFindings) {
  Report answer;
  answer.findings = {finding("a", "int"), finding("b", "int")};
  for (Finding& one : answer.findings) {
    one.provenance = Provenance{"7", "", {}};
    one.cause = Cause::ChangedByHand;
  }
  answer.causes = {{Cause::ChangedByHand, "no migration does this", {}, {}}};
  answer.notes = {"known", "a replay failed"};

  Report report;
  report.findings = {finding("a", "int"), finding("b", "date"), finding("c", "int")};
  report.findings[0].looks = 9;  // newer than what was asked of
  report.notes = {"known"};
  const Report told = explained(report, answer);
  EXPECT_EQ(told.findings[0].provenance->revision, "7");
  EXPECT_EQ(told.findings[0].cause, Cause::ChangedByHand);
  EXPECT_EQ(told.findings[0].looks, 9);
  EXPECT_FALSE(told.findings[1].provenance);  // it differs in another value now
  EXPECT_FALSE(told.findings[2].cause);
  EXPECT_EQ(told.causes.size(), 1U);
  EXPECT_EQ(told.notes, (std::vector<std::string>{"known", "a replay failed"}));
}

}  // namespace
}  // namespace driftd

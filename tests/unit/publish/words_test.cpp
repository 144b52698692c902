#include "daemon/publish/words.h"

#include <gtest/gtest.h>

#include "tests/unit/publish/sample.h"

namespace driftd {
namespace {

TEST(Words, Times) {
  EXPECT_EQ(rfc3339(at(0.25)), "2026-03-01T02:00:00.250Z");
  EXPECT_EQ(rfc3339(Time{}), "");
  EXPECT_EQ(for_people(at(61)), "2026-03-01 02:01:01 UTC");
  EXPECT_EQ(for_people(Time{}), "never");
}

TEST(Words, Durations) {
  using std::chrono::seconds;
  const auto words = [](int count) {
    return for_people(std::chrono::milliseconds(seconds(count)));
  };
  EXPECT_EQ(words(-5), "0 s");
  EXPECT_EQ(words(119), "119 s");
  EXPECT_EQ(words(120), "2 min");
  EXPECT_EQ(words(7199), "119 min");
  EXPECT_EQ(words(7200), "2 h");
  EXPECT_EQ(words(48 * 3600), "2 days");
}

TEST(Words, Summaries) {
  EXPECT_EQ(summary(*published(sample_report())),
            "3 findings: 3 breaking; 1 finding seen, to be confirmed by the next look");
  EXPECT_EQ(summary(*in_sync()), "the database looks as its applied migrations say");
  EXPECT_EQ(summary(*unknown(0)), "op.bulk_insert is not interpreted");
  EXPECT_EQ(status_words(*unknown(0)), "cannot tell");
  EXPECT_EQ(status_words(*never_looked()), "not looked yet");
}

TEST(Words, TenantsThatCannotBeToldForOneReasonAreTogether) {
  Report report = tenants_report();
  for (Tenant* tenant : {&report.tenants[2], &report.tenants[3]}) {
    tenant->unknown = report.tenants[4].unknown;
    tenant->unknown->message = "the version table " + tenant->schema + ".v may not be read";
  }
  report.tenants[3].unknown->reason = Reason::Query;
  const auto groups = unknown_tenants(report);
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].schemas, (std::vector<std::string>{"t3", "t5<b>"}));
  EXPECT_EQ(groups[1].schemas, (std::vector<std::string>{"t4"}));
}

TEST(Words, ATenantThatCannotBeToldIsNeverConfirming) {
  Report report = tenants_report();
  report.findings[0].state = FindingState::Seen;
  EXPECT_EQ(status_words(*published(report)), "cannot tell");
}

TEST(Words, FewOfManyNames) {
  EXPECT_EQ(few_of({"a", "b"}, 2), "a, b");
  EXPECT_EQ(few_of({"a", "b", "c"}, 2), "a, b and 1 more");
}

TEST(Words, StepsBehindAFinding) {
  const auto words = [](const Finding& finding) {
    std::string text;
    for (const Step& step : steps_behind(finding))
      text += step.words + " " + step.by.revision + "|";
    return text;
  };
  Finding finding = sample_report().findings[0];
  EXPECT_EQ(words(finding), "type set by revision 0007_phone|not_null set by revision 0006_users|");
  finding.set_by.find("not_null")->second = *finding.provenance;
  EXPECT_EQ(words(finding), "set by revision 0007_phone|");
  finding.drift.kind = DriftKind::Unexpected;
  EXPECT_EQ(words(finding), "dropped by revision 0007_phone|");
  finding.provenance.reset();
  EXPECT_EQ(words(finding), "");
}

TEST(Words, FindingsExpireAfterThreeIntervalsWithoutAGoodLook) {
  EXPECT_FALSE(findings_expired(*unknown(9), at(0)));
  EXPECT_TRUE(findings_expired(*unknown(9.5), at(0)));
  EXPECT_FALSE(findings_expired(*published(sample_report()), at(1000)));
}

}  // namespace
}  // namespace driftd

// What a reviewer of a pull request is shown.
#include "daemon/publish/in_review.h"

#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "tests/unit/publish/sample.h"

namespace driftd {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

AllPublished models() {
  return {with_models()->models};
}

TEST(InReview, AFindingIsAtTheModelThatDeclaresIt) {
  const auto remarks = remarks_of(models(), "");
  ASSERT_EQ(remarks.size(), 2U);
  EXPECT_EQ(remarks[0].rule, "not-understood");
  EXPECT_EQ(remarks[0].level, Remark::Level::Warning);
  EXPECT_EQ(remarks[1].rule, "missing-column");
  EXPECT_EQ(remarks[1].level, Remark::Level::Error);
  EXPECT_EQ(remarks[1].place.file, "app/models/user.py");
  EXPECT_EQ(remarks[1].place.line, 31);
}

TEST(InReview, PathsAreToldFromTheCheckout) {
  auto published = with_models();
  Report report = *published->models->last_good;
  report.findings[0].declared->place.file = "/src/shop/app/models.py";
  report.unread[0].place.file = "/usr/lib/elsewhere.py";
  const auto remarks = remarks_of({driftd::published(report)}, "/src/shop");
  EXPECT_EQ(remarks[1].place.file, "app/models.py");
  EXPECT_EQ(remarks[0].place.file, "/usr/lib/elsewhere.py");
}

TEST(InReview, GithubTakesOneLineARemark) {
  const std::string text = github_text(remarks_of(models(), ""));
  EXPECT_THAT(text, StartsWith("::warning file=app/models/audit.py,line=12,title=driftd%3A "
                               "the model Audit is not understood::the type Special"));
  EXPECT_THAT(text,
              HasSubstr("\n::error file=app/models/user.py,line=31,title=driftd%3A breaking"));
  EXPECT_EQ(std::ranges::count(text, '\n'), 2);
}

TEST(InReview, WhatOthersNamedEndsNoCommand) {
  const std::string text = github_text(
      {{Remark::Level::Note, "r", "a,b:c\n::error::x", "100%\r\n::y", {"f,1:2.py", 3, 4}, ""}});
  EXPECT_EQ(text,
            "::notice file=f%2C1%3A2.py,line=3,col=4,title=driftd%3A a%2Cb%3Ac%0A%3A%3Aerror%3A%3Ax"
            "::100%25%0D%0A::y\n");
}

TEST(InReview, SarifHasPlacesFingerprintsAndRules) {
  const auto root = boost::json::parse(sarif_text(remarks_of(models(), ""), "1.2.3"));
  const auto& run = root.at("runs").at(0);
  EXPECT_EQ(root.at("version"), "2.1.0");
  EXPECT_EQ(run.at("tool").at("driver").at("semanticVersion"), "1.2.3");
  EXPECT_EQ(run.at("tool").at("driver").at("rules").as_array().size(), 2U);
  EXPECT_EQ(run.at("invocations").at(0).at("executionSuccessful"), false);
  const auto& finding = run.at("results").at(1);
  EXPECT_EQ(finding.at("ruleId"), "missing-column");
  EXPECT_EQ(finding.at("level"), "error");
  const auto& place = finding.at("locations").at(0).at("physicalLocation");
  EXPECT_EQ(place.at("artifactLocation").at("uri"), "app/models/user.py");
  EXPECT_EQ(place.at("region").at("startLine"), 31);
  EXPECT_EQ(finding.at("partialFingerprints").at("driftd/v1").as_string().size(), 16U);
}

TEST(InReview, ALookThatCouldNotTellIsAnError) {
  const auto remarks = remarks_of({unknown(500)}, "");
  ASSERT_EQ(remarks.size(), 1U);
  EXPECT_EQ(remarks[0].rule, "cannot-tell");
  EXPECT_EQ(remarks[0].place.line, 21);
  EXPECT_THAT(github_text(remarks),
              StartsWith("::error file=versions/0008_audit.py,line=21,col=5"));
  EXPECT_THAT(sarif_text(remarks, "1"), HasSubstr("\"executionSuccessful\":false"));
}

TEST(InReview, TenantsThatCannotBeToldAreAnError) {
  const auto remarks = remarks_of({published(tenants_report())}, "");
  ASSERT_EQ(remarks.size(), 2U);
  EXPECT_EQ(remarks[0].title, "app: driftd cannot tell of 1 tenant: t5<b>");
  EXPECT_NE(remarks[1].text.find("in 3 tenants: t1, t2, t3"), std::string::npos);
}

TEST(InReview, OfNothingIsNothing) {
  EXPECT_EQ(github_text(remarks_of({in_sync()}, "")), "");
  EXPECT_THAT(sarif_text({}, "1"), HasSubstr("\"results\":[]"));
}

TEST(InReview, HostileNamesStayJson) {
  const auto remarks = remarks_of({hostile()}, "");
  EXPECT_NO_THROW(boost::json::parse(sarif_text(remarks, "1")));
}

}  // namespace
}  // namespace driftd

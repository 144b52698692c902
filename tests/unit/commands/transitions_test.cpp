#include "daemon/commands/transitions.h"

#include <gmock/gmock.h>

namespace driftd {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// The lines at info and above, as `level message`.
std::vector<std::string> lines(Transitions& transitions, const Published& published) {
  std::vector<std::string> result;
  for (const Event& event : transitions.next(published)) {
    if (event.level != log::Level::Debug) result.push_back(event.message);
  }
  return result;
}

Finding finding(const std::string& fingerprint, FindingState state) {
  Finding result;
  result.fingerprint = fingerprint;
  result.state = state;
  return result;
}

Published looked(std::vector<Finding> findings) {
  auto report = std::make_shared<Report>();
  report->findings = std::move(findings);
  Published published;
  published.name = "app";
  published.looks = 1;
  published.last_good = std::move(report);
  return published;
}

Published failed(const std::string& message) {
  Published published = looked({});
  Unknown unknown;
  unknown.stage = "connect";
  unknown.reason = Reason::Connect;
  unknown.message = message;
  published.unknown = unknown;
  return published;
}

TEST(Transitions, SpeakOnceAChange) {
  Transitions transitions;
  EXPECT_THAT(lines(transitions, looked({})), ElementsAre("the status changed"));
  EXPECT_THAT(lines(transitions, looked({})), IsEmpty());
  const Published drift = looked({finding("a", FindingState::Confirmed)});
  EXPECT_THAT(lines(transitions, drift), ElementsAre("drift", "the status changed"));
  EXPECT_THAT(lines(transitions, drift), IsEmpty());
  EXPECT_THAT(lines(transitions, looked({finding("a", FindingState::Confirmed),
                                         finding("b", FindingState::Confirmed)})),
              ElementsAre("drift"));
  EXPECT_THAT(lines(transitions, looked({finding("b", FindingState::Confirmed)})),
              ElementsAre("resolved"));
  EXPECT_THAT(lines(transitions, looked({})), ElementsAre("resolved", "the status changed"));
}

TEST(Transitions, ACauseIsToldOnceItIsKnown) {
  Transitions transitions;
  Published published = looked({finding("a", FindingState::Confirmed)});
  EXPECT_THAT(lines(transitions, published), ElementsAre("drift", "the status changed"));
  Report named = *published.last_good;
  named.findings[0].cause = Cause::HalfApplied;
  named.causes = {{Cause::HalfApplied, "of 3 1 of 2 statements are there", {"3"}, {"3.py", 4, 0}}};
  published.last_good = std::make_shared<const Report>(named);
  const std::vector<Event> events = transitions.next(published);
  EXPECT_EQ(events[0].message, "cause");
  EXPECT_EQ(events[0].level, log::Level::Warn);
  using Field = std::pair<std::string, std::string>;
  EXPECT_THAT(events[0].fields, testing::Contains(Field("cause", "half_applied")));
  EXPECT_THAT(events[0].fields, testing::Contains(Field("place", "3.py:4")));
  EXPECT_THAT(lines(transitions, published), IsEmpty());
  // What does not count yet has none.
  named.findings[0].state = FindingState::Seen;
  published.last_good = std::make_shared<const Report>(named);
  Transitions others;
  EXPECT_THAT(lines(others, published), ElementsAre("the status changed"));
}

TEST(Transitions, TenantsThatCannotBeToldAreToldOnce) {
  Transitions transitions;
  Report report;
  report.tenants = {{"a", {}, {}, {}}, {"b", {}, {}, {}}};
  report.tenants[0].unknown = Unknown{};
  report.tenants[0].unknown->message = "no table";
  const auto told = [&](const Report& given) {
    Published published;
    published.looks = 1;
    published.last_good = std::make_shared<const Report>(given);
    std::size_t count = 0;
    for (const Event& event : transitions.next(published)) {
      if (event.message == "cannot tell of tenants") ++count;
    }
    return count;
  };
  EXPECT_EQ(told(report), 1U);
  EXPECT_EQ(told(report), 0U);
  report.tenants[1].unknown = report.tenants[0].unknown;
  EXPECT_EQ(told(report), 1U);
  report.tenants[0].unknown.reset();
  EXPECT_EQ(told(report), 0U);
  report.tenants[0].unknown = report.tenants[1].unknown;
  EXPECT_EQ(told(report), 1U);
}

TEST(Transitions, AFindingThatIsOnlySeenIsNoDrift) {
  Transitions transitions;
  lines(transitions, looked({}));
  EXPECT_THAT(lines(transitions, looked({finding("a", FindingState::Seen)})),
              ElementsAre("the status changed"));
}

TEST(Transitions, AFailureIsToldOncePerReasonAndHidesNoFinding) {
  Transitions transitions;
  lines(transitions, looked({finding("a", FindingState::Confirmed)}));
  EXPECT_THAT(lines(transitions, failed("refused")),
              ElementsAre("cannot tell", "the status changed"));
  EXPECT_THAT(lines(transitions, failed("refused")), IsEmpty());
  EXPECT_THAT(lines(transitions, failed("timed out")), ElementsAre("cannot tell"));
  EXPECT_THAT(lines(transitions, looked({finding("a", FindingState::Confirmed)})),
              ElementsAre("the status changed"));
}

TEST(Transitions, NothingIsSaidBeforeTheFirstLook) {
  Transitions transitions;
  Published published;
  published.name = "app";
  EXPECT_THAT(lines(transitions, published), IsEmpty());
}

}  // namespace
}  // namespace driftd

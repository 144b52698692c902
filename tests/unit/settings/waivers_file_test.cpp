#include "daemon/settings/waivers_file.h"

#include <gmock/gmock.h>

#include "expected_schema/base/text.h"

namespace driftd {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string mistakes(const std::string& text) {
  try {
    parse_waivers(text, "w.yaml");
  } catch (const Error& error) {
    EXPECT_EQ(error.reason(), Reason::Settings);
    return error.message();
  }
  return {};
}

TEST(WaiversFile, SaysWhatIsWaivedWhyByWhomAndUntilWhen) {
  const auto waivers = parse_waivers(
      "waivers:\n"
      "  - kind: column\n    object: public.users.*\n    drift: changed\n"
      "    properties: [type, not_null]\n    comparison: models\n    reason: soon\n    by: ines\n"
      "    until: 2026-12-31\n"
      "  - {kind: index, object: public.ix, drift: unexpected, reason: r, by: b, until: "
      "2028-02-29}\n",
      "w.yaml");
  ASSERT_EQ(waivers.size(), 2U);
  EXPECT_EQ(waivers[0].object, "public.users.*");
  EXPECT_EQ(waivers[0].comparison, Comparison::Models);
  EXPECT_THAT(waivers[0].properties, ElementsAre("type", "not_null"));
  EXPECT_EQ(waivers[0].place.line, 2);
  // 2027-01-01 00:00 UTC
  EXPECT_EQ(std::chrono::system_clock::to_time_t(waivers[0].until), 1798761600);
  EXPECT_EQ(waivers[1].drift, DriftKind::Unexpected);
  EXPECT_EQ(waivers[1].comparison, Comparison::Database);
  const auto forever = parse_waivers(
      "waivers: [{kind: a, object: b, drift: missing, reason: r, by: b, until: 9999-12-31}]", "w");
  EXPECT_GT(forever[0].until, waivers[1].until);
}

TEST(WaiversFile, MayBeEmpty) {
  EXPECT_THAT(parse_waivers("", "w.yaml"), IsEmpty());
  EXPECT_THAT(parse_waivers("waivers: []\n", "w.yaml"), IsEmpty());
  EXPECT_THAT(parse_waivers(read_file(DRIFTD_SOURCE_DIR "/config/waivers.yaml"), "w"), IsEmpty());
}

TEST(WaiversFile, EveryMistakeIsToldWithItsPlace) {
  const std::string told = mistakes(
      "waivers:\n"
      "  - kind: column\n    object: x\n    drift: gone\n    reson: r\n    by: b\n"
      "    until: 2026-02-30\n"
      "  - {kind: table, object: x, drift: missing, properties: [type], reason: r, by: b,\n"
      "     until: tomorrow}\n"
      "  - {kind: table, object: x, drift: changed, reason: r, by: b, until: 2026-01-01}\n"
      "  - 3\n");
  EXPECT_THAT(told, HasSubstr("w.yaml:4:12: drift must be missing, unexpected, changed or renamed, "
                              "not gone"));
  EXPECT_THAT(told, HasSubstr("w.yaml:5:5: unknown key reson; did you mean reason?"));
  EXPECT_THAT(told, HasSubstr("w.yaml:2:5: the waiver has no reason"));
  EXPECT_THAT(told, HasSubstr("w.yaml:7:12: until must be a day such as 2026-12-31"));
  EXPECT_THAT(told, HasSubstr("w.yaml:8:5: properties belong to a waiver with drift: changed"));
  EXPECT_THAT(told, HasSubstr("w.yaml:9:13: until must be a day"));
  EXPECT_THAT(told, HasSubstr("w.yaml:10:5: the waiver of a change must name the properties"));
  EXPECT_THAT(told, HasSubstr("w.yaml:11:5: a waiver must be a group of keys"));
  EXPECT_THAT(mistakes("waiver: []\n"), HasSubstr("w.yaml:1:1: unknown key waiver"));
  EXPECT_THAT(mistakes("- a\n"), HasSubstr("the file must hold waivers:"));
  EXPECT_THAT(mistakes("waivers: {a: b}\n"), HasSubstr("waivers must be a list"));
  EXPECT_THAT(mistakes("waivers: [\n"), HasSubstr("w.yaml:"));
}

}  // namespace
}  // namespace driftd

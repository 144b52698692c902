// Who made a finding, as each form shows it.
#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "tests/unit/publish/sample.h"

namespace driftd {
namespace {

using testing::HasSubstr;
using testing::Not;

ChangedBy night_shift() {
  ChangedBy by;
  by.at = at(-301);
  by.login_role = "ines";
  by.acting_role = "dba";
  by.application = "psql";
  by.client = "10.0.0.7";
  by.pid = 4711;
  by.tag = "ALTER TABLE";
  by.object = "app.users";
  by.statement = "ALTER TABLE app.users\n  ALTER phone TYPE varchar(20)";
  by.others = 1;
  return by;
}

std::shared_ptr<Published> with(const ChangedBy& by) {
  Report report = sample_report();
  report.findings.front().changed_by = by;
  return published(std::move(report));
}

TEST(ChangedByShown, InWords) {
  ChangedBy by = night_shift();
  EXPECT_EQ(who_words(by), "by ines (as dba) with psql from 10.0.0.7");
  by.acting_role = "ines";
  by.client.clear();
  by.certain = false;
  EXPECT_EQ(who_words(by), "perhaps by ines with psql");
  by.application.clear();
  EXPECT_EQ(who_words(by), "perhaps by ines");
}

TEST(ChangedByShown, OnTheTerminal) {
  const std::string text = terminal_text(*with(night_shift()), TerminalStyle{});
  EXPECT_THAT(text, HasSubstr("    by ines (as dba) with psql from 10.0.0.7, "
                              "2026-03-01 01:54:59 UTC: ALTER TABLE\n"
                              "      ALTER TABLE app.users\n"
                              "        ALTER phone TYPE varchar(20)\n"
                              "      1 more command is in question\n"
                              "    first seen "));
}

TEST(ChangedByShown, OnThePage) {
  const std::string html = page_html({with(night_shift())}, at(0));
  EXPECT_THAT(html, HasSubstr("<p class=\"changed-by\">Changed by ines (as dba) with psql from "
                              "10.0.0.7, <time datetime=\"2026-03-01T01:54:59.000Z\""));
  EXPECT_THAT(html, HasSubstr("1 more command is in question"));
  EXPECT_THAT(html, HasSubstr("<pre class=\"statement\" tabindex=\"0\">ALTER TABLE app.users\n"));
}

TEST(ChangedByShown, AsJson) {
  const auto finding = [](const ChangedBy& by) {
    return boost::json::parse(json_text(*with(by))).at("report").at("findings").at(0);
  };
  const boost::json::value by = finding(night_shift()).at("changed_by");
  const std::string expected =
      R"x({"time":"2026-03-01T01:54:59.000Z","role":"ines","acting_role":"dba",)x"
      R"x("application":"psql","client":"10.0.0.7","pid":4711,"tag":"ALTER TABLE",)x"
      R"x("object":"app.users",)x"
      R"x("statement":"ALTER TABLE app.users\n  ALTER phone TYPE varchar(20)",)x"
      R"x("certain":true,"others":1})x";
  EXPECT_EQ(boost::json::serialize(by), expected);
  ChangedBy local = night_shift();
  local.client.clear();
  local.statement.reset();
  EXPECT_TRUE(finding(local).at("changed_by").at("client").is_null());
  EXPECT_TRUE(finding(local).at("changed_by").at("statement").is_null());
  const auto root = boost::json::parse(json_text(*published(sample_report())));
  EXPECT_TRUE(root.at("report").at("findings").at(0).at("changed_by").is_null());
}

TEST(ChangedByShown, ASecretsPlaceIsTold) {
  ChangedBy by = night_shift();
  by.statement.reset();
  EXPECT_THAT(terminal_text(*with(by), TerminalStyle{}), HasSubstr("it may hold a secret"));
  EXPECT_THAT(page_html({with(by)}, at(0)), HasSubstr("it may hold a secret"));
}

TEST(ChangedByShown, NothingThatAClientSentIsMoreThanText) {
  ChangedBy by = night_shift();
  by.login_role = "<b>me";
  by.application = "<script>alert(1)</script>\x1B[2J";
  by.statement = "SELECT '</pre><script>alert(2)</script>\x1B[31m\xFF'";
  const std::string html = page_html({with(by)}, at(0));
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("<b>")));
  EXPECT_THAT(html, Not(HasSubstr("\x1B")));
  const std::string text = terminal_text(*with(by), TerminalStyle{});
  EXPECT_THAT(text, Not(HasSubstr("\x1B")));
  EXPECT_NO_THROW(boost::json::parse(json_text(*with(by))));
}

}  // namespace
}  // namespace driftd

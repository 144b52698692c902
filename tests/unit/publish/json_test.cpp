#include <gmock/gmock.h>
#include <boost/json.hpp>

#include "expected_schema/base/text.h"
#include "tests/unit/publish/sample.h"

namespace driftd {
namespace {

namespace json = boost::json;

json::object parsed(const std::string& text) {
  return json::parse(text).as_object();
}

TEST(Json, SaysEverythingOfAReport) {
  const json::object root = parsed(json_text(*published(sample_report())));
  EXPECT_EQ(root.at("schema_version"), 1);
  EXPECT_EQ(root.at("name"), "app");
  EXPECT_EQ(root.at("status"), "drift");
  EXPECT_EQ(root.at("looked"), "2026-03-01T02:00:00.000Z");
  EXPECT_EQ(root.at("interval_seconds"), 3.0);
  EXPECT_TRUE(root.at("unknown").is_null());
  const json::object& report = root.at("report").as_object();
  EXPECT_EQ(report.at("server").at("version"), "15.6");
  EXPECT_EQ(report.at("history").at("applied"), 7);
  EXPECT_EQ(report.at("history").at("pending").at(0), "0008_audit");
  EXPECT_EQ(report.at("history").at("edited").at(0), "0003_index");
  EXPECT_EQ(report.at("objects"), 128);
  const json::array& findings = report.at("findings").as_array();
  ASSERT_EQ(findings.size(), 4U);
  const json::object& phone = findings[0].as_object();
  EXPECT_EQ(phone.at("object").at("kind"), "column");
  EXPECT_EQ(phone.at("object").at("identity"), "app.users.phone");
  EXPECT_EQ(phone.at("parent").at("identity"), "app.users");
  EXPECT_EQ(phone.at("drift"), "changed");
  EXPECT_EQ(phone.at("impact"), "breaking");
  EXPECT_EQ(phone.at("state"), "confirmed");
  EXPECT_EQ(phone.at("fingerprint").as_string().size(), 16U);
  EXPECT_EQ(phone.at("first_seen"), "2026-03-01T01:55:00.000Z");
  EXPECT_EQ(phone.at("differences").at(0).at("property"), "type");
  EXPECT_EQ(phone.at("differences").at(0).at("expected"), "text");
  EXPECT_EQ(phone.at("differences").at(0).at("actual"), "character varying(20)");
  EXPECT_EQ(phone.at("provenance").at("revision"), "0007_phone");
  EXPECT_EQ(phone.at("provenance").at("place").at("line"), 14);
  EXPECT_TRUE(phone.at("provenance").at("place").at("column").is_null());
  EXPECT_TRUE(findings[1].at("provenance").is_null());
  EXPECT_EQ(phone.at("differences").at(0).at("provenance").at("revision"), "0007_phone");
  EXPECT_EQ(phone.at("differences").at(1).at("provenance").at("place").at("line"), 9);
  EXPECT_TRUE(findings[1].at("properties").at(0).at("actual").is_null());
  EXPECT_EQ(findings[3].at("state"), "seen");
  EXPECT_EQ(findings[3].at("contained"), 6);
}

TEST(Json, SaysWhatIsMadeAtRunTimeAndWhatAPartitionIsHeldAgainst) {
  Report report = sample_report();
  report.run_time = sample_run_time();
  report.findings[0].drift.like = ObjectId{"column", "app.people.phone"};
  const json::object root = parsed(json_text(*published(report)));
  const json::object& told = root.at("report").as_object();
  EXPECT_EQ(told.at("made_at_run_time"), json::parse(R"({"objects": 18, "partitions": [
              {"parent": "app.events", "objects": 14, "gone": 0},
              {"parent": "app.logs", "objects": 1, "gone": 2}], "declared": [
              {"pattern": "app.customer_*", "objects": 3, "gone": 1, "used": true},
              {"pattern": "app.<nobody>_*", "objects": 0, "gone": 0, "used": false}]})"));
  EXPECT_EQ(told.at("findings").at(0).at("like"),
            json::parse(R"({"kind": "column", "identity": "app.people.phone"})"));
  EXPECT_TRUE(told.at("findings").at(1).at("like").is_null());
}

TEST(Json, SaysWhereItComesFromAndSinceWhen) {
  const json::object root = parsed(json_text(*published(explained_report())));
  const json::object& report = root.at("report").as_object();
  const json::array& causes = report.at("causes").as_array();
  ASSERT_EQ(causes.size(), 2U) << "none without a finding";
  EXPECT_EQ(causes[0].at("cause"), "stamped_not_applied");
  EXPECT_EQ(causes[0].at("revisions").at(0), "7");
  EXPECT_EQ(causes[0].at("findings"), 2);
  EXPECT_TRUE(causes[0].at("place").is_null());
  const json::array& findings = report.at("findings").as_array();
  EXPECT_EQ(findings[0].at("cause"), "stamped_not_applied");
  EXPECT_TRUE(findings[0].at("since").at("after").is_null());
  EXPECT_EQ(findings[1].at("since").at("after"), "2026-03-01T01:54:57.000Z");
  EXPECT_EQ(findings[1].at("since").at("before"), "2026-03-01T01:55:00.000Z");
  EXPECT_TRUE(findings[1].at("since").at("at").is_null());
  EXPECT_EQ(findings[2].at("since").at("at"), "2026-03-01T01:54:59.000Z");
  EXPECT_EQ(findings[2].at("object_id").at("is"), "created_again");
  EXPECT_EQ(findings[2].at("object_id").at("object").at("identity"), "app.balances");
  EXPECT_TRUE(findings[3].at("cause").is_null());
  EXPECT_TRUE(findings[3].at("object_id").is_null());
}

TEST(Json, SaysWhyItCannotTell) {
  const json::object root = parsed(json_text(*unknown(60)));
  EXPECT_EQ(root.at("status"), "unknown");
  const json::object& why = root.at("unknown").as_object();
  EXPECT_EQ(why.at("stage"), "replay");
  EXPECT_EQ(why.at("reason"), "not_understood");
  EXPECT_EQ(why.at("message"), "op.bulk_insert is not interpreted");
  EXPECT_EQ(why.at("hint"), "Write it as op.execute, or run driftd with a baseline.");
  EXPECT_EQ(why.at("place").at("file"), "versions/0008_audit.py");
  EXPECT_EQ(why.at("place").at("column"), 5);
  EXPECT_EQ(why.at("since"), "2026-03-01T01:59:00.000Z");
  EXPECT_EQ(why.at("history").at("tool"), "alembic");
  EXPECT_FALSE(root.at("report").is_null());
}

TEST(Json, BeforeTheFirstLookIsNullAndNotInSync) {
  const json::object root = parsed(json_text(*never_looked()));
  EXPECT_EQ(root.at("status"), "unknown");
  EXPECT_TRUE(root.at("report").is_null());
  EXPECT_TRUE(root.at("looked").is_null());
}

TEST(Json, OfHostileNamesParsesBack) {
  const std::string text = json_text({hostile(), in_sync()});
  EXPECT_EQ(valid_utf8(text), text);
  const json::object root = parsed(text);
  EXPECT_EQ(root.at("schema_version"), 1);
  ASSERT_EQ(root.at("databases").as_array().size(), 2U);
  const json::value& findings = root.at("databases").at(0).at("report").at("findings");
  EXPECT_EQ(findings.at(2).at("object").at("identity"), "app.\"line\nbreak\"");
}

TEST(Json, HasTheTenants) {
  const auto value = boost::json::parse(json_text(*published(tenants_report())));
  const auto& report = value.at("report");
  const auto& tenants = report.at("tenants").as_array();
  ASSERT_EQ(tenants.size(), 5U);
  EXPECT_EQ(tenants[0].at("status").as_string(), "drift");
  EXPECT_EQ(tenants[2].at("status").as_string(), "unknown");
  EXPECT_TRUE(tenants[2].at("unknown").is_null());
  EXPECT_EQ(tenants[3].at("status").as_string(), "in_sync");
  EXPECT_EQ(tenants[3].at("revisions").as_array().size(), 1U);
  EXPECT_EQ(tenants[4].at("unknown").at("reason").as_string(), "permission");
  EXPECT_EQ(report.at("findings").at(0).at("tenants").as_array().size(), 3U);
}

TEST(Json, OfNothingIsAnEmptyList) {
  EXPECT_TRUE(parsed(json_text(AllPublished{})).at("databases").as_array().empty());
}

TEST(Json, HasTheModelsBesideTheDatabase) {
  const json::object root = parsed(json_text(*with_models()));
  EXPECT_EQ(root.at("status"), "in_sync");
  const json::object& models = root.at("models").as_object();
  EXPECT_EQ(models.at("status"), "drift");
  const json::object& report = models.at("report").as_object();
  const json::object& finding = report.at("findings").at(0).as_object();
  EXPECT_EQ(finding.at("comparison"), "models");
  EXPECT_EQ(finding.at("declared").at("revision"), "User.phone");
  EXPECT_EQ(finding.at("declared").at("place").at("line"), 31);
  EXPECT_EQ(report.at("unread").at(0).at("table"), "audit");
  EXPECT_TRUE(parsed(json_text(*in_sync())).at("models").is_null());
}

}  // namespace
}  // namespace driftd

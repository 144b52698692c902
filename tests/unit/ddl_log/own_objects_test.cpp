#include "daemon/ddl_log/own_objects.h"

#include <gmock/gmock.h>

#include "tests/unit/compare/catalogue_of.h"

namespace driftd::ddl_log {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Given privilege(const std::string& identity, const std::string& kind, const std::string& parent,
                const std::string& given) {
  return {"privilege", identity, kind, parent, {{"privileges", given}}};
}

GivenObjects installed() {
  return {
      schema("driftd"),
      table("driftd.ddl_log"),
      column("driftd.ddl_log", "statement", 14),
      {"constraint", "ddl_log_pkey on driftd.ddl_log", "table", "driftd.ddl_log", {}},
      {"sequence", "driftd.ddl_log_id_seq", "column", "driftd.ddl_log.id", {}},
      {"function", "driftd.log_ddl()", "schema", "driftd", {}},
      {"event trigger", "driftd_ddl_log", "", "", {}},
      {"event trigger", "driftd_ddl_log_drop", "", "", {}},
      {"comment", "schema driftd", "schema", "driftd", {}},
      privilege("guest on schema driftd", "schema", "driftd", "USAGE"),
      privilege("guest on table driftd.ddl_log", "table", "driftd.ddl_log", "SELECT"),
      privilege("PUBLIC on function driftd.log_ddl()", "function", "driftd.log_ddl()", "-EXECUTE")};
}

std::vector<std::string> left(GivenObjects objects) {
  std::vector<std::string> names;
  const Catalogue others = without_own_objects(catalogue_of(objects));
  for (const Object& object : others.objects()) names.push_back(to_string(object.id()));
  return names;
}

TEST(DdlLogOwnObjects, AreLeftOut) {
  EXPECT_THAT(left(installed()), IsEmpty());
  EXPECT_TRUE(has_own_objects(catalogue_of(installed())));
}

TEST(DdlLogOwnObjects, NothingElseIs) {
  GivenObjects objects = installed();
  objects.push_back(table("driftd.theirs"));
  objects.push_back(column("driftd.ddl_log", "more", 15));
  objects.push_back({"function", "driftd.log_ddl(integer)", "schema", "driftd", {}});
  objects.push_back({"event trigger", "driftd_ddl_log_2", "", "", {}});
  objects.push_back(
      privilege("app on table driftd.ddl_log", "table", "driftd.ddl_log", "DELETE, SELECT"));
  objects.push_back(table("app.ddl_log"));
  EXPECT_THAT(
      left(objects),
      ElementsAre("column driftd.ddl_log.more", "event trigger driftd_ddl_log_2",
                  "function driftd.log_ddl(integer)", "privilege app on table driftd.ddl_log",
                  "table app.ddl_log", "table driftd.theirs"));
}

TEST(DdlLogOwnObjects, ASchemaOfThatNameIsSomebodys) {
  EXPECT_THAT(left({schema("driftd"), table("driftd.theirs")}),
              ElementsAre("schema driftd", "table driftd.theirs"));
  EXPECT_FALSE(has_own_objects(catalogue_of({schema("driftd"), table("driftd.theirs")})));
}

}  // namespace
}  // namespace driftd::ddl_log

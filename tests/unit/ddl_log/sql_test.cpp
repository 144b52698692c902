#include "daemon/ddl_log/sql.h"

#include <gmock/gmock.h>

namespace driftd::ddl_log {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(DdlLogSql, FillsInWhatIsAskedFor) {
  const std::string plain = install_sql({});
  EXPECT_THAT(plain, HasSubstr("CREATE TABLE IF NOT EXISTS driftd.ddl_log"));
  EXPECT_THAT(plain, HasSubstr("--   GRANT SELECT ON TABLE driftd.ddl_log TO \"driftd\";"));
  EXPECT_THAT(plain, Not(HasSubstr("\nGRANT ")));
  const std::string asked = install_sql({"a \"guest\"", true});
  EXPECT_THAT(asked, HasSubstr("CREATE UNLOGGED TABLE IF NOT EXISTS driftd.ddl_log"));
  EXPECT_THAT(asked, HasSubstr("\nGRANT USAGE ON SCHEMA driftd TO \"a \"\"guest\"\"\";\n"));
  for (const std::string& sql : {plain, asked}) {
    EXPECT_THAT(sql, Not(HasSubstr("{persistence}")));
    EXPECT_THAT(sql, Not(HasSubstr("{grants}")));
  }
}

TEST(DdlLogSql, TheFunctionFailsOpen) {
  EXPECT_THAT(std::string(function_body()), HasSubstr("EXCEPTION WHEN OTHERS THEN"));
  EXPECT_TRUE(function_body().starts_with("\nDECLARE\n"));
  EXPECT_TRUE(function_body().ends_with("END\n"));
}

}  // namespace
}  // namespace driftd::ddl_log

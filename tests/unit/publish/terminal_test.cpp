#include <gmock/gmock.h>

#include <algorithm>

#include "expected_schema/base/text.h"
#include "tests/unit/publish/sample.h"

namespace driftd {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string shown(const std::shared_ptr<Published>& published, bool colour = false) {
  return terminal_text(*published, TerminalStyle{colour});
}

TEST(Terminal, InSyncIsThreeLines) {
  EXPECT_EQ(shown(in_sync()),
            "app: in sync - the database looks as its applied migrations say\n"
            "  PostgreSQL 15.6, 128 objects compared\n"
            "  alembic at 0007_phone, 7 migrations applied\n"
            "  1 migration pending (no drift): 0008_audit\n"
            "  1 migration edited after being applied: 0003_index\n");
}

TEST(Terminal, AFindingSaysWhatAndWhyAndSinceWhen) {
  EXPECT_THAT(shown(published(sample_report())),
              HasSubstr("breaking  column app.users.phone has changed\n"
                        "    app.users.phone is character varying(20) and not text: writes of "
                        "values that do not fit fail, and reads give the app another type\n"
                        "    type      expected  text\n"
                        "              actual    character varying(20)\n"
                        "    not_null  expected  false\n"
                        "              actual    true\n"
                        "    type set by revision 0007_phone (versions/0007_phone.py:14)\n"
                        "    not_null set by revision 0006_users (versions/0006_users.py:9)\n"
                        "    first seen 2026-03-01 01:55:00 UTC, finding "));
}

TEST(Terminal, FindingsStandUnderTheirCause) {
  const std::string text = shown(published(explained_report()));
  std::vector<std::size_t> order;
  for (const char* part :
       {"stamped and not applied (2 findings): the version table says 7", "column app.users.phone",
        "index app.ix_users_email", "changed by hand (1 finding): no migration",
        "view app.balances", "table app.users_backup"}) {
    order.push_back(text.find(part));
  }
  EXPECT_TRUE(std::ranges::is_sorted(order)) << text;
  EXPECT_LT(order.back(), text.size());
  EXPECT_THAT(text, Not(HasSubstr("of nothing that is left")));
  EXPECT_THAT(text, HasSubstr("    since a moment between 2026-03-01 01:54:57 UTC and "
                              "2026-03-01 01:55:00 UTC\n"));
  EXPECT_THAT(text, HasSubstr("    view app.balances is no longer the object it was: dropped and "
                              "created again\n    since 2026-03-01 01:54:59 UTC\n"));
}

TEST(Terminal, SaysOfWhichTenantsItIs) {
  const std::string text = terminal_text(*published(tenants_report()), {});
  EXPECT_THAT(text, HasSubstr("in 3 tenants: t1, t2, t3"));
  EXPECT_THAT(text, HasSubstr("5 tenants: 1 in sync, 2 drift, 2 cannot be told"));
  EXPECT_THAT(text, HasSubstr("cannot tell of 1 tenant: t5<b>"));
  EXPECT_THAT(text, HasSubstr("try      GRANT it"));
}

TEST(Terminal, WhatIsMadeAtRunTimeIsCounted) {
  Report report = sample_report();
  report.findings.clear();
  report.run_time = sample_run_time();
  const std::string text = shown(published(report));
  EXPECT_THAT(text, HasSubstr("  made at run time: 14 partitions of app.events, 1 partition of "
                              "app.logs (2 more that are expected are gone), 3 objects named "
                              "app.customer_* (1 more that is expected is gone)\n"));
  EXPECT_THAT(text, HasSubstr("  note: made_at_run_time: nothing is called app.<nobody>_*\n"));
}

TEST(Terminal, ALongDefinitionIsADiff) {
  const std::string text = shown(published(sample_report()));
  EXPECT_THAT(text, HasSubstr("      -      JOIN app.transactions"));
  EXPECT_THAT(text, HasSubstr("      +      LEFT JOIN app.transactions"));
}

TEST(Terminal, UnknownSaysWhatToTry) {
  EXPECT_EQ(shown(unknown(60)),
            "app: cannot tell\n"
            "  failed   at the stage replay (not_understood)\n"
            "  because  op.bulk_insert is not interpreted\n"
            "  at       versions/0008_audit.py:21:5\n"
            "  try      Write it as op.execute, or run driftd with a baseline.\n"
            "  since    2026-03-01 01:59:00 UTC\n"
            "  alembic at 0007_phone, 7 migrations applied\n"
            "  1 migration pending (no drift): 0008_audit\n"
            "  1 migration edited after being applied: 0003_index\n");
}

TEST(Terminal, ColoursOnlyWhenAsked) {
  EXPECT_THAT(shown(published(sample_report())), Not(HasSubstr("\x1B")));
  EXPECT_THAT(shown(published(sample_report()), true), HasSubstr("\x1B[1;31m"));
}

TEST(Terminal, NoNameReachesTheTerminalAsACommand) {
  const std::string text = shown(hostile());
  EXPECT_THAT(text, Not(HasSubstr("\x1B")));
  EXPECT_THAT(text, HasSubstr("\\x1b[31mred"));
  EXPECT_THAT(text, HasSubstr("line\\x0abreak"));
  EXPECT_EQ(valid_utf8(text), text);
}

}  // namespace
}  // namespace driftd

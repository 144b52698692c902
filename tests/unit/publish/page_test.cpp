#include <gmock/gmock.h>

#include <algorithm>

#include "expected_schema/base/text.h"
#include "tests/unit/publish/sample.h"

namespace driftd {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Page, EscapesEverythingThatOthersNamed) {
  for (const std::string& html :
       {page_html({hostile()}, at(0)), database_html(*hostile(), at(0))}) {
    EXPECT_THAT(html, Not(HasSubstr("<script")));
    EXPECT_THAT(html, Not(HasSubstr("<b>")));
    EXPECT_THAT(html, Not(HasSubstr("<i>")));
    EXPECT_THAT(html, HasSubstr("app.&quot;&lt;script&gt;alert(1)&lt;/script&gt;&quot;"));
    EXPECT_THAT(html, HasSubstr("app.&quot;a&quot;&quot;b&#39;c&amp;d&quot;"));
    EXPECT_EQ(valid_utf8(html), html);
    EXPECT_EQ(html.find('\x1B'), std::string::npos);
  }
}

TEST(Page, NeedsNoScriptAndNoInlineStyle) {
  const std::string html = page_html({published(sample_report()), unknown(5)}, at(0));
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("<style")));
  EXPECT_THAT(html, Not(HasSubstr("style=")));
  EXPECT_THAT(html, Not(HasSubstr("onclick")));
  EXPECT_THAT(html, HasSubstr("href=\"/style.css\""));
  EXPECT_THAT(html, HasSubstr("http-equiv=\"refresh\" content=\"5\""));
}

TEST(Page, PutsTheWorstFirst) {
  const std::string html = page_html(
      {in_sync("fine"), never_looked("new"), unknown(5, "lost"), published(sample_report(), "bad")},
      at(0));
  std::vector<std::size_t> order;
  for (const char* name : {">bad<", ">lost<", ">new<", ">fine<"}) order.push_back(html.find(name));
  EXPECT_TRUE(std::ranges::is_sorted(order));
  EXPECT_LT(order.back(), html.size());
  EXPECT_THAT(html, HasSubstr("<title>bad: drift - driftd</title>"));
}

TEST(Page, SaysTheStatusInWords) {
  EXPECT_THAT(page_html({in_sync()}, at(0)), HasSubstr("</span> in sync</p>"));
  EXPECT_THAT(page_html({published(sample_report())}, at(0)), HasSubstr("</span> drift</p>"));
  const std::string lost = page_html({unknown(60)}, at(0));
  EXPECT_THAT(lost, HasSubstr("</span> cannot tell</p>"));
  EXPECT_THAT(lost, Not(HasSubstr("in sync")));
  EXPECT_THAT(lost, HasSubstr("versions/0008_audit.py:21:5"));
  EXPECT_THAT(lost, HasSubstr("Whether they still hold is not known"));
}

TEST(Page, ShowsADefinitionAsADiff) {
  const std::string html = database_html(*published(sample_report()), at(0));
  EXPECT_THAT(html, HasSubstr("<ins>+      LEFT JOIN app.transactions"));
  EXPECT_THAT(html, HasSubstr("set by revision <code>0007_phone</code> at "
                              "<code>versions/0007_phone.py:14</code>"));
}

TEST(Page, FindingsStandUnderTheirCause) {
  const std::string html = database_html(*published(explained_report()), at(0));
  std::vector<std::size_t> order;
  for (const char* part :
       {"<strong>stamped and not applied</strong> <small>(2 findings)</small>: the version table "
        "says 7, and it was &lt;never&gt; run",
        ">app.ix_users_email<", "<strong>changed by hand</strong>", ">app.balances<",
        ">app.users_backup<"}) {
    order.push_back(html.find(part));
  }
  EXPECT_TRUE(std::ranges::is_sorted(order)) << html;
  EXPECT_LT(order.back(), html.size());
  EXPECT_THAT(html, HasSubstr("dropped and created again"));
  EXPECT_THAT(html, HasSubstr("not yet at the look <time datetime=\"2026-03-01T01:54:57.000Z\""));
  EXPECT_THAT(html, HasSubstr("there already at the first look"));
}

TEST(Page, SaysOfWhichTenantsItIs) {
  const std::string html = database_html(*published(tenants_report()), at(0));
  EXPECT_THAT(html, HasSubstr("in 3 tenants: t1, t2, t3"));
  EXPECT_THAT(html, HasSubstr("5 tenants: 1 in sync, 2 drift, 2 cannot be told"));
  EXPECT_THAT(html, HasSubstr("of 1 tenant: t5&lt;b&gt;"));
  EXPECT_THAT(html, HasSubstr("GRANT it"));
}

TEST(Page, SaysWhatIsMadeAtRunTime) {
  Report report = sample_report();
  report.run_time = sample_run_time();
  const std::string html = database_html(*published(report), at(0));
  EXPECT_THAT(html, HasSubstr("<dt>made at run time</dt><dd>14 partitions of app.events, "));
  EXPECT_THAT(html, HasSubstr("nothing is called <code>app.&lt;nobody&gt;_*</code>"));
  EXPECT_THAT(database_html(*published(sample_report()), at(0)), Not(HasSubstr("run time")));
}

TEST(Page, LinksEachDatabaseByAnEncodedName) {
  EXPECT_THAT(page_html({in_sync("a b/\"c\"")}, at(0)),
              HasSubstr("href=\"/databases/a%20b%2F%22c%22\""));
}

TEST(Page, OfNoDatabaseSaysSo) {
  EXPECT_THAT(page_html({}, at(0)), HasSubstr("No database is watched"));
}

TEST(Page, HasTheModelsInTheSectionOfTheirDatabase) {
  const std::string html = database_html(*with_models(), at(1));
  EXPECT_THAT(html, HasSubstr("<section class=\"models drift\">"));
  EXPECT_THAT(html, HasSubstr("is in the models and in no migration"));
  EXPECT_THAT(html, HasSubstr("declared by the model <code>User.phone</code> at "
                              "<code>app/models/user.py:31</code>"));
  EXPECT_THAT(html, HasSubstr("the type Special of column x is not understood"));
  EXPECT_THAT(database_html(*in_sync(), at(1)), Not(HasSubstr("models")));
}

}  // namespace
}  // namespace driftd

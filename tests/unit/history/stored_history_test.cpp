#include "expected_schema/history/stored_history.h"

#include <gmock/gmock.h>

#include "expected_schema/base/digest.h"
#include "expected_schema/base/error.h"

namespace driftd {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using Facts = std::vector<std::pair<std::string, std::string>>;

Catalogue catalogue(const std::vector<std::pair<std::string, Facts>>& tables) {
  Catalogue::Builder builder(15);
  for (const auto& [name, facts] : tables) {
    std::vector<Property> properties;
    for (const auto& [property, value] : facts) properties.push_back({property, value});
    builder.add("table", name, "schema", "public", properties);
  }
  return std::move(builder).build();
}

StoredHistory three_states() {
  StoredHistory history;
  history.written_by = "driftd 1.0";
  history.server_major = 15;
  history.kinds = "k";
  history.tool = "alembic";
  history.table = {"", "alembic_version", "version_num"};
  history.revisions = {{"a", "first \"quoted\"\n", "versions/a.py", {}},
                       {"b", "second", "versions/b.py", {"a"}}};
  history.add_state({{}, "", -1, {}, {}, {}}, catalogue({{"public.v", {}}}));
  history.add_state({{"a"}, "a", 0, {}, {}, {}},
                    catalogue({{"public.t", {{"x", "1"}, {"y", "2"}}}, {"public.v", {}}}));
  history.add_state({{"b"}, "b", 1, {}, {}, {"pg_trgm"}},
                    catalogue({{"public.t", {{"x", "1"}, {"y", "3"}}}}));
  return history;
}

TEST(StoredHistory, KeepsOnlyWhatDiffers) {
  const StoredHistory history = three_states();
  EXPECT_EQ(history.states[1].set.size(), 1U);
  EXPECT_TRUE(history.states[1].removed.empty());
  EXPECT_THAT(history.states[2].removed, ElementsAre(ObjectId{"table", "public.v"}));
  EXPECT_EQ(history.objects(2).size(), 1U);
  EXPECT_EQ(history.objects(1).size(), 2U);
}

TEST(StoredHistory, IsTheSameAfterItsText) {
  const StoredHistory history = three_states();
  const std::string text = to_text(history);
  const StoredHistory read = parse_stored_history(text, "f");
  EXPECT_EQ(to_text(read), text);
  EXPECT_EQ(read.states[2].set, history.states[2].set);
  EXPECT_EQ(read.states[2].named_versions, history.states[2].named_versions);
  EXPECT_EQ(read.revisions[1].needs, history.revisions[1].needs);
  EXPECT_EQ(read.find({"b"}), 2U);
  EXPECT_EQ(read.find({"c"}), std::nullopt);
}

std::string refusal(const std::string& text) {
  try {
    parse_stored_history(text, "s.driftd");
    return "";
  } catch (const Error& error) {
    EXPECT_EQ(error.reason(), Reason::History);
    return error.what();
  }
}

TEST(StoredHistory, RefusesWhatWasCutOffOrChanged) {
  const std::string text = to_text(three_states());
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_NE(refusal(text.substr(0, size)), "") << size;
  }
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string changed = text;
    changed[at] = changed[at] == 'x' ? 'y' : 'x';
    EXPECT_NE(refusal(changed), "") << at;
  }
  EXPECT_THAT(refusal(text + "\n"), HasSubstr("cut off, or was changed"));
  EXPECT_THAT(refusal("CREATE TABLE t ()"), HasSubstr("no file that driftd snapshot wrote"));
}

std::string sealed(const std::string& body) {
  return body + "{\"sha256\":\"" + sha256_of(body) + "\"}\n";
}

TEST(StoredHistory, NamesTheLineThatCannotBeRead) {
  const std::string text = to_text(three_states());
  const std::string header = text.substr(0, text.find('\n') + 1);
  EXPECT_THAT(refusal(sealed("{\"driftd_snapshot\":2}\n")), HasSubstr("has the form 2"));
  EXPECT_THAT(refusal(sealed("{\"driftd_snapshot\":1}\n")), HasSubstr("s.driftd:1"));
  EXPECT_THAT(refusal(sealed(header + "{\"state\":[]}\n")), HasSubstr("s.driftd:2"));
  EXPECT_THAT(refusal(sealed(header + "[1\n")), HasSubstr("s.driftd:2"));
  EXPECT_THAT(refusal(sealed(header + "{\"state\":[],\"by\":\"\",\"after\":5,\"named_versions\":[],"
                                      "\"removed\":[],\"set\":[]}\n")),
              HasSubstr("does not come before"));
}

}  // namespace
}  // namespace driftd

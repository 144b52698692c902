#include "expected_schema/base/error.h"

#include <gtest/gtest.h>

#include <set>

namespace driftd {
namespace {

TEST(Place, IsWrittenAsFarAsItIsKnown) {
  EXPECT_EQ(to_string(Place{}), "");
  EXPECT_EQ(to_string(Place{"a.py"}), "a.py");
  EXPECT_EQ(to_string(Place{"a.py", 3}), "a.py:3");
  EXPECT_EQ(to_string(Place{"a.py", 3, 7}), "a.py:3:7");
  EXPECT_EQ(to_string(Place{"", 3, 7}), "");
  EXPECT_EQ(to_string(Place{"a.py", 0, 7}), "a.py");
}

TEST(Error, SaysWhereAndWhat) {
  const Error error(Reason::Replay, "relation \"x\" does not exist", "Look at it.", {"a.py", 3});
  EXPECT_STREQ(error.what(), "a.py:3: relation \"x\" does not exist");
  EXPECT_EQ(error.message(), "relation \"x\" does not exist");
  EXPECT_EQ(error.hint(), "Look at it.");
  EXPECT_EQ(error.reason(), Reason::Replay);
  EXPECT_STREQ(Error(Reason::Connect, "no server").what(), "no server");
}

TEST(Error, PassesOnlyWhereSomebodyElseIsAtWork) {
  std::set<Reason> passing;
  for (int i = 0; i <= static_cast<int>(Reason::Internal); ++i) {
    const auto reason = static_cast<Reason>(i);
    if (Error(reason, "x").passing()) passing.insert(reason);
  }
  EXPECT_EQ(passing,
            (std::set{Reason::LockTimeout, Reason::DdlInProgress, Reason::CatalogueChanged}));
}

TEST(Reason, NamesAreDistinctLabels) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(Reason::Internal); ++i) {
    const std::string_view name = name_of(static_cast<Reason>(i));
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string_view::npos);
    EXPECT_TRUE(names.insert(name).second) << name;
  }
}

}  // namespace
}  // namespace driftd

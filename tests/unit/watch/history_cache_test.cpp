#include "daemon/watch/history_cache.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "expected_schema/base/error.h"

namespace driftd {
namespace {

namespace fs = std::filesystem;

class HistoryCacheTest : public testing::Test {
 protected:
  HistoryCacheTest() {
    fs::create_directories(folder_ / "versions");
    write("versions/0001_a.py", "revision = 'a'\ndown_revision = None\ndef upgrade():\n    pass\n");
  }
  ~HistoryCacheTest() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
  }

  HistorySource source() const {
    HistorySource source;
    source.path = folder_.string();
    return source;
  }

  fs::path folder_ =
      fs::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name();
  HistoryCache cache_;
};

TEST_F(HistoryCacheTest, ReadsOnceWhileNothingIsTouched) {
  const auto first = cache_.at(source());
  EXPECT_EQ(cache_.at(source()), first);
}

TEST_F(HistoryCacheTest, ReadsAgainWhenAFileComes) {
  const auto first = cache_.at(source());
  const std::string stamp = cache_.stamp();
  write("versions/0002_b.py", "revision = 'b'\ndown_revision = 'a'\ndef upgrade():\n    pass\n");
  const auto second = cache_.at(source());
  EXPECT_EQ(second->size(), first->size() + 1);
  EXPECT_NE(cache_.stamp(), stamp);
}

TEST_F(HistoryCacheTest, ReadsAgainWhenAFileIsEdited) {
  const auto first = cache_.at(source());
  write("versions/0001_a.py", "revision = 'z'\ndown_revision = None\ndef upgrade():\n    pass\n");
  EXPECT_EQ(cache_.at(source())->heads(), std::vector<std::string>{"z"});
}

TEST_F(HistoryCacheTest, IsSharedWithWhatIsApplied) {
  const auto shared = std::make_shared<SharedHistory>(source());
  HistoryCache one(shared);
  HistoryCache other(shared);
  EXPECT_EQ(one.at(source()), other.at(source()));
  const auto applied = one.applied({"a"});
  EXPECT_EQ(other.applied({"a"}), applied);
  EXPECT_NE(other.applied({}), applied);
  EXPECT_EQ(other.applied({"gone"})->unknown_revisions, std::vector<std::string>{"gone"});
}

TEST_F(HistoryCacheTest, OneWhoLooksKeepsWhatItSaw) {
  const auto shared = std::make_shared<SharedHistory>(source());
  HistoryCache one(shared);
  one.at(source());
  const std::string stamp = one.stamp();
  write("versions/0002_b.py", "revision = 'b'\ndown_revision = 'a'\ndef upgrade():\n    pass\n");
  HistoryCache other(shared);
  other.at(source());
  EXPECT_EQ(one.stamp(), stamp);
  EXPECT_NE(other.stamp(), stamp);
  EXPECT_TRUE(one.applied({"a"})->pending.empty());
  EXPECT_EQ(other.applied({"a"})->pending, std::vector<std::string>{"b"});
}

TEST_F(HistoryCacheTest, BelievesWhatItSawAMomentAgo) {
  const auto shared = std::make_shared<SharedHistory>(source(), std::chrono::hours(1));
  HistoryCache cache(shared);
  const auto first = cache.at(source());
  write("versions/0002_b.py", "revision = 'b'\ndown_revision = 'a'\ndef upgrade():\n    pass\n");
  EXPECT_EQ(cache.at(source()), first);
}

TEST_F(HistoryCacheTest, ForgetsAHistoryThatBroke) {
  cache_.at(source());
  write("versions/0001_a.py", "revision = (\n");
  EXPECT_THROW(cache_.at(source()), Error);
  write("versions/0001_a.py", "revision = 'a'\ndown_revision = None\ndef upgrade():\n    pass\n");
  EXPECT_EQ(cache_.at(source())->size(), 1U);
}

}  // namespace
}  // namespace driftd

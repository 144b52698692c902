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

  fs::path folder_ =
      fs::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name();
  HistoryCache cache_;
};

TEST_F(HistoryCacheTest, ReadsOnceWhileNothingIsTouched) {
  const auto first = cache_.at({folder_.string(), {}, {}, {}});
  EXPECT_EQ(cache_.at({folder_.string(), {}, {}, {}}), first);
}

TEST_F(HistoryCacheTest, ReadsAgainWhenAFileComes) {
  const auto first = cache_.at({folder_.string(), {}, {}, {}});
  const std::string stamp = cache_.stamp();
  write("versions/0002_b.py", "revision = 'b'\ndown_revision = 'a'\ndef upgrade():\n    pass\n");
  const auto second = cache_.at({folder_.string(), {}, {}, {}});
  EXPECT_EQ(second->size(), first->size() + 1);
  EXPECT_NE(cache_.stamp(), stamp);
}

TEST_F(HistoryCacheTest, ReadsAgainWhenAFileIsEdited) {
  const auto first = cache_.at({folder_.string(), {}, {}, {}});
  write("versions/0001_a.py", "revision = 'z'\ndown_revision = None\ndef upgrade():\n    pass\n");
  EXPECT_EQ(cache_.at({folder_.string(), {}, {}, {}})->heads(), std::vector<std::string>{"z"});
}

TEST_F(HistoryCacheTest, ForgetsAHistoryThatBroke) {
  cache_.at({folder_.string(), {}, {}, {}});
  write("versions/0001_a.py", "revision = (\n");
  EXPECT_THROW(cache_.at({folder_.string(), {}, {}, {}}), Error);
  write("versions/0001_a.py", "revision = 'a'\ndown_revision = None\ndef upgrade():\n    pass\n");
  EXPECT_EQ(cache_.at({folder_.string(), {}, {}, {}})->size(), 1U);
}

}  // namespace
}  // namespace driftd

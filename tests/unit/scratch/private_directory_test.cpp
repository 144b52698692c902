#include "expected_schema/scratch/private_directory.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace driftd {
namespace {

namespace fs = std::filesystem;

class RemovedDirectory : public testing::Test {
 protected:
  void SetUp() override {
    std::string path = fs::temp_directory_path() / "removed-directory-XXXXXX";
    ASSERT_NE(::mkdtemp(path.data()), nullptr);
    root_ = path;
    fs::create_directories(root_ / "scratch" / "data" / "base");
    std::ofstream(root_ / "scratch" / "driftd.lock") << "x";
    fs::create_directories(root_ / "victim" / "data");
    std::ofstream(root_ / "victim" / "data" / "file") << "x";
  }
  void TearDown() override { fs::remove_all(root_); }

  fs::path root_;
};

TEST_F(RemovedDirectory, IsGoneWithAllThatIsInIt) {
  EXPECT_TRUE(remove_private_directory(root_ / "scratch"));
  EXPECT_FALSE(fs::exists(root_ / "scratch"));
}

TEST_F(RemovedDirectory, IsNotFollowedWhereALinkStandsInItsPlace) {
  fs::rename(root_ / "scratch", root_ / "away");
  fs::create_directory_symlink(root_ / "victim", root_ / "scratch");
  remove_private_directory(root_ / "scratch");
  EXPECT_TRUE(fs::exists(root_ / "victim" / "data" / "file"));
}

TEST_F(RemovedDirectory, LeavesWhatItsDataLinksTo) {
  fs::remove_all(root_ / "scratch" / "data");
  fs::create_directory_symlink(root_ / "victim" / "data", root_ / "scratch" / "data");
  EXPECT_TRUE(remove_private_directory(root_ / "scratch"));
  EXPECT_FALSE(fs::exists(root_ / "scratch"));
  EXPECT_TRUE(fs::exists(root_ / "victim" / "data" / "file"));
}

}  // namespace
}  // namespace driftd

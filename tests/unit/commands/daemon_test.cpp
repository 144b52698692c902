#include "daemon/commands/daemon.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <thread>

namespace driftd {
namespace {

using std::chrono::milliseconds;
namespace fs = std::filesystem;

/// A daemon whose databases nobody can reach.
class DaemonTest : public testing::Test {
 protected:
  DaemonTest()
      : folder_(fs::path(testing::TempDir()) /
                ("driftd_" +
                 std::string(testing::UnitTest::GetInstance()->current_test_info()->name()))) {
    fs::create_directories(folder_ / "migrations");
  }
  ~DaemonTest() override { fs::remove_all(folder_); }

  Overrides settings_of(int interval_ms) const {
    Overrides overrides;
    overrides.config_file = (folder_ / "driftd.yaml").string();
    std::ofstream(folder_ / "driftd.yaml")
        << "databases: [{name: app, database: \"host=/nowhere dbname=app\", migrations: "
        << (folder_ / "migrations").string() << ", interval: " << interval_ms << "ms}]\n"
        << "log: {level: error}\n";
    return overrides;
  }

 private:
  fs::path folder_;
};

/// Stacks of ended threads stay mapped until somebody joins them.
long mapped_kb() {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("VmSize:")) return std::stol(line.substr(7));
  }
  return 0;
}

TEST_F(DaemonTest, AReloadAfterTheEndWatchesNothing) {
  const Overrides overrides = settings_of(1000);
  Daemon daemon(overrides, effective_settings(overrides));
  const http::World world = daemon.world();
  daemon.start();
  EXPECT_EQ(world.published().size(), 1U);
  EXPECT_EQ(daemon.reload(), "");
  daemon.stop();
  EXPECT_NE(daemon.reload(), "");
  EXPECT_TRUE(world.published().empty());
  EXPECT_FALSE(world.ready());
}

TEST_F(DaemonTest, ManyReloadsLeaveNoThreadsBehind) {
  const Overrides overrides = settings_of(1000);
  Daemon daemon(overrides, effective_settings(overrides));
  daemon.start();
  const auto reload = [&](int times, int first_interval) {
    for (int i = 0; i < times; ++i) {
      settings_of(first_interval + i);
      ASSERT_EQ(daemon.reload(), "");
      std::this_thread::sleep_for(milliseconds(30));
    }
  };
  reload(10, 2000);  // what the allocator and the cache of stacks keep
  const long before = mapped_kb();
  reload(40, 3000);
  EXPECT_LT(mapped_kb() - before, 150'000) << "a stack is 8 MB, and 40 watchers have ended";
  daemon.stop();
}

}  // namespace
}  // namespace driftd

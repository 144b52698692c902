// The real Alembic is the oracle of reading: every history here is replayed natively and by
// `alembic upgrade head`, on two databases of one server, and the catalogues must be equal.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "expected_schema/base/text.h"
#include "expected_schema/catalogue/text.h"
#include "expected_schema/history/history.h"
#include "expected_schema/introspect/introspect.h"
#include "expected_schema/replay/replay.h"
#include "tests/support/scratch.h"

namespace driftd {
namespace {

namespace fs = std::filesystem;

std::string text_of(const Endpoint& endpoint) {
  Session session(endpoint);
  Snapshot snapshot(session);
  return to_text(introspect(snapshot, Scope{}));
}

std::vector<std::string> versions_in(const Endpoint& endpoint, const VersionTable& table) {
  Session session(endpoint);
  Snapshot snapshot(session);
  auto versions = read_version_table(snapshot, table).value_or(std::vector<std::string>{});
  std::ranges::sort(versions);
  return versions;
}

/// `postgresql+psycopg2://role@/database?host=<socket>`, as DATABASE_URL.
std::string url_of(const ScratchDatabase& database) {
  Session session(database.admin());
  const Rows rows = session.query(
      "SELECT current_database(), btrim(current_setting('unix_socket_directories'), '\"'),"
      " current_setting('port')");
  return fmt::format("postgresql+psycopg2://{}@/{}?host={}&port={}", database.owner_role(),
                     rows.text(0, 0), rows.text(0, 1), rows.text(0, 2));
}

/// Debian's alembic; what it prints goes to the test's log when it fails.
void upgrade_with_alembic(const fs::path& ini, const std::string& url) {
  const fs::path log = fs::temp_directory_path() / fmt::format("alembic-{}.log", ::getpid());
  const std::string command = fmt::format(
      "cd '{}' && DATABASE_URL='{}' PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 -m alembic -c '{}' "
      "upgrade heads >'{}' 2>&1",
      ini.parent_path().string(), url, ini.string(), log.string());
  const int status = std::system(command.c_str());  // NOLINT(cert-env33-c): a test, fixed words
  EXPECT_EQ(status, 0) << read_file(log.string());
  fs::remove(log);
}

class Oracle : public testing::Test {
 public:
  explicit Oracle(fs::path ini) : ini_(std::move(ini)) {}

  void TestBody() override {
    const auto history = read_history(ini_.string());
    const auto native = test::fresh_database();
    const auto real = test::fresh_database();
    replay(history->all(), *native);
    upgrade_with_alembic(ini_, url_of(*real));
    EXPECT_EQ(text_of(real->admin()), text_of(native->admin()));
    EXPECT_EQ(versions_in(real->admin(), history->version_table()),
              versions_in(native->admin(), history->version_table()));
  }

 private:
  fs::path ini_;
};

void register_histories() {
  const fs::path source(DRIFTD_SOURCE_DIR);
  std::vector<fs::path> inis;
  for (const fs::path& root :
       {source / "deploy" / "example", source / "tests" / "cases" / "alembic"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
      if (entry.path().filename() == "alembic.ini") inis.push_back(entry.path());
    }
  }
  std::ranges::sort(inis);
  for (const fs::path& ini : inis) {
    std::string name = ini.parent_path().lexically_relative(source).string();
    std::ranges::replace(name, '/', '_');
    testing::RegisterTest("AlembicOracle", name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                          [ini]() -> Oracle* { return new Oracle(ini); });
  }
}

}  // namespace
}  // namespace driftd

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  driftd::register_histories();
  return RUN_ALL_TESTS();
}

// Every folder with a live.sql is a case: base.sql (its own, or the nearest above) is what the
// migrations say, live.sql is what somebody then did by hand, drift.txt is what driftd must say.
// UPDATE_CASES=1 writes drift.txt instead of checking it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "daemon/compare/compare.h"
#include "daemon/judge/impact.h"
#include "expected_schema/base/text.h"
#include "expected_schema/introspect/introspect.h"
#include "tests/support/scratch.h"

namespace driftd {
namespace {

namespace fs = std::filesystem;

Catalogue read(const Endpoint& endpoint) {
  Session session(endpoint);
  Snapshot snapshot(session);
  return introspect(snapshot, Scope{}, test::plain_target().owner);
}

std::string shown(const std::optional<std::string>& value) {
  return value ? fmt::format("{:?}", *value) : "(absent)";
}

std::string text_of(const std::vector<Drift>& drifts) {
  std::string text;
  for (const Drift& drift : drifts) {
    const Consequence consequence = consequence_of(drift);
    text += fmt::format("{} {} [{}]", name_of(drift.kind), to_string(drift.object),
                        name_of(consequence.impact));
    if (drift.folded > 0) text += fmt::format(" with {} inside", drift.folded);
    text += "\n";
    for (const Difference& d : drift.differences) {
      text += fmt::format("  {}: {} -> {}\n", d.property, shown(d.expected), shown(d.actual));
    }
    text += fmt::format("  {}\n", consequence.sentence);
  }
  return text;
}

/// One base.sql serves many cases: its catalogue is read once.
const Expected& expected_of(const fs::path& base) {
  static std::map<fs::path, Expected> known;
  const auto found = known.find(base);
  if (found != known.end()) return found->second;
  const auto database = test::fresh_database();
  test::run_sql(*database, read_file(base.string()));
  return known.emplace(base, Expected{read(database->admin())}).first->second;
}

std::vector<Drift> drifts_of(const fs::path& base, const std::string& live) {
  const auto database = test::fresh_database();
  test::run_sql(*database, read_file(base.string()));
  // One statement at a time: some changes refuse to share a transaction.
  for (const std::string& statement : split(live, ';')) {
    if (!trim(statement).empty()) test::run_sql(*database, statement);
  }
  return compare(expected_of(base), Actual{read(database->admin())});
}

class Case : public testing::Test {
 public:
  explicit Case(fs::path folder) : folder_(std::move(folder)) {}

  void TestBody() override {
    fs::path base = folder_;
    while (!fs::exists(base / "base.sql")) base = base.parent_path();
    const std::vector<Drift> drifts =
        drifts_of(base / "base.sql", read_file((folder_ / "live.sql").string()));
    const std::string text = text_of(drifts);
    const fs::path wanted = folder_ / "drift.txt";
    if (std::getenv("UPDATE_CASES") != nullptr) {
      std::ofstream(wanted) << text;
    } else {
      EXPECT_EQ(text, read_file(wanted.string()));
    }
    if (base.filename() != "changes") return;
    // The promise to the reader of a page: one change by hand is one finding.
    const bool nothing = folder_.parent_path().filename() == "same";
    EXPECT_EQ(drifts.size(), nothing ? 0U : 1U) << text;
  }

 private:
  fs::path folder_;
};

void register_cases() {
  const fs::path root = fs::path(DRIFTD_SOURCE_DIR) / "tests" / "cases" / "changes";
  std::vector<fs::path> folders;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.path().filename() == "live.sql") folders.push_back(entry.path().parent_path());
  }
  std::ranges::sort(folders);
  for (const fs::path& folder : folders) {
    std::string name = folder.lexically_relative(root).string();
    std::ranges::replace(name, '/', '_');
    testing::RegisterTest("Cases", name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                          [folder]() -> Case* { return new Case(folder); });
  }
}

}  // namespace
}  // namespace driftd

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  driftd::register_cases();
  return RUN_ALL_TESTS();
}

// Every folder with a live.sql is a case: base.sql (its own, or the nearest above) is what the
// migrations say, live.sql is what somebody then did by hand, drift.txt is what driftd must say.
// made_at_run_time.txt holds patterns of that setting. UPDATE_CASES=1 writes drift.txt instead of
// checking it. Lines of the other three that end in `--@ >=N` or `--@ <N` hold for such majors
// only, as in the queries of the kinds; a live.sql of which nothing is left has no case on that
// major.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "daemon/compare/compare.h"
#include "daemon/compare/extension_members.h"
#include "daemon/judge/impact.h"
#include "daemon/settings/settings.h"
#include "expected_schema/base/text.h"
#include "expected_schema/introspect/introspect.h"
#include "expected_schema/introspect/kinds.h"
#include "tests/support/scratch.h"

namespace driftd {
namespace {

namespace fs = std::filesystem;

Catalogue read(const Endpoint& endpoint) {
  Session session(endpoint);
  Snapshot snapshot(session);
  return introspect(snapshot, Scope{}, test::plain_target().owner);
}

std::string read_for_major(const fs::path& path) {
  const std::string text = read_file(path.string());
  if (text.find("--@") == std::string::npos) return text;
  std::string kept = sql_for({path.native(), text}, test::scratch_server().major());
  kept.pop_back();  // what stands behind the last line's end is no line
  for (auto at = kept.find(" \n"); at != std::string::npos; at = kept.find(" \n"))
    kept.erase(at, 1);
  return kept;
}

bool has_marks(const fs::path& path) {
  return fs::exists(path) && read_file(path.string()).find("--@") != std::string::npos;
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
    // How much an extension makes is another number for each major.
    const bool counted = drift.folded > 0 && drift.object.kind != "extension";
    if (counted) text += fmt::format(" with {} inside", drift.folded);
    text += "\n";
    for (const Difference& d : drift.differences) {
      text += fmt::format("  {}: {} -> {}\n", d.property, shown(d.expected), shown(d.actual));
    }
    text += fmt::format("  {}\n", consequence.sentence);
  }
  return text;
}

/// A pattern a line.
RunTimeRules rules_of(const fs::path& file) {
  DatabaseSettings settings;
  if (!fs::exists(file)) return {};
  for (const std::string& line : split(read_file(file.string()), '\n')) {
    if (!line.empty()) settings.made_at_run_time.push_back(line);
  }
  return run_time_rules(settings);
}

/// Beside the owner there is a role "other" to give things to.
std::unique_ptr<ScratchDatabase> case_database() {
  Target target = test::plain_target();
  target.roles.emplace_back("other");
  return test::fresh_database(target);
}

/// Before 13 there were no trusted extensions: only a superuser made any.
class RightToCreateExtensions {
 public:
  explicit RightToCreateExtensions(const ScratchDatabase& database)
      : database_(database), needed_(test::scratch_server().major() < 13) {
    alter("SUPERUSER");
  }
  ~RightToCreateExtensions() { alter("NOSUPERUSER"); }
  RightToCreateExtensions(const RightToCreateExtensions&) = delete;
  RightToCreateExtensions& operator=(const RightToCreateExtensions&) = delete;

 private:
  void alter(const char* attribute) const {
    if (!needed_) return;
    test::connect(database_).execute(
        fmt::format("ALTER ROLE {} {}", quote_identifier(database_.owner_role()), attribute));
  }

  const ScratchDatabase& database_;
  bool needed_;
};

/// As the database's owner, or as whom a first line `-- as superuser` asks for.
void run(const ScratchDatabase& database, const std::string& first_file, const std::string& sql) {
  if (first_file.starts_with("-- as superuser")) {
    test::connect(database).execute(sql);
    return;
  }
  const RightToCreateExtensions right(database);
  test::run_sql(database, sql);
}

/// One base.sql serves many cases: its catalogue is read once.
const Expected& expected_of(const fs::path& base) {
  static std::map<fs::path, Expected> known;
  const auto found = known.find(base);
  if (found != known.end()) return found->second;
  const auto database = case_database();
  const std::string sql = read_for_major(base);
  run(*database, sql, sql);
  return known.emplace(base, Expected{read(database->admin())}).first->second;
}

std::vector<Drift> drifts_of(const fs::path& base, const std::string& live,
                             const RunTimeRules& rules) {
  const auto database = case_database();
  const std::string before = read_for_major(base);
  run(*database, before, before);
  // One statement at a time: some changes refuse to share a transaction.
  for (const std::string& statement : split(live, ';')) {
    if (!trim(statement).empty()) run(*database, live, statement);
  }
  const Actual actual{read(database->admin())};
  RunTime run_time;
  std::vector<Drift> drifts = compare(expected_of(base), actual, rules, run_time);
  settle_extension_members(drifts, expected_of(base), actual);
  return drifts;
}

class Case : public testing::Test {
 public:
  explicit Case(fs::path folder) : folder_(std::move(folder)) {}

  void TestBody() override {
    fs::path base = folder_;
    while (!fs::exists(base / "base.sql")) base = base.parent_path();
    const std::string live = read_for_major(folder_ / "live.sql");
    if (trim(live).empty()) GTEST_SKIP() << "not on this major";
    const std::vector<Drift> drifts =
        drifts_of(base / "base.sql", live, rules_of(folder_ / "made_at_run_time.txt"));
    const std::string text = text_of(drifts);
    const fs::path wanted = folder_ / "drift.txt";
    if (std::getenv("UPDATE_CASES") != nullptr && !has_marks(wanted)) {
      std::ofstream(wanted) << text;
    } else {
      EXPECT_EQ(text, read_for_major(wanted));
    }
    // The promise to the reader of a page: one change by hand is one finding.
    const bool nothing = folder_.parent_path().filename() == "same";
    EXPECT_EQ(drifts.size(), nothing ? 0U : 1U) << text;
  }

 private:
  fs::path folder_;
};

/// Of the pg_dump on the path.
int pg_dump_major() {
  static const int major = [] {
    FILE* output = ::popen("pg_dump --version | sed 's/[^0-9]*//; s/[^0-9].*//'", "r");
    int number = 0;
    if (output == nullptr || std::fscanf(output, "%d", &number) != 1) number = 0;
    if (output != nullptr) ::pclose(output);
    return number;
  }();
  return major;
}

/// A base.sql that was dumped and restored is the same: nobody is paged for a restore.
class Restored : public testing::Test {
 public:
  explicit Restored(fs::path base) : base_(std::move(base)) {}

  void TestBody() override {
    const int server = test::scratch_server().major();
    if (pg_dump_major() < server) {
      GTEST_SKIP() << "pg_dump " << pg_dump_major() << " does not dump from a server " << server;
    }
    const auto original = case_database();
    const std::string sql = read_for_major(base_);
    run(*original, sql, sql);
    const auto copy = case_database();
    const std::string command = fmt::format(
        "set -o pipefail; pg_dump -d \"{}\" | psql -qX -v ON_ERROR_STOP=1 -d \"{}\" > /dev/null",
        original->admin().conninfo, copy->admin().conninfo);
    ::setenv("DRIFTD_TEST_COMMAND", command.c_str(), 1);
    ASSERT_EQ(std::system("bash -c \"$DRIFTD_TEST_COMMAND\""), 0) << command;
    const Expected expected{read(original->admin())};
    EXPECT_EQ(text_of(compare(expected, Actual{read(copy->admin())})), "");
    for (const Object& object : expected.catalogue.objects()) {
      EXPECT_TRUE(!object.has_parent() ||
                  expected.catalogue.find(object.parent_kind, object.parent_identity) != nullptr)
          << to_string(object.id()) << " in " << to_string(object.parent());
    }
  }

 private:
  fs::path base_;
};

void register_cases() {
  const fs::path root = fs::path(DRIFTD_SOURCE_DIR) / "tests" / "cases" / "changes";
  std::vector<fs::path> folders;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.path().filename() == "live.sql") folders.push_back(entry.path().parent_path());
  }
  std::ranges::sort(folders);
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.path().filename() != "base.sql") continue;
    const fs::path base = entry.path();
    // What somebody made a member of an extension is in no dump.
    if (read_file(base.string()).find("-- in no dump") != std::string::npos) continue;
    const std::string name = base.parent_path().filename().string();
    testing::RegisterTest("Restored", name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                          [base]() -> Restored* { return new Restored(base); });
  }
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

// A history that was written down says what a replay says, for every revision.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "expected_schema/base/error.h"
#include "expected_schema/base/text.h"
#include "expected_schema/catalogue/text.h"
#include "expected_schema/expected/expected_schema.h"
#include "expected_schema/history/stored_history.h"
#include "tests/support/scratch.h"

namespace driftd {
namespace {

namespace fs = std::filesystem;
using test::plain_target;
using testing::ElementsAre;
using testing::HasSubstr;

ExpectedSchemas& schemas() {
  static ExpectedSchemas all({});
  return all;
}

/// A file of the test's own that holds what was written down.
class File {
 public:
  explicit File(const std::string& text)
      : path_(fs::temp_directory_path() / ("driftd-snapshot-" + std::to_string(::getpid()))) {
    std::ofstream(path_) << text;
  }
  ~File() { fs::remove(path_); }
  std::unique_ptr<History> open() const { return open_stored_history(path_.string()); }

 private:
  fs::path path_;
};

const StoredHistory& example() {
  static const StoredHistory stored = [] {
    const auto history = read_history(DRIFTD_SOURCE_DIR "/deploy/example");
    return schemas().store(*history, plain_target(), {});
  }();
  return stored;
}

void expect_alike(const std::string& folder) {
  const auto history = read_history(DRIFTD_SOURCE_DIR + folder);
  Target target = plain_target();
  const File file(to_text(schemas().store(*history, target, {})));
  const auto stored = file.open();
  EXPECT_EQ(stored->heads(), history->heads());
  std::vector<std::vector<std::string>> states{{}, history->heads()};
  for (const Migration& migration : history->all().applied) states.push_back({migration.revision});
  for (const std::vector<std::string>& revisions : states) {
    const AppliedHistory native = history->applied(revisions);
    const AppliedHistory written = stored->applied(revisions);
    const std::string of = join(revisions, ", ");
    EXPECT_EQ(written.pending, native.pending) << of;
    EXPECT_EQ(written.applied.size(), native.applied.size()) << of;
    EXPECT_EQ(to_text(schemas().of(written, target, {})->expected.catalogue),
              to_text(schemas().of(native, target, {})->expected.catalogue))
        << of;
  }
}

TEST(Snapshot, SaysWhatAReplaySays) {
  expect_alike("/deploy/example");
}

TEST(Snapshot, SaysSoOfBranchesToo) {
  expect_alike("/tests/cases/alembic/branches");
  expect_alike("/tests/cases/alembic/branch_order");
}

TEST(Snapshot, KnowsWhichMigrationSetWhat) {
  const File file(to_text(example()));
  const AppliedHistory written = file.open()->applied({"014"});
  const ObjectId phone{"column", "public.users.phone"};
  const auto origins =
      schemas().origins(written, plain_target(), {}, {phone, {"table", "public.x"}});
  ASSERT_EQ(origins.size(), 1U);
  EXPECT_EQ(origins.at(phone).last.revision, "002");
  EXPECT_EQ(origins.at(phone).properties.at("type").revision, "002");
  EXPECT_THAT(origins.at(phone).last.place.file, HasSubstr("002_users_phone.py"));
}

TEST(Snapshot, RefusesWhatItCannotJudge) {
  const File file(to_text(example()));
  const AppliedHistory written = file.open()->applied({"014"});
  const auto reason = [&](const Target& target, const Scope& scope) {
    try {
      schemas().of(written, target, scope);
    } catch (const Error& error) {
      return error.reason();
    }
    return Reason::Internal;
  };
  Target target = plain_target();
  target.server_major = target.server_major == 15 ? 16 : 15;
  EXPECT_EQ(reason(target, {}), Reason::ServerVersion);
  Scope scope;
  scope.groups = {"structure"};
  EXPECT_EQ(reason(plain_target(), scope), Reason::Settings);
  StoredHistory other = example();
  other.kinds = "another";
  const File by_another(to_text(other));
  EXPECT_THROW(schemas().of(by_another.open()->applied({"014"}), plain_target(), {}), Error);
}

TEST(Snapshot, HasNoStateForOtherRevisions) {
  const File file(to_text(example()));
  EXPECT_THAT(file.open()->applied({"f00d"}).unknown_revisions, ElementsAre("f00d"));
  EXPECT_THROW(file.open()->applied({"003", "007"}), Error);
}

TEST(Snapshot, MakesTheRolesThatMigrationsName) {
  const auto history = read_history(DRIFTD_SOURCE_DIR "/deploy/example");
  Target target = plain_target();
  target.roles.clear();
  EXPECT_EQ(schemas().store(*history, target, {}).states.size(), example().states.size());
}

TEST(Snapshot, TakesTheLiveVersionOfAnExtensionThatNoMigrationPins) {
  StoredHistory stored = example();
  StoredHistory::StoredObject extension{{"extension", "cube"}, {}, {{"version", "1.5"}}};
  StoredHistory::StoredObject member{
      {"extension member", "function f()"}, {"extension", "cube"}, {{"body", "a"}}};
  stored.states[0].set.push_back(extension);
  stored.states[0].set.push_back(member);
  Target target = plain_target();
  target.extensions = {{"cube", "1.4"}};
  const auto expected = [&] {
    const File file(to_text(stored));
    return schemas().of(file.open()->applied({"014"}), target, {});
  };
  auto schema = expected();
  EXPECT_EQ(schema->expected.catalogue.find("extension", "cube")->property("version"), "1.4");
  EXPECT_EQ(schema->expected.catalogue.find("extension member", "function f()"), nullptr);
  EXPECT_THAT(schema->notes, ElementsAre(HasSubstr("version 1.4 of the extension cube")));
  for (auto& state : stored.states) state.named_versions = {"cube"};
  schema = expected();
  EXPECT_EQ(schema->expected.catalogue.find("extension", "cube")->property("version"), "1.5");
  EXPECT_TRUE(schema->notes.empty());
}

}  // namespace
}  // namespace driftd

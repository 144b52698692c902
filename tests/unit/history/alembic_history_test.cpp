#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "expected_schema/history/history.h"

namespace driftd {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::EndsWith;
using testing::IsEmpty;
using testing::SizeIs;

class Collector : public StatementSink {
 public:
  void run(const Statement& statement) override { texts.push_back(statement.sql); }
  void begin_autocommit() override {}
  void end_autocommit() override {}

  std::vector<std::string> texts;
};

class AlembicHistory : public testing::Test {
 protected:
  void SetUp() override {
    std::string path = fs::temp_directory_path() / "driftd-history-XXXXXX";
    ASSERT_NE(::mkdtemp(path.data()), nullptr);
    folder_ = path;
    fs::create_directories(folder_ / "versions");
    std::ofstream(folder_ / "env.py") << "from alembic import context\n";
    write("a111", "None", "None");
    write("b222", "'a111'", "None");
    write("c333", "'a111'", "None");
    write("d444", "('b222', 'c333')", "None");
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& id, const std::string& down, const std::string& depends,
             const std::string& sql = "SELECT 1") {
    std::ofstream(folder_ / "versions" / (id + ".py"))
        << "\"\"\"message of " << id << "\n\"\"\"\nfrom alembic import op\n\nrevision = '" << id
        << "'\ndown_revision = " << down << "\nbranch_labels = None\ndepends_on = " << depends
        << "\n\n\ndef upgrade():\n    op.execute('" << sql << "')\n";
  }
  std::unique_ptr<History> read(const VersionTable& table = {}) {
    return read_history(folder_.string(), table);
  }
  static std::vector<std::string> revisions(const AppliedHistory& history) {
    std::vector<std::string> ids;
    for (const Migration& migration : history.applied) ids.push_back(migration.revision);
    return ids;
  }

  fs::path folder_;
};

TEST_F(AlembicHistory, AppliesWhatTheDatabaseHasAndNoMore) {
  const auto history = read();
  EXPECT_EQ(history->tool(), "alembic");
  EXPECT_EQ(history->size(), 4U);
  EXPECT_THAT(history->heads(), ElementsAre("d444"));
  const AppliedHistory applied = history->applied({"c333"});
  EXPECT_THAT(revisions(applied), ElementsAre("a111", "c333"));
  EXPECT_THAT(applied.pending, testing::UnorderedElementsAre("b222", "d444"));
  EXPECT_THAT(applied.unknown_revisions, IsEmpty());
  EXPECT_EQ(applied.applied[0].message, "message of a111");
  EXPECT_THAT(applied.applied[1].bookkeeping,
              ElementsAre("UPDATE \"alembic_version\" SET version_num = 'c333'"
                          " WHERE version_num = 'a111'"));
  EXPECT_THAT(history->applied({}).applied, IsEmpty());
}

TEST_F(AlembicHistory, MergesBranches) {
  const AppliedHistory all = read()->all();
  ASSERT_THAT(all.applied, SizeIs(4));
  EXPECT_EQ(all.applied.back().revision, "d444");
  EXPECT_THAT(all.applied.back().bookkeeping, SizeIs(2));
  EXPECT_THAT(all.pending, IsEmpty());
}

TEST_F(AlembicHistory, OfAnUnknownRevisionAppliesNothing) {
  const AppliedHistory applied = read()->applied({"zzzz", "b222"});
  EXPECT_THAT(applied.unknown_revisions, ElementsAre("zzzz"));
  EXPECT_THAT(applied.applied, IsEmpty());
  EXPECT_THAT(applied.database_revisions, ElementsAre("b222", "zzzz"));
}

TEST_F(AlembicHistory, MigrationsRunTheTextThatWasRead) {
  const auto history = read();
  write("a111", "None", "None", "SELECT 2");
  Collector sink;
  history->applied({"a111"}).applied.front().upgrade(sink);
  EXPECT_THAT(sink.texts, ElementsAre("SELECT 1"));
}

TEST_F(AlembicHistory, TheDigestIsOfTheAppliedFilesAlone) {
  const std::string before = read()->applied({"b222"}).digest;
  EXPECT_EQ(read()->applied({"b222"}).digest, before);
  EXPECT_NE(read()->applied({"c333"}).digest, before);
  EXPECT_NE(read({"ops", ""})->applied({"b222"}).digest, before);
  write("d444", "('b222', 'c333')", "None", "SELECT 2");
  EXPECT_EQ(read()->applied({"b222"}).digest, before);
  write("a111", "None", "None", "SELECT 2");
  EXPECT_NE(read()->applied({"b222"}).digest, before);
}

TEST_F(AlembicHistory, AModuleInAFolderAboveIsAPartOfWhatIsReplayed) {
  const fs::path app = folder_ / "app";
  fs::create_directories(app / "db" / "migrations" / "versions");
  std::ofstream(app / "db" / "migrations" / "env.py") << "from alembic import context\n";
  std::ofstream(app / "db" / "migrations" / "versions" / "a111.py")
      << "from names import TABLE\nrevision = 'a111'\ndown_revision = None\n"
         "def upgrade():\n    pass\n";
  const auto digest = [&](const std::string& name) {
    std::ofstream(app / "names.py") << "TABLE = '" << name << "'\n";
    return read_history((app / "db" / "migrations").string())->all().digest;
  };
  EXPECT_NE(digest("one"), digest("other"));
  EXPECT_THAT(read_history((app / "db" / "migrations").string())->roots(),
              Contains(EndsWith("/app/names.py")));
}

TEST_F(AlembicHistory, NamesWhatItWasReadFrom) {
  EXPECT_THAT(read()->roots(), Contains(EndsWith("/versions/a111.py")));
  EXPECT_THAT(read()->roots(), Contains(EndsWith("/env.py")));
}

TEST_F(AlembicHistory, ANamingConventionIsAPartOfWhatIsReplayed) {
  const auto set = [&](const std::string& pattern) {
    std::ofstream(folder_ / "env.py")
        << "from alembic import context\nfrom sqlalchemy import MetaData\n"
           "target_metadata = MetaData(naming_convention={'pk': '"
        << pattern << "'})\ncontext.configure(target_metadata=target_metadata)\n";
  };
  const std::string without = read()->all().digest;
  set("pk_%(table_name)s");
  const std::string with = read()->all().digest;
  set("pk_of_%(table_name)s");
  EXPECT_NE(without, with);
  EXPECT_NE(with, read()->all().digest);

  std::ofstream(folder_ / "versions" / "e555.py")
      << "from alembic import op\nrevision = 'e555'\ndown_revision = 'd444'\n\n\n"
         "def upgrade():\n    op.create_primary_key(None, 't', ['id'])\n";
  Collector collector;
  read()->all().applied.back().upgrade(collector);
  EXPECT_THAT(collector.texts, ElementsAre("ALTER TABLE \"t\" ADD CONSTRAINT \"pk_of_t\" "
                                           "PRIMARY KEY (\"id\")"));
}

}  // namespace
}  // namespace driftd

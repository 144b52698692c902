#include "expected_schema/alembic/script_directory.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace driftd::alembic {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class ScriptDirectoryTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    root_ =
        fs::temp_directory_path() / ("driftd-ini-" + std::to_string(getpid()) + "-" + test->name());
    fs::create_directories(root_ / "migrations" / "versions");
  }
  void TearDown() override { fs::remove_all(root_); }

  void write(const std::string& name, const std::string& text) {
    fs::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name) << text;
  }
  std::string path(const std::string& name) const { return (root_ / name).string(); }

  fs::path root_;
};

TEST_F(ScriptDirectoryTest, HereCommentsAndSeparators) {
  write("alembic.ini",
        "# [alembic]\n[alembic]\n; script_location = no\nscript_location = %(here)s/migrations\n"
        "file_template = %%(rev)s\nversion_locations = %(here)s/a:%(here)s/b\n"
        "version_path_separator = os\n[loggers]\nkeys = root\n");
  const ScriptDirectory found = find_script_directory(root_.string());
  EXPECT_EQ(found.directory, path("migrations"));
  EXPECT_THAT(found.version_locations, ElementsAre(path("a"), path("b")));
  EXPECT_EQ(found.version_table, "alembic_version");
}

TEST_F(ScriptDirectoryTest, RelativeToTheIni) {
  write("alembic.ini", "[alembic]\nscript_location = migrations\n");
  EXPECT_THAT(find_script_directory(path("alembic.ini")).version_locations,
              ElementsAre(path("migrations/versions")));
  EXPECT_EQ(find_script_directory(path("migrations")).ini, path("alembic.ini"));
}

TEST_F(ScriptDirectoryTest, VersionTableFromEnvLiteralOrConstant) {
  write("migrations/env.py",
        "TABLE = 'my_version'\n# version_table='no'\n"
        "context.configure(url=u, version_table=TABLE, version_table_schema=\"s\")\n");
  const ScriptDirectory found = find_script_directory(path("migrations"));
  EXPECT_EQ(found.version_table, "my_version");
  EXPECT_EQ(found.version_table_schema, "s");
}

TEST_F(ScriptDirectoryTest, AVersionTableThatIsNotReadableIsTold) {
  write("migrations/env.py", "context.configure(url=u,\n  version_table=settings.table)\n");
  const auto unread = find_script_directory(path("migrations")).version_table_unread;
  ASSERT_TRUE(unread);
  EXPECT_EQ(unread->reason(), Reason::Settings);
  EXPECT_EQ(unread->place().line, 2);
  EXPECT_THAT(unread->hint(), HasSubstr("Declare version_table"));
}

TEST_F(ScriptDirectoryTest, ModulesAreFoundAroundThePackageAndWhereTheIniSays) {
  write("alembic.ini", "[alembic]\nscript_location = src/app/migrations\nprepend_sys_path = lib\n");
  write("lib/x.py", "");
  write("src/app/__init__.py", "");
  write("src/app/migrations/env.py", "");
  write("src/app/migrations/versions/r.py", "revision = 'r'\ndown_revision = None\n");
  EXPECT_THAT(find_script_directory(path("alembic.ini")).import_roots,
              testing::ElementsAre(path("lib"), path("src"),
                                   std::filesystem::path(path("lib")).parent_path().string()));
}

TEST_F(ScriptDirectoryTest, WhatEnvImportsIsFoundAbove) {
  write("app/db/migrations/env.py", "import logging\nfrom app.core import base\nimport shared\n");
  write("app/db/migrations/versions/a.py", "revision = 'a'\n");
  write("src/shared.py", "");
  EXPECT_THAT(find_script_directory(path("app/db/migrations")).import_roots,
              ElementsAre(root_.string(), path("src")));
}

TEST_F(ScriptDirectoryTest, ALabelMayStandInAnotherModule) {
  write("alembic.ini", "[alembic]\nscript_location = migrations\n");
  write("shop/__init__.py", "LABEL = 'shop'\n");
  write("migrations/versions/a.py",
        "from shop import LABEL\nrevision = 'a'\ndown_revision = None\nbranch_labels = (LABEL,)\n");
  const auto revisions = read_revisions(find_script_directory(path("alembic.ini")));
  ASSERT_EQ(revisions.size(), 1U);
  EXPECT_THAT(revisions.front().branch_labels, ElementsAre("shop"));
}

TEST_F(ScriptDirectoryTest, AnIniInTheScriptDirectoryMaySpeakFromElsewhere) {
  write("migrations/alembic.ini", "[alembic]\nscript_location = app/migrations/\n");
  write("migrations/env.py", "");
  EXPECT_EQ(find_script_directory(path("migrations")).directory, path("migrations"));
}

TEST_F(ScriptDirectoryTest, AnIniInTheScriptDirectoryNeedsNoLocation) {
  write("migrations/alembic.ini", "[alembic]\n");
  write("migrations/env.py", "");
  write("migrations/versions/r.py", "revision = 'r'\ndown_revision = None\n");
  EXPECT_EQ(find_script_directory(path("migrations")).directory, path("migrations"));
}

TEST_F(ScriptDirectoryTest, MissingScriptLocationNamesTheIni) {
  write("alembic.ini", "[alembic]\nx = 1\n");
  EXPECT_THROW(find_script_directory(root_.string()), Error);
  EXPECT_THROW(find_script_directory(path("nowhere")), Error);
}

TEST_F(ScriptDirectoryTest, RevisionsAreReadWithTheirNames) {
  write("migrations/versions/__init__.py", "");
  write("migrations/versions/0001_x.py",
        "\"\"\"add users\n\nmore\n\"\"\"\nrevision: str = 'a1'\ndown_revision = ('b', 'c')\n"
        "depends_on = 'd'\n");
  const auto revisions = read_revisions(find_script_directory(path("migrations")));
  ASSERT_EQ(revisions.size(), 1U);
  EXPECT_EQ(revisions[0].id, "a1");
  EXPECT_EQ(revisions[0].message, "add users");
  EXPECT_THAT(revisions[0].down_revisions, ElementsAre("b", "c"));
  EXPECT_THAT(revisions[0].depends_on, ElementsAre("d"));
  EXPECT_EQ(revisions[0].place.line, 5);
}

TEST_F(ScriptDirectoryTest, FilesAreReadByNameAndBeforeTheFoldersBesideThem) {
  write("alembic.ini",
        "[alembic]\nscript_location = migrations\nrecursive_version_locations = true\n");
  for (const std::string name : {"z", "b/y", "a/b/x", "a/w", "c"}) {
    write("migrations/versions/" + name + ".py",
          "revision = '" + name + "'\ndown_revision = None\n");
  }
  std::vector<std::string> ids;
  for (const Revision& each : read_revisions(find_script_directory(root_.string()))) {
    ids.push_back(each.id);
  }
  EXPECT_THAT(ids, ElementsAre("c", "z", "a/w", "a/b/x", "b/y"));
}

TEST_F(ScriptDirectoryTest, AFileWithoutRevisionIsAnError) {
  write("migrations/versions/x.py", "y = 1\n");
  EXPECT_THROW(read_revisions(find_script_directory(path("migrations"))), Error);
}

}  // namespace
}  // namespace driftd::alembic

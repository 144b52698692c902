#include "expected_schema/alembic/naming.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "expected_schema/alembic/naming_file.h"

namespace driftd::alembic {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Pair;

const NamingConvention convention(std::map<std::string, std::optional<std::string>>{
    {"ix", "ix_%(column_0N_label)s"},
    {"ck", "ck_%(table_name)s_%(constraint_name)s"},
    {"fk",
     "fk_%(column_1_name)s_%(referred_table_name)s_%(referred_column_0_name)s_%(column_9_key)s"},
    {"uq", std::nullopt}});

Unnamed unnamed(const std::string& kind) {
  Unnamed result;
  result.kind = kind;
  result.table = "t";
  result.schema = "s";
  result.columns = {"a", "b"};
  result.referred_table = "r";
  result.referred_columns = {"x", "y"};
  return result;
}

TEST(NamingConvention, FillsItsTokens) {
  EXPECT_EQ(convention.name(unnamed("ix"), {}), "ix_s_t_as_t_b");
  EXPECT_EQ(convention.name(unnamed("fk"), {}), "fk_b_r_x_");
  EXPECT_EQ(convention.name(unnamed("pk"), {}), std::nullopt);
}

TEST(NamingConvention, ChangesAGivenNameOnlyWhereItIsAPartOfIt) {
  Unnamed check = unnamed("ck");
  check.name = "big";
  EXPECT_EQ(convention.name(check, {}), "ck_t_big");
  check.settled = true;
  EXPECT_EQ(convention.name(check, {}), "big");
  Unnamed index = unnamed("ix");
  index.name = "mine";
  EXPECT_EQ(convention.name(index, {}), "mine");
}

TEST(NamingConvention, RefusesWhatItCannotKnow) {
  EXPECT_THROW(convention.name(unnamed("ck"), {}), Error);  // needs a name
  EXPECT_THROW(convention.name(unnamed("uq"), {}), Error);  // a pattern that is no text
  Unnamed index = unnamed("ix");
  index.columns_known = false;
  EXPECT_THROW(convention.name(index, {}), Error);
  const NamingConvention unread(Place{"app/db.py", 7, 0});
  try {
    unread.name(unnamed("pk"), {"versions/r1.py", 9, 5});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.reason(), Reason::NotUnderstood);
    EXPECT_EQ(error.place().line, 9);
    EXPECT_THAT(error.message(), HasSubstr("app/db.py:7"));
  }
}

class FindNaming : public testing::Test {
 protected:
  void SetUp() override {
    std::string path = fs::temp_directory_path() / "driftd-naming-XXXXXX";
    ASSERT_NE(::mkdtemp(path.data()), nullptr);
    folder_ = path;
    fs::create_directories(folder_ / "alembic" / "versions");
    fs::create_directories(folder_ / "app");
    write("alembic.ini", "[alembic]\nscript_location = alembic\n");
    write("app/__init__.py", "");
    env("from app.db import Base\ntarget_metadata = Base.metadata\n");
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& file, const std::string& text) {
    std::ofstream(folder_ / file) << text;
  }
  void env(const std::string& text) {
    write("alembic/env.py", "from alembic import context\n" + text +
                                "context.configure(target_metadata=target_metadata)\n");
  }
  FoundNaming find() { return find_naming(find_script_directory(folder_.string())); }

  fs::path folder_;
};

constexpr const char* kBase =
    "from sqlalchemy import MetaData\n"
    "from sqlalchemy.orm import DeclarativeBase\n"
    "NAMES = {'pk': 'pk_%(table_name)s'}\n"
    "class Base(DeclarativeBase):\n"
    "    metadata = MetaData(naming_convention=NAMES)\n";

TEST_F(FindNaming, InAModuleThatEnvImports) {
  write("app/db.py", kBase);
  const FoundNaming found = find();
  EXPECT_TRUE(found.naming.readable());
  EXPECT_THAT(found.naming.patterns(), Contains(Pair("pk", "pk_%(table_name)s")));
  EXPECT_THAT(found.files, Contains(EndsWith("app/db.py")));
}

TEST_F(FindNaming, FollowsImportsAndAssignment) {
  write("app/names.py", "NAMES = {'uq': 'uq_%(table_name)s'}\n");
  write("app/db.py",
        "from .names import (\n    NAMES,\n)\nfrom sqlmodel import SQLModel as Base\n"
        "Base.metadata.naming_convention = NAMES\n");
  const FoundNaming found = find();
  EXPECT_TRUE(found.naming.readable());
  EXPECT_THAT(found.naming.patterns(), Contains(Pair("uq", "uq_%(table_name)s")));
  EXPECT_THAT(found.files, Contains(EndsWith("app/names.py")));
}

TEST_F(FindNaming, TokensMayBeFunctionsOfTheApplication) {
  write("app/db.py",
        "from app import Library\n"
        "def _names(constraint, table):\n"
        "    return '_'.join(c.name for c in constraint.columns)\n"
        "NAMES = {'ix': 'ix_%(kind)s%(table_name)s_%(names)s', 'names': _names,\n"
        "         'kind': lambda index, table: 'uq_' if index.unique else '',\n"
        "         'pk': 'pk_%(lost)s', 'lost': lambda constraint, table: app_only(table)}\n"
        "class Base(Library):\n    pass\n"
        "db = Base(Library)\n"
        "db.metadata.naming_convention = NAMES\n");
  const NamingConvention naming = find().naming;  // outlives what it was read with
  ASSERT_TRUE(naming.readable());
  Unnamed index = unnamed("ix");
  index.unique = true;
  EXPECT_EQ(naming.name(index, {}), "ix_uq_t_a_b");
  index.unique = false;
  EXPECT_EQ(naming.name(index, {}), "ix_t_a_b");
  index.unique.reset();
  EXPECT_THROW(naming.name(index, {}), Error);
  index.unique = true;
  index.columns_known = false;
  EXPECT_THROW(naming.name(index, {}), Error);
  EXPECT_THROW(naming.name(unnamed("pk"), {}), Error);
}

TEST_F(FindNaming, WhatCannotBeReadIsSaidToBeThere) {
  for (const char* text : {"from x import load\nfrom sqlalchemy import MetaData\n"
                           "class Base:\n    metadata = MetaData(naming_convention=load())\n",
                           "from sqlalchemy import MetaData\ndef make():\n"
                           "    return MetaData(naming_convention={'pk': 'a'})\n"}) {
    write("app/db.py", text);
    EXPECT_FALSE(find().naming.readable()) << text;
  }
}

TEST_F(FindNaming, OfTwoMetadataNoneIsChosen) {
  write("app/db.py", std::string(kBase) + "other = MetaData()\n");
  EXPECT_FALSE(find().naming.readable());
  write("app/db.py", std::string(kBase) + "other = MetaData(naming_convention={'pk': 'b'})\n");
  EXPECT_FALSE(find().naming.readable());
}

TEST_F(FindNaming, BesideWhatEnvImportsItIsUnread) {
  env("import importlib\ntarget_metadata = importlib.import_module('app.' + 'db').Base.metadata\n");
  write("app/db.py", kBase);
  EXPECT_FALSE(find().naming.readable());
}

TEST_F(FindNaming, NoneWhereAlembicHasNoMetadataOrAList) {
  write("app/db.py", kBase);
  env("target_metadata = None\n");
  EXPECT_TRUE(find().naming.empty());
  env("from app.db import Base\ntarget_metadata = [Base.metadata]\n");
  EXPECT_TRUE(find().naming.empty());
}

TEST_F(FindNaming, NoneWhereNothingMountedSpeaksOfOne) {
  EXPECT_TRUE(find().naming.empty());
}

}  // namespace
}  // namespace driftd::alembic

// What other libraries bring to migrations.
#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/support/upgraded.h"

namespace driftd::alembic {
namespace {

namespace fs = std::filesystem;
using test::refusal;
using test::sql;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(FlaskSqlalchemy, HasSqlalchemysNamesAndTheSession) {
  EXPECT_THAT(sql("from flask_sqlalchemy import SQLAlchemy\n"
                  "    class Database(SQLAlchemy): pass\n"
                  "    db, other = SQLAlchemy(), Database()\n"
                  "    op.add_column('t', db.Column('a', db.String(5)))\n"
                  "    other.session.execute('DROP TABLE a')\n"
                  "    db.session.commit()\n"
                  "    db.engine.execute(db.text('DROP TABLE b'))\n"
                  "    db.session().execute('DROP TABLE c')"),
              ElementsAre("ALTER TABLE \"t\" ADD COLUMN \"a\" VARCHAR(5)", "DROP TABLE a",
                          "DROP TABLE b", "DROP TABLE c"));
  EXPECT_THAT(
      refusal("from flask_sqlalchemy import SQLAlchemy\n    SQLAlchemy().create_all()").message(),
      HasSubstr("flask_sqlalchemy.SQLAlchemy.create_all"));
}

TEST(SqlalchemyUtils, TypesAreWhatTheyAreOnPostgres) {
  const auto added = [](const std::string& path, const std::string& type) {
    return sql("import " + path + "\n    op.add_column('t', sa.Column('a', " + path + "." + type +
               "))");
  };
  const auto as = [](const std::string& type) {
    return ElementsAre("ALTER TABLE \"t\" ADD COLUMN \"a\" " + type);
  };
  EXPECT_THAT(added("sqlalchemy_utils", "ColorType()"), as("VARCHAR(20)"));
  EXPECT_THAT(added("sqlalchemy_utils.types.color", "ColorType(max_length=7)"), as("VARCHAR(7)"));
  EXPECT_THAT(added("sqlalchemy_utils", "PhoneNumberType('US', 30)"), as("VARCHAR(30)"));
  EXPECT_THAT(added("sqlalchemy_utils.types", "PasswordType(schemes=['x'])"), as("BYTEA"));
  EXPECT_THAT(added("sqlalchemy_utils.types.range", "DateTimeRangeType()"), as("TSRANGE"));
  EXPECT_THAT(added("sqlalchemy_utils.types.uuid", "UUIDType(binary=False)"), as("UUID"));
  EXPECT_THAT(added("sqlalchemy_utils.types.encrypted.encrypted_type",
                    "StringEncryptedType(sa.String, 'key', length=99)"),
              as("VARCHAR(99)"));
}

TEST(Sqlmodel, PassesOnWhatIsSqlalchemys) {
  EXPECT_THAT(sql("import sqlmodel\n"
                  "    op.add_column('t', sqlmodel.Column('a', "
                  "sqlmodel.sql.sqltypes.types.Uuid()))\n"
                  "    op.add_column('t', sa.Column('b', sqlmodel.sql.sqltypes.AutoString(3)))"),
              ElementsAre("ALTER TABLE \"t\" ADD COLUMN \"a\" UUID",
                          "ALTER TABLE \"t\" ADD COLUMN \"b\" VARCHAR(3)"));
}

TEST(SyncEnumValues, OfTheOtherLibraryAddsOneValue) {
  EXPECT_THAT(sql("op.sync_enum_values('public', 'mood', ['a', 'b'], ['b', 'c', 'a'])"),
              ElementsAre("ALTER TYPE \"public\".\"mood\" ADD VALUE 'c'"));
  EXPECT_THAT(sql("op.sync_enum_values('public', 'mood', ['a', 'b'], ['b'])"), IsEmpty());
  EXPECT_THAT(refusal("op.sync_enum_values('public', 'mood', ['a'], ['a', 'b', 'c'])").message(),
              HasSubstr("new_values=['a', 'b', 'c']"));
}

TEST(Oslo, AnEngineIsTheDatabase) {
  EXPECT_THAT(sql("from oslo_db.sqlalchemy import enginefacade\n"
                  "    engine = enginefacade.reader.get_engine()\n"
                  "    if engine.dialect.name != 'mysql': op.drop_table('t')"),
              ElementsAre("DROP TABLE \"t\""));
}

TEST(Logger, DoesNothingWhoeverMakesIt) {
  EXPECT_THAT(sql("from applogging import get_logger\n"
                  "    get_logger(__name__).info('going')\n    op.drop_table('t')"),
              ElementsAre("DROP TABLE \"t\""));
  EXPECT_THAT(refusal("from applogging import get_logger\n    get_logger(op.get_bind())").message(),
              HasSubstr("applogging.get_logger"));
}

TEST(Types, OfWhichALibraryMayBeMissingAreThere) {
  EXPECT_THAT(sql("try:\n        from pgvector.sqlalchemy import Vector\n"
                  "    except ImportError:\n        Vector = None\n"
                  "    if Vector is not None: op.add_column('t', sa.Column('v', Vector(3)))"),
              ElementsAre("ALTER TABLE \"t\" ADD COLUMN \"v\" VECTOR(3)"));
}

TEST(Operations, TakeTheKeywordsOfOldAlembic) {
  EXPECT_THAT(sql("op.create_foreign_key(name='f', source='a', referent='b', local_cols=['x'], "
                  "remote_cols=['y'])\n"
                  "    op.drop_constraint('f', tablename='a', type='foreignkey')\n"
                  "    op.create_index(name='i', tablename='a', columns=['x'])"),
              ElementsAre("ALTER TABLE \"a\" ADD CONSTRAINT \"f\" FOREIGN KEY (\"x\") REFERENCES "
                          "\"b\" (\"y\")",
                          "ALTER TABLE \"a\" DROP CONSTRAINT \"f\"",
                          "CREATE INDEX \"i\" ON \"a\" (\"x\")"));
}

TEST(Index, IsTheSameHoweverItIsBuilt) {
  EXPECT_THAT(sql("import os\n"
                  "    op.create_index('i', 't', ['a'], "
                  "postgresql_concurrently=bool(os.environ.get('SLOWLY')))"),
              ElementsAre("CREATE INDEX \"i\" ON \"t\" (\"a\")"));
}

TEST(Data, OfAnotherTableIsPassedOver) {
  EXPECT_THAT(sql("t, u = (sa.table(n, sa.column('a'), sa.column('b')) for n in 'tu')\n"
                  "    op.execute(t.update().where(t.c.a == u.c.a).values(b=u.c.b))\n"
                  "    op.execute(t.update().where(t.c.a == 1).values(b=t.c.a))\n"
                  "    op.execute(t.delete().where(sa.func.lower(u.c.b) == t.c.b))"),
              ElementsAre("PASSED OVER", "UPDATE \"t\" SET \"b\" = \"a\" WHERE (\"a\" = 1)",
                          "PASSED OVER"));
}

TEST(Metadata, OfNoTableMakesNone) {
  EXPECT_THAT(sql("m, n = sa.MetaData(), sa.MetaData()\n"
                  "    sa.Table('t', n, sa.Column('a', sa.Integer))\n"
                  "    m.create_all(bind=op.get_bind())\n    op.drop_table('u')"),
              ElementsAre("DROP TABLE \"u\""));
  EXPECT_THAT(refusal("m = sa.MetaData()\n    sa.Table('t', m, sa.Column('a', sa.Integer))\n"
                      "    m.create_all(op.get_bind())")
                  .message(),
              HasSubstr("sa.MetaData(...).create_all"));
  EXPECT_THAT(refusal("from sqlalchemy.orm import DeclarativeBase\n    m = sa.MetaData()\n"
                      "    class Base(DeclarativeBase):\n        metadata = m\n"
                      "    m.create_all(op.get_bind())")
                  .message(),
              HasSubstr("sa.MetaData(...).create_all"));
  EXPECT_THAT(refusal("sa.MetaData(reflect=True).create_all(op.get_bind())").message(),
              HasSubstr("create_all"));
}

TEST(Models, ThatAreNotMountedHaveConditions) {
  EXPECT_THAT(sql("from shop.models import User\n    from sqlalchemy.orm import Session\n"
                  "    session = Session(bind=op.get_bind())\n"
                  "    if not session: op.drop_table('s')\n"
                  "    if session.query(User).filter(User.active.is_(True)).count() > 0:\n"
                  "        op.execute('UPDATE t SET a = 1')\n    op.drop_table('t')"),
              ElementsAre("PASSED OVER", "DROP TABLE \"t\""));
}

TEST(Connection, HasWhatConnectionsHave) {
  EXPECT_THAT(sql("if hasattr(op.get_bind(), 'dialect'): op.drop_table('t')"),
              ElementsAre("DROP TABLE \"t\""));
  EXPECT_THAT(
      refusal("if hasattr(op.get_bind().connection, 'lobject'): op.drop_table('t')").message(),
      HasSubstr("whether the driver has an attribute"));
}

/// The application's own env.py is beside the folder of the revision.
class Foreign : public testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::temp_directory_path() / ("driftd-foreign-" + std::to_string(getpid()));
    fs::create_directories(root_ / "versions");
    std::ofstream(root_ / "env.py") << "from shop.models import Base\n";
  }
  void TearDown() override { fs::remove_all(root_); }
  std::vector<std::string> sql(const std::string& body) const {
    Revision revision;
    revision.id = "r1";
    revision.file = (root_ / "versions" / "r1.py").string();
    test::Sink sink;
    run_upgrade(revision, test::kHead + ("    " + body + "\n"), sink);
    return sink.sql;
  }
  std::string refused(const std::string& body) const {
    try {
      sql(body);
    } catch (const Error& error) {
      return error.message();
    }
    return "nothing";
  }
  fs::path root_;
};

TEST_F(Foreign, WhatIsComputedElsewhereIsNotKnown) {
  EXPECT_THAT(sql("from timelib import utc_seconds\n"
                  "    op.execute(\"INSERT INTO t VALUES ('%s')\" % utc_seconds(1, zone='x'))\n"
                  "    op.drop_table('t')"),
              ElementsAre("PASSED OVER", "DROP TABLE \"t\""));
  EXPECT_THAT(refused("from timelib import suffix\n    op.drop_table('t' + suffix())"),
              HasSubstr("op.drop_table(table_name=<what timelib.suffix gives>)"));
}

TEST_F(Foreign, WhatMayDoMoreIsRefused) {
  // A statement of its own, a deed, a module of the application, a way to a database, an object.
  for (const char* call :
       {"import timelib\n    timelib.seconds()", "import timelib\n    x = timelib.create_all('t')",
        "import shop.helpers\n    x = shop.helpers.seconds()",
        "import mysqllib\n    x = mysqllib.seconds()",
        "import timelib\n    x = timelib.seconds(op.get_bind())",
        "import timelib\n    x = timelib.seconds(lambda: op.drop_table('t'))",
        "import timelib\n    x = timelib.seconds([sa.orm.Session(op.get_bind())])"}) {
    EXPECT_THAT(refused(call), HasSubstr("the call of")) << call;
  }
}

}  // namespace
}  // namespace driftd::alembic

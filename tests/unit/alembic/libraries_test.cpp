// What other libraries bring to migrations.
#include <gmock/gmock.h>

#include "tests/support/upgraded.h"

namespace driftd::alembic {
namespace {

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

}  // namespace
}  // namespace driftd::alembic

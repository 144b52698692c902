#include <gmock/gmock.h>

#include <map>

#include "tests/support/upgraded.h"

namespace driftd::alembic {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using test::kHead;
using test::refusal;
using test::Sink;
using test::sql;
using test::upgraded;

TEST(CreateTable, EmitsTypeTableIndexAndComments) {
  EXPECT_THAT(
      sql("op.create_table('t', sa.Column('id', sa.BigInteger, primary_key=True), "
          "sa.Column('s', sa.Enum('a', 'b', name='st'), index=True, comment=\"it's\"), "
          "sa.CheckConstraint('id > 0', name='ck'), comment='c')"),
      ElementsAre("DO $driftd$ BEGIN IF to_regtype('\"st\"') IS NULL THEN CREATE TYPE \"st\" AS "
                  "ENUM ('a', 'b'); END IF; END $driftd$",
                  "CREATE TABLE \"t\" (\"id\" BIGSERIAL NOT NULL, \"s\" \"st\", PRIMARY KEY "
                  "(\"id\"), CONSTRAINT \"ck\" CHECK (id > 0))",
                  "CREATE INDEX \"ix_t_s\" ON \"t\" (\"s\")", "COMMENT ON TABLE \"t\" IS 'c'",
                  "COMMENT ON COLUMN \"t\".\"s\" IS 'it''s'"));
}

TEST(CreateTable, SerialIsDecidedAsSqlalchemyDecides) {
  const auto column = [](const std::string& arguments) {
    return sql("op.create_table('t', sa.Column('id', " + arguments + "))").front();
  };
  EXPECT_THAT(column("sa.Integer, primary_key=True"), HasSubstr("\"id\" SERIAL NOT NULL"));
  EXPECT_THAT(column("sa.SmallInteger, primary_key=True"), HasSubstr("SMALLSERIAL"));
  EXPECT_THAT(column("sa.Integer, primary_key=True, autoincrement=False"),
              HasSubstr("\"id\" INTEGER NOT NULL"));
  EXPECT_THAT(column("sa.Integer, sa.ForeignKey('u.id'), primary_key=True"),
              HasSubstr("\"id\" INTEGER NOT NULL"));
  EXPECT_THAT(column("sa.Integer, primary_key=True, server_default=sa.text('7')"),
              HasSubstr("\"id\" INTEGER DEFAULT 7 NOT NULL"));
}

TEST(AddColumn, CreatesNoType) {
  EXPECT_THAT(sql("op.add_column('t', sa.Column('s', sa.Enum('a', name='st')))"),
              ElementsAre("ALTER TABLE \"t\" ADD COLUMN \"s\" \"st\""));
}

TEST(AddColumn, BringsItsConstraintsAndIndex) {
  EXPECT_THAT(
      sql("op.add_column('t', sa.Column('s', sa.Integer, sa.ForeignKey('u.id', "
          "ondelete='CASCADE'), index=True))"),
      ElementsAre("ALTER TABLE \"t\" ADD COLUMN \"s\" INTEGER",
                  "ALTER TABLE \"t\" ADD FOREIGN KEY (\"s\") REFERENCES \"u\" (\"id\") ON DELETE "
                  "CASCADE",
                  "CREATE INDEX \"ix_t_s\" ON \"t\" (\"s\")"));
}

TEST(AlterColumn, KeepsAlembicsOrder) {
  EXPECT_THAT(sql("op.alter_column('t', 'a', new_column_name='b', nullable=False, "
                  "server_default='x', type_=sa.String(5), postgresql_using='a::text', "
                  "comment=None)"),
              ElementsAre("ALTER TABLE \"t\" ALTER COLUMN \"a\" TYPE VARCHAR(5) USING a::text",
                          "ALTER TABLE \"t\" ALTER COLUMN \"a\" SET NOT NULL",
                          "ALTER TABLE \"t\" ALTER COLUMN \"a\" SET DEFAULT 'x'",
                          "COMMENT ON COLUMN \"t\".\"a\" IS NULL",
                          "ALTER TABLE \"t\" RENAME \"a\" TO \"b\""));
}

TEST(AlterColumn, ServerDefaultNoneDropsAndFalseKeeps) {
  EXPECT_THAT(sql("op.alter_column('t', 'a', server_default=None)"),
              ElementsAre("ALTER TABLE \"t\" ALTER COLUMN \"a\" DROP DEFAULT"));
  EXPECT_THAT(sql("op.alter_column('t', 'a', server_default=False)"), ElementsAre());
}

TEST(CreateIndex, OptionsOfPostgresql) {
  EXPECT_THAT(sql("op.create_index('ix', 't', [sa.text('lower(s)'), 'a'], unique=True, "
                  "postgresql_using='btree', postgresql_ops={'a': 'text_ops'}, "
                  "postgresql_include=['c'], postgresql_where=sa.column('a') != None)"),
              ElementsAre("CREATE UNIQUE INDEX \"ix\" ON \"t\" USING \"btree\" (lower(s), \"a\" "
                          "text_ops) INCLUDE (\"c\") WHERE \"a\" IS NOT NULL"));
}

TEST(Expressions, NegationTurnsTheComparison) {
  const auto check = [](const std::string& condition) {
    return sql("op.create_check_constraint('c', 't', " + condition + ")").front();
  };
  EXPECT_THAT(check("sa.not_(sa.column('a').in_([1, 2]))"), HasSubstr("(\"a\" NOT IN (1, 2))"));
  EXPECT_THAT(check("~(sa.column('a') == 7)"), HasSubstr("(\"a\" != 7)"));
  EXPECT_THAT(check("sa.and_(sa.column('a') > 1, sa.or_(sa.column('b') < 5, sa.text('c')))"),
              HasSubstr("((\"a\" > 1) AND ((\"b\" < 5) OR c))"));
}

TEST(Execute, ColonsAreParametersCastsOrEscaped) {
  EXPECT_THAT(sql("op.execute(\"SELECT 'a'::text, '\\\\:x', '10:30'\")"),
              ElementsAre("SELECT 'a'::text, ':x', '10:30'"));
  EXPECT_THAT(sql("op.execute(sa.text('SELECT :a').bindparams(a=\"it's\"))"),
              ElementsAre("SELECT 'it''s'"));
  EXPECT_EQ(refusal("op.execute('SELECT :a')").message(),
            "bind parameter :a without a value is not understood");
}

TEST(Execute, AutocommitBlockIsTold) {
  EXPECT_THAT(upgraded("    with op.get_context().autocommit_block():\n"
                       "        op.execute('SELECT 1')\n")
                  .sql,
              ElementsAre("BEGIN AUTOCOMMIT", "SELECT 1", "END AUTOCOMMIT"));
}

TEST(Data, IsInsertedWhereItIsLiteralAndPassedOverWhereNot) {
  EXPECT_THAT(sql("op.bulk_insert(sa.table('t', sa.column('a')), [{'a': 1}, {'a': None}])"),
              ElementsAre("INSERT INTO \"t\" (\"a\") VALUES (1), (NULL)"));
  EXPECT_THAT(sql("op.bulk_insert(sa.table('t', sa.column('a')), [{'a': Money.now}])"),
              ElementsAre("PASSED OVER"));
}

TEST(Batch, IsTheOperationOfItsTable) {
  EXPECT_THAT(upgraded("    with op.batch_alter_table('t', schema='s') as batch_op:\n"
                       "        batch_op.drop_column('a')\n")
                  .sql,
              ElementsAre("ALTER TABLE \"s\".\"t\" DROP COLUMN \"a\""));
}

TEST(Places, AreThoseOfTheCall) {
  const Sink sink = upgraded("    x = 1\n    op.drop_table('t')\n");
  ASSERT_EQ(sink.statements.size(), 1U);
  EXPECT_EQ(sink.statements[0].place, (Place{"versions/r1.py", 9, 5}));
  EXPECT_EQ(sink.statements[0].revision, "r1");
}

TEST(NotUnderstood, NamesTheConstructAndThePlace) {
  const Error type = refusal("op.add_column('t', sa.Column('m', Money(3)))");
  EXPECT_EQ(type.reason(), Reason::NotUnderstood);
  EXPECT_EQ(type.message(), "type app.types.Money of column m is not understood");
  EXPECT_EQ(type.place().line, 8);
  EXPECT_EQ(refusal("op.drop_table('t', cascade=True)").message(),
            "op.drop_table(cascade=...) is not understood");
  EXPECT_EQ(refusal("op.create_view('t')").message(), "op.create_view is not understood");
  EXPECT_EQ(refusal("op.batch_alter_table('t', recreate='always')").message(),
            "op.batch_alter_table(recreate='always') is not understood");
}

TEST(NotUnderstood, OtherDatabasesKeywordsAreIgnored) {
  EXPECT_THAT(sql("op.drop_column('t', 'a', mssql_drop_check=True)"),
              ElementsAre("ALTER TABLE \"t\" DROP COLUMN \"a\""));
}

TEST(NotUnderstood, ArgumentsThatWouldMakeAnotherColumn) {
  EXPECT_EQ(refusal("op.add_column('t', sa.Column('a', sa.Integer, key='b'))").message(),
            "sa.Column(key='b') is not understood");
  EXPECT_EQ(refusal("op.add_column('t', sa.Column('A', sa.Integer, quote=False))").message(),
            "sa.Column(quote=False) is not understood");
  EXPECT_THAT(refusal("op.drop_table(sa.sql.quoted_name('A', False))").message(),
              HasSubstr("(quote=False) is not understood"));
  EXPECT_THAT(sql("op.add_column('t', sa.Column('a', sa.Integer, key='a', quote=False))"),
              ElementsAre("ALTER TABLE \"t\" ADD COLUMN \"a\" INTEGER"));
  EXPECT_EQ(refusal("op.add_column('t', sa.Column('a', postgresql.JSONB(as_text=True)))").message(),
            "type postgresql.JSONB(as_text=...) is not understood");
  EXPECT_THAT(refusal("op.add_column('t', sa.Column('a', sa.PickleType(impl=sa.Text)))").message(),
              HasSubstr("type PickleType(impl="));
  EXPECT_THAT(sql("op.add_column('t', sa.Column('a', sa.Uuid(native_uuid=False)))"),
              ElementsAre("ALTER TABLE \"t\" ADD COLUMN \"a\" CHAR(32)"));
}

TEST(Statements, ThatMayCallAnythingAreNotPassedOver) {
  EXPECT_THAT(refusal("op.get_bind().execute(sa.select(sa.func.create_hypertable('t')))").message(),
              HasSubstr("which calls func.create_hypertable"));
  EXPECT_THAT(sql("op.get_bind().execute(sa.select(sa.func.count()))"), ElementsAre());
  EXPECT_THAT(sql("op.bulk_insert(sa.table('t'), [{'a': Money(3)}])"), ElementsAre("PASSED OVER"));
}

TEST(Names, OfMoreThan63CharactersAreCutAsSqlAlchemyCutsThem) {
  const std::string cut = "\"" + std::string(55, 'x') + "_";
  EXPECT_THAT(sql("op.create_index(op.f('x' * 70), 't', ['a'])"), ElementsAre(HasSubstr(cut)));
  EXPECT_THAT(sql("op.drop_constraint(op.f('x' * 70), 't')"), ElementsAre(HasSubstr(cut)));
}

/// A database that answers what it is told to.
struct Asked : Sink {
  std::map<std::string, Answer> answers;  ///< by a part of the query
  std::optional<Answer> query(const Statement& statement) override {
    for (const auto& [part, answer] : answers) {
      if (statement.sql.find(part) != std::string::npos) return answer;
    }
    return Answer{{"x"}, {25}, {}};
  }
};

std::vector<std::string> asked(const std::string& body, std::map<std::string, Answer> answers) {
  Revision revision;
  revision.id = "r1";
  revision.file = "versions/r1.py";
  Asked sink;
  sink.answers = std::move(answers);
  run_upgrade(revision, kHead + body, sink);
  return sink.sql;
}

TEST(Queries, AboutTheSchemaAreAnswered) {
  const Answer rows{{"name", "n", "ok", "cols"},
                    {25, 23, 16, 1009},
                    {{"a", "3", "t", "{x,\"y z\",NULL}"}, {"b", std::nullopt, "f", "{}"}}};
  EXPECT_THAT(
      asked("    r = op.get_bind().execute('SELECT relname FROM pg_class').fetchall()\n"
            "    for row in r:\n"
            "        op.execute(f'DROP {row.name} {row[1]} {row[\"ok\"]} {list(row[3])}')\n"
            "    if len(r) == 2 and r[1].n is None: op.drop_table('t')\n",
            {{"pg_class", rows}}),
      ElementsAre("DROP a 3 True ['x', 'y z', None]", "DROP b None False []", "DROP TABLE \"t\""));
  EXPECT_THAT(asked("    c = op.get_bind()\n"
                    "    if c.execute('SELECT 1 FROM pg_type').scalar() is None:\n"
                    "        op.drop_table('t')\n"
                    "    if c.execute('SELECT 1 FROM pg_type').first(): op.drop_table('u')\n",
                    {}),
              ElementsAre("DROP TABLE \"t\""));
}

TEST(Queries, OfRowsAreNotKnown) {
  EXPECT_THAT(asked("    for r in op.get_bind().execute('SELECT a FROM t'):\n"
                    "        op.execute(f\"UPDATE t SET a = '{r.a}'\")\n"
                    "    op.drop_table('t')\n",
                    {}),
              ElementsAre("SELECT a FROM t", "PASSED OVER", "DROP TABLE \"t\""));
}

TEST(Environment, IsAskedOfTheSettings) {
  Revision revision;
  revision.id = "r1";
  revision.file = "versions/r1.py";
  const std::string body =
      "    import os\n    if os.environ.get('MODE') == 'full': op.drop_table('t')\n"
      "    if os.environ['MODE'] != 'full': op.drop_table('u')\n";
  Sink sink;
  Surroundings around;
  around.environment["MODE"] = "full";
  run_upgrade(revision, kHead + body, sink, around);
  EXPECT_THAT(sink.sql, ElementsAre("DROP TABLE \"t\""));
  EXPECT_THAT(refusal("import os\n    if os.getenv('MODE'): op.drop_table('t')").hint(),
              HasSubstr("environment: {MODE: value}"));
}

TEST(Types, AreDeclaredInSettings) {
  Revision revision;
  revision.id = "r1";
  revision.file = "versions/r1.py";
  Sink sink;
  Surroundings around;
  around.types["app.types.Money"] = "numeric(18,4)";
  run_upgrade(revision, std::string(kHead) + "    op.add_column('t', sa.Column('m', Money()))\n",
              sink, around);
  EXPECT_THAT(sink.sql, ElementsAre("ALTER TABLE \"t\" ADD COLUMN \"m\" numeric(18,4)"));
  EXPECT_THAT(refusal("op.add_column('t', sa.Column('m', Money()))").hint(),
              HasSubstr("types: {app.types.Money: PostgreSQL's type}"));
}

constexpr const char* entities =
    "    from alembic_utils.pg_function import PGFunction\n"
    "    from alembic_utils.pg_view import PGView\n"
    "    from alembic_utils.pg_trigger import PGTrigger\n"
    "    from alembic_utils.pg_extension import PGExtension\n"
    "    from alembic_utils.pg_policy import PGPolicy\n"
    "    from alembic_utils.pg_materialized_view import PGMaterializedView\n"
    "    f = PGFunction(schema='app', signature='f(a int)', definition='returns int as $$ select "
    "1; "
    "$$ language sql;')\n"
    "    v = PGView(schema='app', signature='v', definition='select 1 as a ; ')\n"
    "    m = PGMaterializedView(schema='app', signature='m', definition='select 1', "
    "with_data=False)\n"
    "    t = PGTrigger(schema='app', signature='t', on_entity='app.x', "
    "definition='BEFORE UPDATE OF con\\nON x FOR EACH ROW EXECUTE FUNCTION g()')\n"
    "    e = PGExtension(schema='public', signature='uuid-ossp')\n"
    "    p = PGPolicy(schema='app', signature='p', on_entity='app.x', definition='using (true)')\n";

TEST(Entities, AreCreatedDroppedAndReplaced) {
  const auto of = [](const std::string& body) {
    return sql(("pass\n" + std::string(entities) + body).c_str());
  };
  EXPECT_THAT(
      of("    for one in (f, v, m, t, e, p): op.create_entity(one)\n"),
      ElementsAre(
          "CREATE FUNCTION \"app\".\"f\"(a int) returns int as $$ select 1; $$ language sql",
          "CREATE VIEW \"app\".\"v\" AS select 1 as a",
          "CREATE MATERIALIZED VIEW \"app\".\"m\" AS select 1 WITH NO DATA",
          "CREATE TRIGGER t BEFORE UPDATE OF con\nON \"app\".x FOR EACH ROW EXECUTE FUNCTION g()",
          "CREATE EXTENSION \"uuid-ossp\" WITH SCHEMA \"public\"",
          "CREATE POLICY p ON app.x using (true)"));
  EXPECT_THAT(of("    for one in (f, v, m, t, e, p): op.drop_entity(one)\n"),
              ElementsAre("DROP FUNCTION \"app\".\"f\"(a int)", "DROP VIEW \"app\".\"v\"",
                          "DROP MATERIALIZED VIEW \"app\".\"m\"", "DROP TRIGGER t ON app.x",
                          "DROP EXTENSION \"uuid-ossp\"", "DROP POLICY p ON app.x"));
  EXPECT_THAT(
      of("    op.replace_entity(f)\n    op.replace_entity(p)\n"),
      ElementsAre("CREATE OR REPLACE FUNCTION \"app\".\"f\"(a int) returns int as $$ select "
                  "1; $$ language sql",
                  "DROP POLICY IF EXISTS p ON app.x", "CREATE POLICY p ON app.x using (true)"));
}

TEST(SyncEnumValues, LeavesTheTypeUnderItsName) {
  EXPECT_THAT(sql("op.sync_enum_values('public', 'mood', ['a', \"b's\"], [('t', 'm')], "
                  "enum_values_to_rename=[('x', 'a')])"),
              ElementsAre("CREATE TYPE \"public\".\"mood_driftd_new\" AS ENUM ('a', 'b''s')",
                          "ALTER TABLE \"t\" ALTER COLUMN \"m\" TYPE "
                          "\"public\".\"mood_driftd_new\" USING (CASE \"m\"::text WHEN 'x' THEN "
                          "'a' ELSE \"m\"::text END)::\"public\".\"mood_driftd_new\"",
                          "DROP TYPE \"public\".\"mood\"",
                          "ALTER TYPE \"public\".\"mood_driftd_new\" RENAME TO \"mood\""));
}

TEST(NotUnderstood, AValueOfAQueryIsNeverCompared) {
  for (const char* test : {"if op.get_bind().execute('SELECT 1').fetchone() is None:",
                           "if op.get_bind().execute('SELECT 1').scalar() is not None:",
                           "if not op.get_bind().execute('SELECT 1').fetchall():",
                           "if len(op.get_bind().execute('SELECT 1').fetchall()) == 0:",
                           "if op.get_bind().execute('SELECT 1').scalar() == 0:",
                           "if 't' in sa.inspect(op.get_bind()).get_table_names():",
                           "if bool(op.get_bind().execute('SELECT 1').scalar()):",
                           "if any(r for r in op.get_bind().execute('SELECT 1')):",
                           "if isinstance(op.get_bind().execute('SELECT 1').scalar(), str):",
                           "if op.get_bind().execute('SELECT 1').scalar() in (None, 1):",
                           "if op.get_bind().engine.url.database is None:"}) {
    try {
      const Sink sink = upgraded("    " + std::string(test) + "\n        op.drop_table('t')\n");
      ADD_FAILURE() << test << " was decided, with " << sink.sql.size() << " statements";
    } catch (const Error& error) {
      EXPECT_EQ(error.reason(), Reason::NotUnderstood) << test;
    }
  }
}

TEST(NotUnderstood, WhatMayReachTheDatabaseUnseen) {
  const auto refused = [](const std::string& body) { return refusal(body).message(); };
  EXPECT_THAT(refused("from sqlalchemy.orm import DeclarativeBase\n"
                      "    class Base(DeclarativeBase): pass\n"
                      "    Base.metadata.create_all(op.get_bind())"),
              HasSubstr(".create_all() of what only the application knows"));
  EXPECT_THAT(refused("sa.orm.Session(op.get_bind()).query(1).first().run(op.get_bind())"),
              HasSubstr(".run() of what only the application knows"));
  EXPECT_THAT(refused("import requests\n    requests.get('x', hooks=lambda: op.drop_table('t'))"),
              HasSubstr("requests.get"));
  EXPECT_THAT(refused("import os\n    os.system('psql -c \"DROP TABLE t\"')"),
              HasSubstr("os.system"));
  EXPECT_THAT(
      refused("import functools\n    functools.reduce(lambda a, b: op.drop_table(b), ['t'])"),
      HasSubstr("functools.reduce"));
  EXPECT_THAT(
      refused("import tenacity\n    @tenacity.retry\n    def f(): op.drop_table('t')\n    f()"),
      HasSubstr("tenacity.retry"));
  EXPECT_THAT(
      refused("import psycopg2\n    psycopg2.connect('x').cursor().execute('DROP TABLE t')"),
      HasSubstr("psycopg2.connect"));
}

TEST(NotUnderstood, WhatAQueryGivesIsNeverGuessed) {
  EXPECT_THAT(refusal("[op.drop_table('x') for r in op.get_bind().execute('SELECT 1')]").message(),
              HasSubstr("whether `DROP TABLE \"x\"` runs depends on what the query at"));
}

}  // namespace
}  // namespace driftd::alembic

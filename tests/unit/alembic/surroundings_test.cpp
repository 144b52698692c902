// What a migration finds around it: variables, packages, files, the folders above.
#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "expected_schema/alembic/packages.h"
#include "tests/support/upgraded.h"

namespace driftd::alembic {
namespace {

namespace fs = std::filesystem;
using test::kHead;
using test::refusal;
using test::Sink;
using test::sql;
using testing::ElementsAre;
using testing::HasSubstr;

/// A folder with an application, whose revisions lie in app/migrations/versions.
class Mounted : public testing::Test {
 public:
  Mounted() : root_(fs::temp_directory_path() / ("driftd-around-" + std::to_string(::getpid()))) {
    fs::remove_all(root_);
  }
  ~Mounted() override { fs::remove_all(root_); }

  void put(const std::string& file, const std::string& text) const {
    fs::create_directories((root_ / file).parent_path());
    std::ofstream(root_ / file) << text;
  }
  std::vector<std::string> run(const std::string& body, const Surroundings& around = {}) const {
    Revision revision;
    revision.id = "r1";
    revision.file = (root_ / "app/migrations/versions/r1.py").string();
    Sink sink;
    run_upgrade(revision, std::string(kHead) + "    " + body + "\n", sink, around);
    return sink.sql;
  }
  std::string refused(const std::string& body, const Surroundings& around = {}) const {
    try {
      run(body, around);
    } catch (const Error& error) {
      return error.message();
    }
    return "nothing was refused";
  }

  fs::path root_;
};

TEST_F(Mounted, AVariableThatIsNotDeclaredIsUnsetOnlyWhereSettingsSaySo) {
  const std::string asks = "import os\n    op.drop_table(os.environ.get('T', 'fallback'))";
  EXPECT_THAT(refused(asks), HasSubstr("the variable T"));
  Surroundings around;
  around.environment_complete = true;
  EXPECT_THAT(run(asks, around), ElementsAre("DROP TABLE \"fallback\""));
  EXPECT_THAT(run("import os\n    op.drop_table(os.getenv('T', default='b'))", around),
              ElementsAre("DROP TABLE \"b\""));
  EXPECT_THAT(run("import os\n    if 'T' not in os.environ: op.drop_table('c')", around),
              ElementsAre("DROP TABLE \"c\""));
  // It was set, or the migration had failed.
  EXPECT_THAT(refused("import os\n    op.drop_table(os.environ['T'])", around),
              HasSubstr("the variable T"));
  around.environment = {{"T", "said"}};
  EXPECT_THAT(run(asks, around), ElementsAre("DROP TABLE \"said\""));
  EXPECT_THAT(run("import os\n    if 'T' in os.environ: op.drop_table('d')", around),
              ElementsAre("DROP TABLE \"d\""));
  EXPECT_THAT(refused("import os\n    if 'U' in os.environ: op.drop_table('d')"),
              HasSubstr("the variable U"));
}

TEST_F(Mounted, AlembicWasGivenNoArgumentsOnlyWhereSettingsSaySo) {
  const std::string asks =
      "from alembic import context\n"
      "    if context.get_x_argument(as_dictionary=True).get('drop'): op.drop_table('a')\n"
      "    if not context.get_x_argument(): op.drop_table('b')";
  EXPECT_THAT(refused(asks), HasSubstr("-x argument"));
  Surroundings around;
  around.environment_complete = true;
  EXPECT_THAT(run(asks, around), ElementsAre("DROP TABLE \"b\""));
}

TEST_F(Mounted, PackagesOfOthersAreReadWhereTheyAreNamed) {
  put("site/makers/names.py", "TABLE = 'made'\n");
  put("site/makers/__init__.py", "");
  const std::string body = "from makers.names import TABLE\n    op.drop_table(TABLE)";
  EXPECT_THAT(refused(body), HasSubstr("makers.names.TABLE"));
  Surroundings around;
  around.packages = package_folders({(root_ / "site").string()});
  EXPECT_THAT(run(body, around), ElementsAre("DROP TABLE \"made\""));
  // What a library means is known by its names, wherever it is installed.
  put("site/sqlalchemy_utils/__init__.py", "UUIDType = None\n");
  EXPECT_THAT(run("import sqlalchemy_utils\n"
                  "    op.add_column('t', sa.Column('u', sqlalchemy_utils.UUIDType()))",
                  around),
              ElementsAre("ALTER TABLE \"t\" ADD COLUMN \"u\" UUID"));
}

TEST_F(Mounted, AModuleIsFoundInAFolderAbove) {
  put("app/common/names.py", "TABLE = 'above'\n");
  put("app/common/__init__.py", "");
  EXPECT_THAT(run("from app.common.names import TABLE\n    op.drop_table(TABLE)"),
              ElementsAre("DROP TABLE \"above\""));
}

TEST_F(Mounted, FilesOfAPackageAreReadBesideTheMigrations) {
  put("app/migrations/data/one.sql", "DROP TABLE one");
  put("secret/two.sql", "DROP TABLE two");
  fs::create_directories(root_ / "app/migrations/versions");
  EXPECT_THAT(run("import importlib.resources\n"
                  "    op.execute(importlib.resources.read_text('app.migrations.data', "
                  "'one.sql'))\n"
                  "    data = importlib.resources.files('app.migrations.data')\n"
                  "    op.execute((data / 'one.sql').read_text())\n"
                  "    op.execute(data.joinpath('one.sql').read_text())"),
              ElementsAre("DROP TABLE one", "DROP TABLE one", "DROP TABLE one"));
  EXPECT_THAT(refused("import importlib.resources\n"
                      "    op.execute(importlib.resources.read_text('secret', 'two.sql'))"),
              HasSubstr("what the file secret/two.sql holds"));
}

TEST_F(Mounted, AFunctionElsewhereMayComputeOfMoments) {
  put("app/migrations/env.py", "import app.models\n");
  fs::create_directories(root_ / "app/migrations/versions");
  EXPECT_THAT(run("import zones\n    from datetime import datetime, timedelta\n"
                  "    start = zones.local_to_utc(datetime(2020, 1, 1) + timedelta(days=1))\n"
                  "    op.execute(sa.text('UPDATE t SET a = :a').bindparams(a=start))\n"
                  "    zones.validate_range(start)\n"
                  "    op.drop_table('t')"),
              ElementsAre("PASSED OVER", "DROP TABLE \"t\""));
  EXPECT_THAT(refused("import zones\n    zones.local_to_utc(op.get_bind())"),
              HasSubstr("zones.local_to_utc"));
}

TEST_F(Mounted, AFunctionElsewhereThatIsGivenAWayToTheDatabaseIsRefused) {
  put("app/migrations/env.py", "import app.models\n");
  fs::create_directories(root_ / "app/migrations/versions");
  EXPECT_THAT(refused("import zones\n    from flask import g\n"
                      "    x = zones.local_to_utc(g)\n"
                      "    op.drop_table('t')"),
              HasSubstr("zones.local_to_utc"));
}

TEST(Tables, WhoseColumnsStandElsewhereAreNotMade) {
  EXPECT_THAT(refusal("from sqlalchemy.orm import DeclarativeBase\n"
                      "    class Base(DeclarativeBase): pass\n"
                      "    Base.metadata.tables['users'].create(op.get_bind())")
                  .message(),
              HasSubstr("whose columns stand elsewhere"));
}

TEST(Recursion, OverWhatIsKnownIsFollowedToItsEnd) {
  EXPECT_THAT(refusal("def down(n):\n        if n == 0:\n            op.drop_table('old')\n"
                      "            return\n        down(n - 1)\n"
                      "    if op.get_bind().execute(sa.text('SELECT a FROM t')).scalar(): down(8)")
                  .message(),
              HasSubstr("whether `DROP TABLE"));
}

TEST(Raise, ThatTheMigrationMeansIsNoLackOfUnderstanding) {
  const Error error = refusal("raise RuntimeError('not without the extension')");
  EXPECT_EQ(error.reason(), Reason::Replay);
  EXPECT_THAT(error.message(), HasSubstr("raises RuntimeError: not without the extension"));
  EXPECT_EQ(refusal("op.drop_table(nothing)").reason(), Reason::NotUnderstood);
}

TEST(Spatial, ColumnsAreIndexedAsGeoalchemyDoes) {
  EXPECT_THAT(
      sql("from geoalchemy2 import Geometry, Raster\n"
          "    op.create_table('t', sa.Column('g', Geometry('POINT', srid=4326)), "
          "sa.Column('h', Geometry(spatial_index=False)), schema='s')\n"
          "    op.add_column('t', sa.Column('r', Raster))\n"
          "    op.add_column('t', sa.Column('n', Geometry(use_N_D_index=True)))"),
      ElementsAre("CREATE TABLE \"s\".\"t\" (\"g\" geometry(POINT,4326), \"h\" "
                  "geometry(GEOMETRY,-1))",
                  "CREATE INDEX \"idx_t_g\" ON \"s\".\"t\" USING gist (\"g\")",
                  "ALTER TABLE \"t\" ADD COLUMN \"r\" raster",
                  "CREATE INDEX \"idx_t_r\" ON \"t\" USING gist (ST_ConvexHull(\"r\"))",
                  "ALTER TABLE \"t\" ADD COLUMN \"n\" geometry(GEOMETRY,-1)",
                  "CREATE INDEX \"idx_t_n\" ON \"t\" USING gist (\"n\" gist_geometry_ops_nd)"));
}

TEST(Spatial, OperationsLeaveIndexesToThemselves) {
  EXPECT_THAT(sql("from geoalchemy2 import Geometry\n"
                  "    op.add_geospatial_column('t', sa.Column('g', Geometry('POINT')))\n"
                  "    op.create_geospatial_index('i', 't', ['g'], postgresql_using='gist')\n"
                  "    op.drop_geospatial_index('i', table_name='t', column_name='g', "
                  "postgresql_using='gist')\n"
                  "    op.drop_geospatial_column('t', 'g')\n"
                  "    op.drop_geospatial_table('t')"),
              ElementsAre("ALTER TABLE \"t\" ADD COLUMN \"g\" geometry(POINT,-1)",
                          "CREATE INDEX \"i\" ON \"t\" USING \"gist\" (\"g\")", "DROP INDEX \"i\"",
                          "ALTER TABLE \"t\" DROP COLUMN \"g\"", "DROP TABLE \"t\""));
}

}  // namespace
}  // namespace driftd::alembic

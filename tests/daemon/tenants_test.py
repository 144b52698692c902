"""Databases with one schema per tenant: each compared with what its own revisions make."""

import pathlib
import unittest

from harness import App, Driftd, Postgres, driftd as run_driftd, main, wait_until

# As the cookbook of Alembic has it: the schema's name comes from the command line.
ENV = """\
from alembic import context
from sqlalchemy import create_engine, text
import os

tenant = context.get_x_argument(as_dictionary=True)["tenant"]
engine = create_engine(os.environ["DATABASE_URL"])
with engine.connect() as connection:
    connection.execute(text(f'set search_path to "{tenant}", public'))
    connection.dialect.default_schema_name = tenant
    context.configure(connection=connection, version_table_schema=tenant)
    with context.begin_transaction():
        context.run_migrations()
"""

# Whatever has the schema's name in its definition.
FIRST = '''
op.execute("CREATE EXTENSION IF NOT EXISTS citext")
op.create_table("users",
    sa.Column("id", sa.BigInteger(), primary_key=True),
    sa.Column("email", sa.Text(), nullable=False, unique=True),
    sa.Column("mood", sa.Enum("good", "bad", name="mood"), server_default="good"))
op.execute("CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
           " user_id bigint NOT NULL REFERENCES users, number serial, name citext,"
           " total numeric(10,2) NOT NULL CHECK (total >= 0))")
op.execute("CREATE INDEX orders_by_user ON orders (user_id, lower(name::text))")
op.execute("CREATE VIEW totals AS SELECT user_id, sum(total) AS total FROM orders GROUP BY user_id")
op.execute("CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS"
           " $$BEGIN NEW.total := NEW.total; RETURN NEW; END$$")
op.execute("CREATE FUNCTION total_of(u users) RETURNS numeric LANGUAGE sql SET search_path FROM CURRENT"
           " AS $$SELECT sum(total) FROM orders WHERE user_id = u.id$$")
op.execute("CREATE TRIGGER touched BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch()")
op.execute("COMMENT ON TABLE users IS 'who they are'")
'''
SECOND = 'op.add_column("users", sa.Column("nickname", sa.Text(), server_default="none"))'


class Tenants(App):
    def __init__(self, server, name, tenants, example=None):
        super().__init__(server, name, revision="", example=None)
        (self.project / "migrations" / "versions").mkdir(parents=True)
        (self.project / "migrations" / "env.py").write_text(ENV)
        (self.project / "alembic.ini").write_text("[alembic]\nscript_location = migrations\n")
        self.add_revision("001", "", FIRST)
        path = self.versions / "001.py"
        path.write_text(path.read_text().replace('down_revision = ""', "down_revision = None"))
        self.add_revision("002", "001", SECOND)
        server.sql(name, "CREATE EXTENSION citext")
        for tenant in tenants:
            self.add_tenant(tenant)

    def add_tenant(self, tenant, revision="head"):
        self.sql(f'CREATE SCHEMA "{tenant}"')
        self.migrate(tenant, revision)
        self.sql(f'GRANT USAGE ON SCHEMA "{tenant}" TO {self.guest};'
                 f'GRANT SELECT ON "{tenant}".alembic_version TO {self.guest}')

    def migrate(self, tenant, revision="head"):
        self.alembic("-x", f"tenant={tenant}", "upgrade", revision)

    def settings(self, more="", which="tenant_*"):
        path = self.directory / "driftd.yaml"
        path.write_text(f"""\
web: {{listen: ["127.0.0.1:0"]}}
databases:
  - database: "{self.uri}"
    name: shop
    migrations: {self.project}
    interval: 500ms
    tenants: {{schemas: {which}}}
    {more}
""")
        return f"--config.file={path}"

    def check(self, *arguments, **settings):
        return run_driftd("check", self.settings(**settings), "--format", "json", *arguments)


def tenants_of(report, status=None):
    return {one["schema"]: one["status"] for one in report["tenants"]
            if status is None or one["status"] == status}


def found(report):
    return {(f["object"]["kind"], f["object"]["identity"], f["drift"]): f["tenants"]
            for f in report["findings"]}


class OneLook(unittest.TestCase):
    def app(self, *tenants):
        OneLook.number = getattr(OneLook, "number", 0) + 1
        return Tenants(SERVER, f"one_{OneLook.number}", tenants)

    def report(self, app, code, **settings):
        result = app.check(**settings)
        self.assertEqual(result.code, code, result)
        return result.json()["report"]

    def test_each_tenant_is_as_its_own_revision_says(self):
        app = self.app("tenant_1", "tenant_2", "Tenant-Ü 3")
        app.add_tenant("tenant_4", "001")
        report = self.report(app, 0, which='["*tenant*", "Tenant*"]')
        self.assertEqual(set(tenants_of(report).values()), {"in_sync"}, report)
        self.assertEqual(len(report["tenants"]), 4)
        self.assertEqual(report["history"]["database_revisions"], ["001", "002"])
        self.assertEqual(report["history"]["pending"], ["002"])


    def test_the_same_change_in_many_tenants_is_one_finding(self):
        tenants = [f"tenant_{number}" for number in range(5)]
        app = self.app(*tenants)
        for tenant in tenants[1:]:
            app.sql(f"ALTER TABLE {tenant}.users ADD COLUMN by_hand text DEFAULT 'x'::text")
        app.sql("ALTER TABLE tenant_0.orders DROP CONSTRAINT orders_total_check")
        app.sql("ALTER TABLE tenant_2.users ALTER COLUMN nickname TYPE varchar(5)")
        app.sql("ALTER TABLE tenant_3.users ALTER COLUMN nickname TYPE varchar(9)")
        report = self.report(app, 2)
        self.assertEqual(sorted(
            (f["object"]["identity"], f["drift"], f["tenants"]) for f in report["findings"]), [
                ("driftd_tenant.users.by_hand", "unexpected", tenants[1:]),
                ("driftd_tenant.users.nickname", "changed", ["tenant_2"]),
                ("driftd_tenant.users.nickname", "changed", ["tenant_3"]),
                ("orders_total_check on driftd_tenant.orders", "missing", ["tenant_0"])])
        self.assertEqual(len({f["fingerprint"] for f in report["findings"]}), 4)
        self.assertEqual(set(tenants_of(report).values()), {"drift"})
        [missing] = [f for f in report["findings"] if f["drift"] == "missing"]
        self.assertEqual(missing["provenance"]["revision"], "001")
        self.assertEqual({f["cause"] for f in report["findings"]}, {None})  # which is not told

    def test_what_is_made_at_run_time_in_each_tenant(self):
        app = self.app("tenant_1", "tenant_2")
        app.add_revision("003", "002", '''
op.execute("CREATE TABLE log (at date NOT NULL, what text DEFAULT 'x') PARTITION BY RANGE (at)")
op.execute("CREATE TABLE log_0 PARTITION OF log FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')")
''')
        for tenant in ("tenant_1", "tenant_2"):
            app.migrate(tenant)
            app.sql(f"CREATE TABLE {tenant}.log_1 PARTITION OF {tenant}.log"
                    " FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');"
                    f"CREATE TABLE {tenant}.cart_1 (id serial PRIMARY KEY);"
                    f"DROP TABLE {tenant}.log_0")
        self.assertEqual({(key[1], key[2]) for key in found(self.report(app, 2))},
                         {("driftd_tenant.cart_1", "unexpected"),
                          ("driftd_tenant.log_0", "missing")})
        declared = "made_at_run_time: ['driftd_tenant.cart_*', 'tenant_*.log_*', '*.nothing']"
        report = self.report(app, 0, more=declared)
        self.assertEqual(report["findings"], [])
        self.assertEqual(report["made_at_run_time"], {
            "objects": 4,
            "partitions": [{"parent": "driftd_tenant.log", "objects": 2, "gone": 0}],
            "declared": [
                {"pattern": "driftd_tenant.cart_*", "objects": 2, "gone": 0, "used": True},
                {"pattern": "tenant_*.log_*", "objects": 0, "gone": 2, "used": True},
                {"pattern": "*.nothing", "objects": 0, "gone": 0, "used": False}]})
        app.sql("ALTER TABLE tenant_2.log_1 ALTER what SET DEFAULT 'y'")
        [finding] = self.report(app, 2, more=declared)["findings"]
        self.assertEqual(finding["like"],
                         {"kind": "column", "identity": "driftd_tenant.log.what"})
        self.assertEqual(finding["tenants"], ["tenant_2"])

    def test_what_has_the_name_of_another_tenant_in_it_is_drift(self):
        app = self.app("tenant_1", "tenant_2")
        app.sql("ALTER TABLE tenant_2.orders ALTER COLUMN number"
                " SET DEFAULT nextval('tenant_1.orders_number_seq')")
        app.sql("CREATE OR REPLACE VIEW tenant_2.totals AS"
                " SELECT user_id, sum(total) AS total FROM tenant_1.orders GROUP BY user_id")
        report = self.report(app, 2)
        self.assertEqual(found(report), {
            ("column", "driftd_tenant.orders.number", "changed"): ["tenant_2"],
            ("view", "driftd_tenant.totals", "changed"): ["tenant_2"]})

    def test_a_table_and_a_column_with_the_name_of_the_tenant_confuse_nobody(self):
        app = self.app()
        app.add_revision("003", "002", """
op.execute("CREATE TABLE acme (acme int DEFAULT 1, users int, CHECK (acme > 0))")
op.execute("CREATE VIEW v AS SELECT acme.acme, users.id FROM acme JOIN users ON users.id = acme.users")
""")
        for tenant in ("acme", "users", "v", "x y", "Ab"):
            app.add_tenant(tenant)
        which = '["acme", "users", "v", "x y", "Ab"]'
        self.assertEqual(self.report(app, 0, which=which)["findings"], [])
        app.sql('ALTER TABLE "x y".acme ADD COLUMN x int')
        app.sql('ALTER TABLE acme.acme ADD COLUMN x int')
        self.assertEqual(found(self.report(app, 2, which=which)),
                         {("column", "driftd_tenant.acme.x", "unexpected"): ["acme", "x y"]})

    def test_a_tenant_that_cannot_be_told_is_unknown_and_not_in_sync(self):
        app = self.app("tenant_1", "tenant_2", "tenant_3", "tenant_4")
        app.sql(f"REVOKE SELECT ON tenant_2.alembic_version FROM {app.guest}")
        app.sql("DROP TABLE tenant_3.alembic_version")
        app.sql("UPDATE tenant_4.alembic_version SET version_num = '099'")
        report = self.report(app, 1)
        self.assertEqual(tenants_of(report), {"tenant_1": "in_sync", "tenant_2": "unknown",
                                              "tenant_3": "unknown", "tenant_4": "unknown"})
        unknown = {t["schema"]: t["unknown"] for t in report["tenants"]}
        self.assertEqual(unknown["tenant_2"]["reason"], "permission")
        self.assertIn(f"GRANT SELECT ON tenant_2.", unknown["tenant_2"]["hint"])
        self.assertEqual(unknown["tenant_3"]["reason"], "history")
        self.assertIn("099", unknown["tenant_4"]["message"])
        self.assertEqual(report["history"]["unknown"], ["099"])
        text = run_driftd("check", app.settings()).out
        self.assertIn("cannot tell of 1 tenant: tenant_2", text)
        app.sql("ALTER TABLE tenant_1.users ADD COLUMN x int")
        self.report(app, 2)  # drift that is certain outweighs what is not known

    def test_a_migration_that_is_not_understood_is_unknown_of_those_that_have_it(self):
        app = self.app("tenant_1", "tenant_2")
        app.add_revision("003", "002", 'op.execute(open("/nowhere").read())')
        app.sql("UPDATE tenant_2.alembic_version SET version_num = '003'")
        report = self.report(app, 1)
        self.assertEqual(tenants_of(report), {"tenant_1": "in_sync", "tenant_2": "unknown"})
        [tenant] = [t for t in report["tenants"] if t["status"] == "unknown"]
        self.assertIn("003.py", tenant["unknown"]["place"]["file"])

    def test_one_version_table_for_all(self):
        app = self.app("tenant_1", "tenant_2")
        app.sql("CREATE TABLE public.alembic_version (version_num varchar(32) PRIMARY KEY);"
                "INSERT INTO public.alembic_version VALUES ('002');"
                "DROP TABLE tenant_1.alembic_version; DROP TABLE tenant_2.alembic_version;"
                f"GRANT SELECT ON public.alembic_version TO {app.guest}")
        shared = "version_table: {schema: public}"
        self.assertEqual(tenants_of(self.report(app, 0, more=shared)),
                         {"tenant_1": "in_sync", "tenant_2": "in_sync"})
        app.sql("ALTER TABLE tenant_2.users DROP COLUMN nickname")
        self.assertEqual(tenants_of(self.report(app, 2, more=shared), "drift"),
                         {"tenant_2": "drift"})

    def test_a_schema_that_nobody_has_is_a_mistake(self):
        app = self.app("tenant_1")
        for which, words in (("nobody_*", "no schema is called nobody_*"),
                             ('["tenant_*", main]', "there is no schema main")):
            result = app.check(which=which)
            self.assertEqual(result.code, 1, result)
            self.assertIn(words, result.json()["unknown"]["message"])

    def test_owners_differ_from_tenant_to_tenant(self):
        app = self.app("tenant_1", "tenant_2")
        for number in (1, 2):
            app.server.sql(app.name, f"""
CREATE ROLE {app.name}_{number};
DO $$DECLARE r record; BEGIN
  FOR r IN SELECT format('ALTER %s %s OWNER TO {app.name}_{number}',
                         CASE relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, oid::regclass) AS sql
             FROM pg_class WHERE relnamespace = 'tenant_{number}'::regnamespace
              AND relkind IN ('r', 'v') LOOP EXECUTE r.sql; END LOOP;
  FOR r IN SELECT format('ALTER FUNCTION %s OWNER TO {app.name}_{number}', oid::regprocedure) AS sql
             FROM pg_proc WHERE pronamespace = 'tenant_{number}'::regnamespace LOOP
    EXECUTE r.sql; END LOOP;
END$$;
ALTER TYPE tenant_{number}.mood OWNER TO {app.name}_{number}""")
        self.assertEqual(self.report(app, 0)["findings"], [])
        app.server.sql(app.name, f"ALTER TABLE tenant_2.users OWNER TO {app.name}_1")
        self.assertEqual(found(self.report(app, 2)),
                         {("table", "driftd_tenant.users", "changed"): ["tenant_2"]})

    def test_a_command_migrates_the_scratch_schema(self):
        app = self.app("tenant_1", "tenant_2")
        command = ("migrations: {path: %s, command: [%s, -x, tenant=driftd_tenant, upgrade, "
                   "\"{revision}\"], directory: %s}" % (app.project, "/usr/bin/alembic", app.project))
        settings = app.settings()
        path = pathlib.Path(settings.partition("=")[2])
        path.write_text(path.read_text().replace(f"migrations: {app.project}", command))
        result = run_driftd("check", settings, "--format", "json")
        self.assertEqual(result.code, 0, result)
        app.sql("ALTER TABLE tenant_2.users DROP COLUMN nickname")
        result = run_driftd("check", settings, "--format", "json")
        self.assertEqual(result.code, 2, result)
        self.assertEqual(list(found(result.json()["report"])),
                         [("column", "driftd_tenant.users.nickname", "missing")])


class Serving(unittest.TestCase):
    def serve(self, app, **settings):
        return Driftd(app.settings(**settings))

    def tenants(self, driftd):
        return {labels["status"]: value
                for labels, value in driftd.metrics().get("driftd_tenants", [])}

    def wait_for(self, driftd, **counts):
        wait_until(lambda: all(self.tenants(driftd).get(status) == count
                               for status, count in counts.items()),
                   lambda: f"{counts}; now {self.tenants(driftd)}\n{driftd.log[-3000:]}",
                   100)  # a tenant that was seen half made is a deployment for a minute

    def test_tenants_come_and_go_and_change(self):
        app = Tenants(SERVER, "serving", ["tenant_1", "tenant_2"])
        with self.serve(app) as driftd:
            self.wait_for(driftd, in_sync=2, drift=0, unknown=0)
            self.assertEqual(driftd.status(), "in_sync")
            app.add_tenant("tenant_3")
            self.wait_for(driftd, in_sync=3, drift=0, unknown=0)
            app.sql("ALTER TABLE tenant_2.users ADD COLUMN x int")
            self.wait_for(driftd, in_sync=2, drift=1, unknown=0)
            self.assertEqual(driftd.status(), "drift")
            self.assertEqual(driftd.value("driftd_drift_findings"), 1)
            app.sql("ALTER TABLE tenant_1.users ADD COLUMN x int")
            self.wait_for(driftd, in_sync=1, drift=2, unknown=0)
            self.assertEqual(driftd.value("driftd_drift_findings"), 1)
            self.assertEqual(driftd.value("driftd_finding_info"), 1)
            page = driftd.get("/databases/shop")[1]
            self.assertIn("in 2 tenants: tenant_1, tenant_2", page)
            # Nothing can be told of a tenant: that repairs nothing.
            app.sql(f"REVOKE SELECT ON tenant_2.alembic_version FROM {app.guest}")
            self.wait_for(driftd, in_sync=1, drift=1, unknown=1)
            self.assertEqual(driftd.findings()[0]["tenants"], ["tenant_1", "tenant_2"])
            app.sql(f"GRANT SELECT ON tenant_2.alembic_version TO {app.guest}")
            self.wait_for(driftd, in_sync=1, drift=2, unknown=0)
            # One that is gone has no drift.
            app.sql("DROP SCHEMA tenant_2 CASCADE")
            self.wait_for(driftd, in_sync=1, drift=1, unknown=0)
            app.sql("ALTER TABLE tenant_1.users DROP COLUMN x")
            self.wait_for(driftd, in_sync=2, drift=0, unknown=0)
            self.assertEqual(driftd.status(), "in_sync")
            self.assertEqual(driftd.value("driftd_look_failures_total"), 0)

    def test_a_rollout_over_the_tenants_pages_nobody(self):
        tenants = [f"tenant_{number}" for number in range(4)]
        app = Tenants(SERVER, "rollout", [])
        for tenant in tenants:
            app.add_tenant(tenant, "001")
        with self.serve(app) as driftd:
            self.wait_for(driftd, in_sync=4)
            for tenant in tenants:
                app.migrate(tenant)
                driftd.wait_for_looks(1)
                self.assertEqual(driftd.findings(), [])
            self.wait_for(driftd, in_sync=4, drift=0, unknown=0)
            self.assertEqual(driftd.report()["report"]["history"]["database_revisions"], ["002"])

    def test_a_new_tenant_is_no_drift_while_it_is_being_made(self):
        app = Tenants(SERVER, "growing", ["tenant_1"])
        app.sql("CREATE TABLE public.alembic_version (version_num varchar(32) PRIMARY KEY);"
                "INSERT INTO public.alembic_version VALUES ('002');"
                "DROP TABLE tenant_1.alembic_version;"
                f"GRANT SELECT ON public.alembic_version TO {app.guest}")
        with self.serve(app, more="version_table: {schema: public}") as driftd:
            self.wait_for(driftd, in_sync=1)
            app.sql("CREATE SCHEMA tenant_2")
            wait_until(lambda: driftd.findings(), "it is seen")
            driftd.wait_for_looks(4)
            self.assertEqual({f["state"] for f in driftd.findings()}, {"seen"})
            self.assertEqual(driftd.value("driftd_drift_findings"), 0)
            self.assertEqual(driftd.status(), "unknown")
            app.sql("ALTER TABLE tenant_1.users ADD COLUMN x int")  # which is not new
            self.wait_for(driftd, drift=1, unknown=1)


def setUpModule():
    global SERVER
    SERVER = Postgres()


def tearDownModule():
    SERVER.stop()


if __name__ == "__main__":
    main()

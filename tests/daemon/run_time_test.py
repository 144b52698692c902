"""What the application makes and drops while driftd looks: partitions, tables of its own."""

import unittest

from harness import Driftd, driftd as run_driftd, main, new_app, wait_until

EVENTS = '''
op.execute("""CREATE TABLE events (
  id bigint NOT NULL, at timestamptz NOT NULL DEFAULT now(), kind text DEFAULT 'seen',
  PRIMARY KEY (id, at)) PARTITION BY RANGE (at)""")
op.execute("CREATE INDEX events_at_idx ON events (at)")
op.execute("""CREATE TABLE events_p2025 PARTITION OF events
  FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')""")
'''

# As pg_partman does: LIKE the parent, what LIKE leaves out, ATTACH.
MAKE = """
CREATE TABLE {0} (LIKE events INCLUDING COMMENTS INCLUDING CONSTRAINTS INCLUDING DEFAULTS
  INCLUDING GENERATED INCLUDING STATISTICS INCLUDING STORAGE);
ALTER TABLE events ATTACH PARTITION {0} FOR VALUES FROM ('{1}-01-01') TO ('{2}-01-01');
"""


class RunTimeTest(unittest.TestCase):
    def app(self):
        app = new_app()
        app.add_revision("015", "014", EVENTS)
        app.alembic("upgrade", "head")
        return app

    def make(self, app, year):
        app.sql(MAKE.format(f"events_p{year}", year, year + 1))

    def test_partitions_come_and_go_while_serve_looks(self):
        app = self.app()
        with Driftd(app=app, interval="300ms") as driftd:
            driftd.wait_for("in_sync")
            for year in (2026, 2027, 2028):
                self.make(app, year)
                driftd.wait_for_looks(2)
                self.assertEqual(driftd.status(), "in_sync")
            wait_until(lambda: driftd.value("driftd_run_time_objects", datname=app.name) == 3,
                       "three partitions are seen")
            app.sql("ALTER TABLE events DETACH PARTITION events_p2026; DROP TABLE events_p2026;")
            driftd.wait_for_looks(3)
            self.assertEqual(driftd.status(), "in_sync")
            made = driftd.report()["report"]["made_at_run_time"]
            self.assertEqual(made["partitions"],
                             [{"parent": "public.events", "objects": 2, "gone": 0}])
            self.assertIn("2 partitions of public.events", driftd.get("/")[1])

            # An index that is built anew, and is forgotten in one partition.
            app.sql("""
                DROP INDEX events_at_idx;
                CREATE INDEX events_at_idx ON ONLY events (at);
                CREATE INDEX e25 ON events_p2025 (at); ALTER INDEX events_at_idx ATTACH PARTITION e25;
                CREATE INDEX e27 ON events_p2027 (at); ALTER INDEX events_at_idx ATTACH PARTITION e27;
            """)
            driftd.wait_for("drift")
            [finding] = driftd.report()["report"]["findings"]
            self.assertEqual(finding["object"], {"kind": "index", "identity": "public.events_at_idx"})
            self.assertIn("public.events_p2028 of public.events", finding["consequence"])
            app.sql("CREATE INDEX e28 ON events_p2028 (at); ALTER INDEX events_at_idx ATTACH PARTITION e28;")
            driftd.wait_for("in_sync")

            app.sql("ALTER TABLE events_p2028 ALTER kind SET NOT NULL;")
            driftd.wait_for("drift")
            [finding] = driftd.report()["report"]["findings"]
            self.assertEqual(finding["object"]["identity"], "public.events_p2028.kind")
            self.assertEqual(finding["like"],
                             {"kind": "column", "identity": "public.events.kind"})
            self.assertEqual(finding["impact"], "breaking")

    def test_retention_is_declared_or_told(self):
        app = self.app()
        self.make(app, 2026)
        app.sql("ALTER TABLE events DETACH PARTITION events_p2025; DROP TABLE events_p2025;")
        check = ["check", "--database", app.uri, "--migrations", str(app.project)]
        result = run_driftd(*check)
        self.assertEqual(result.code, 2, result)
        self.assertIn("table public.events_p2025 is missing", result.out)
        self.assertIn("made_at_run_time", result.out)

        file = app.directory / "driftd.yaml"
        file.write_text(f"""\
databases:
  - database: "{app.uri}"
    migrations: {app.project}
    made_at_run_time: [public.events_p*, public.customer_*]
""")
        check = ["check", "--config.file", str(file)]
        result = run_driftd(*check)
        self.assertEqual(result.code, 0, result)
        self.assertIn("made at run time: 1 partition of public.events, "
                      "0 objects named public.events_p* (1 more that is expected is gone)",
                      result.out)
        self.assertIn("nothing is called public.customer_*", result.out)

        app.sql("""CREATE TABLE customer_7 (id bigserial PRIMARY KEY, name text);
                   CREATE INDEX ON customer_7 (name);
                   ALTER TABLE events DETACH PARTITION events_p2026;""")
        result = run_driftd(*check, "--format", "json")
        self.assertEqual(result.code, 0, result)
        self.assertEqual(result.json()["report"]["made_at_run_time"]["declared"], [
            {"pattern": "public.events_p*", "objects": 1, "gone": 1, "used": True},
            {"pattern": "public.customer_*", "objects": 1, "gone": 0, "used": True}])
        app.sql("CREATE TABLE customers_backup (id bigint);")
        self.assertEqual(run_driftd(*check, "--fail-on", "harmless").code, 2)

    def test_diff_of_two_databases_leaves_out_ranges_that_one_has(self):
        one, two = self.app(), self.app()
        self.make(one, 2026)
        self.make(two, 2027)
        result = run_driftd("diff", "--groups", "structure", one.uri, two.uri)
        self.assertEqual(result.code, 0, result)
        self.assertIn("made at run time: 1 partition of public.events (1 more that is expected is "
                      "gone)", result.out)
        two.sql("ALTER TABLE events_p2027 ALTER kind SET DEFAULT 'other';")
        result = run_driftd("diff", "--groups", "structure", one.uri, two.uri)
        self.assertEqual(result.code, 2, result)
        self.assertIn("as public.events.kind says", result.out)


if __name__ == "__main__":
    main()

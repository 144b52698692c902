"""What driftd remembers beyond a restart, and what it does when it cannot."""

import json
import sqlite3
import unittest

from harness import Driftd, driftd as run_driftd, main, new_app

SOON = 15.0


class State(unittest.TestCase):
    def setUp(self):
        self.app = new_app()
        self.file = self.app.directory / "state"
        self.config = self.app.directory / "driftd.yaml"
        self.config.write_text(f"""\
web: {{listen: ["127.0.0.1:0"]}}
databases:
  - name: shop
    database: {self.app.uri}
    migrations: {self.app.project}
    interval: 500ms
    state: {self.file}
""")

    def serve(self):
        return Driftd("--config.file", str(self.config))

    def log(self, *arguments):
        result = run_driftd("log", "--config.file", str(self.config), "--format", "json", *arguments)
        self.assertEqual(result.code, 0, result)
        return [json.loads(line) for line in result.out.splitlines()]

    def test_a_restart_forgets_nothing(self):
        version = self.app.versions / "002_users_phone.py"
        with self.serve() as driftd:
            driftd.wait_for("in_sync")
            self.app.sql("ALTER TABLE users ADD COLUMN by_hand text")
            driftd.wait_for("drift", SOON)
            seen = driftd.findings()[0]["first_seen"]
            self.assertEqual(driftd.value("driftd_state_healthy", datname="shop"), 1)
            driftd.kill()  # at any moment
        version.write_text(version.read_text() + "\n# a second thought\n")
        with self.serve() as driftd:
            driftd.wait_for("drift", SOON)
            self.assertEqual(driftd.findings()[0]["first_seen"], seen)
            self.assertEqual(driftd.report()["report"]["history"]["edited"], ["002"])
            self.app.sql("ALTER TABLE users DROP COLUMN by_hand")
            driftd.wait_for("in_sync", SOON)
        events = self.log()
        self.assertEqual([e["event"] for e in events], ["appeared", "resolved"], events)
        self.assertEqual(events[0]["object"], "public.users.by_hand")
        text = run_driftd("log", "--state", str(self.file)).out
        self.assertRegex(text, r"UTC  shop  appeared  column public\.users\.by_hand unexpected, risky")
        self.assertEqual(self.log("--limit", "1"), events[1:])
        other = run_driftd("log", "--state", str(self.file), "--name", "other")
        self.assertEqual((other.code, other.out), (0, ""), other)

    def test_an_outage_is_in_the_log(self):
        with self.serve() as driftd:
            driftd.wait_for("in_sync")
            file = self.app.versions / "014_table_comments.py"
            kept = file.rename(self.app.directory / file.name)
            driftd.wait_for("unknown", SOON)
            kept.rename(file)
            driftd.wait_for("in_sync", SOON)
        events = self.log()
        self.assertEqual([e["event"] for e in events], ["unknown", "known again"])
        self.assertIn("014", events[0]["detail"])

    def test_a_broken_file_stops_no_look(self):
        self.file.write_text("this is no database of SQLite, and is long enough to be seen as none\n")
        with self.serve() as driftd:
            driftd.wait_for("in_sync")
            self.assertEqual(driftd.value("driftd_state_healthy", datname="shop"), 0)
            self.assertIn("what happens is not remembered", driftd.log)
            self.app.sql("ALTER TABLE users ADD COLUMN by_hand text")
            driftd.wait_for("drift", SOON)

    def test_a_locked_file_stops_no_look(self):
        with self.serve() as driftd:
            driftd.wait_for("in_sync")
        holder = sqlite3.connect(self.file)
        holder.execute("BEGIN EXCLUSIVE")
        with self.serve() as driftd:
            self.app.sql("ALTER TABLE users ADD COLUMN by_hand text")
            driftd.wait_for("drift", 40)
            self.assertEqual(driftd.value("driftd_state_healthy", datname="shop"), 0)
        holder.close()

    def test_log_without_a_file(self):
        result = run_driftd("log", "--config.file", str(self.config))
        self.assertEqual(result.code, 1, result)
        self.assertIn("there is no state file", result.err)
        self.assertIn("no state file is named", run_driftd("log").err)


if __name__ == "__main__":
    main()

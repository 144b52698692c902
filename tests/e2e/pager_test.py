"""From a hand-made ALTER TABLE to the pager: the real Prometheus and Alertmanager with the rules
and the routes of deploy/, and a receiver that writes down what would have rung.

The shipped files are used with one mechanical change: every duration in them (`for:`, windows,
group intervals) is divided by twelve, so that what takes minutes takes seconds and everything
keeps its order. Expressions, labels, texts and inhibition stay as they are.
"""

import http.server
import json
import re
import subprocess
import threading
import time
import unittest
import urllib.parse
import urllib.request

from harness import (SOURCE, Driftd, Postgres, Sampler, free_port, main, new_app,
                     private_directory, stop_process, wait_until)

FASTER = 12
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
DEPLOY = SOURCE / "deploy"


def faster(duration: str) -> str:
    number, unit = re.fullmatch(r"(\d+)([smhd])", duration).groups()
    return f"{max(1, round(int(number) * SECONDS[unit] * 1000 / FASTER))}ms"


def faster_rules(text: str) -> str:
    """`for: 5m` and `[5m]`, and nothing else."""
    text = re.sub(r"(?m)^(\s*for: )(\S+)$", lambda m: m[1] + faster(m[2]), text)
    return re.sub(r"\[(\d+[smhd])\]", lambda m: f"[{faster(m[1])}]", text)


def faster_routes(text: str) -> str:
    return re.sub(r"(?m)^(\s*(?:group_wait|group_interval|repeat_interval): )(\S+)$",
                  lambda m: m[1] + faster(m[2]), text)


class Pager:
    """Keeps every alert that arrives: (time, status, labels, annotations)."""

    def __init__(self):
        self.rung = rung = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                for alert in body["alerts"]:
                    rung.append((time.monotonic(), alert["status"], alert["labels"],
                                 alert["annotations"]))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/"

    def of(self, status: str, alertname: str, since: float = 0.0, **labels) -> list:
        return [ring for ring in self.rung
                if ring[0] >= since and ring[1] == status and ring[2]["alertname"] == alertname
                and all(ring[2].get(name) == value for name, value in labels.items())]

    def wait(self, status: str, alertname: str, since: float, **labels):
        return wait_until(lambda: self.of(status, alertname, since, **labels),
                          lambda: f"{alertname} {status}; what rang: {self.told()}", 90)[0]

    def told(self) -> str:
        return "\n".join(f"{at:.1f} {status} {labels}" for at, status, labels, _ in self.rung)

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Monitoring:
    """Prometheus scraping one driftd, Alertmanager, and the pager behind them."""

    def __init__(self, driftd: Driftd):
        self.directory = private_directory("driftd-e2e-")
        self.pager = Pager()
        self.processes = []
        self.prometheus, self.alertmanager = free_port(), free_port()
        routes = faster_routes((DEPLOY / "alertmanager" / "alertmanager.yml").read_text())
        (self.directory / "alertmanager.yml").write_text(routes.replace(
            "- name: team", "- name: team\n    webhook_configs:\n"
            f"      - url: {self.pager.url}\n        send_resolved: true"))
        rules = self.directory / "driftd.rules.yml"
        rules.write_text(
            faster_rules((DEPLOY / "prometheus" / "driftd.rules.yml").read_text()))
        (self.directory / "prometheus.yml").write_text(f"""\
global: {{scrape_interval: 500ms, scrape_timeout: 500ms, evaluation_interval: 500ms}}
rule_files: [driftd.rules.yml]
alerting:
  alertmanagers:
    - static_configs: [{{targets: ["127.0.0.1:{self.alertmanager}"]}}]
scrape_configs:
  - job_name: driftd
    static_configs: [{{targets: ["127.0.0.1:{driftd.port}"]}}]
""")
        subprocess.run(["promtool", "check", "rules", rules], check=True,
                       stdout=subprocess.DEVNULL)
        self._run("alertmanager", [
            "prometheus-alertmanager", f"--config.file={self.directory}/alertmanager.yml",
            f"--storage.path={self.directory}/alertmanager",
            f"--web.listen-address=127.0.0.1:{self.alertmanager}", "--cluster.listen-address="])
        self._run("prometheus", [
            "prometheus", f"--config.file={self.directory}/prometheus.yml",
            f"--storage.tsdb.path={self.directory}/prometheus",
            f"--web.listen-address=127.0.0.1:{self.prometheus}",
            "--rules.alert.resend-delay=1s", "--rules.alert.for-grace-period=1s"])
        for name, port in (("alertmanager", self.alertmanager), ("prometheus", self.prometheus)):
            wait_until(lambda: self._ready(port), lambda: f"{name} is ready:\n{self.log(name)}")

    def _run(self, name, command):
        with open(self.directory / f"{name}.log", "wb") as log:
            self.processes.append(subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.directory))

    def log(self, name) -> str:
        return (self.directory / f"{name}.log").read_text()

    @staticmethod
    def _ready(port) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/-/ready", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def query(self, expression: str) -> list:
        url = f"http://127.0.0.1:{self.prometheus}/api/v1/query?" + urllib.parse.urlencode(
            {"query": expression})
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return json.load(answer)["data"]["result"]
        except TimeoutError:
            return []  # on a busy machine; who asks asks again

    def stop(self):
        for process in self.processes:
            stop_process(process)
        self.pager.stop()


class ToThePager(unittest.TestCase):
    def setUp(self):
        self.server = Postgres()
        self.addCleanup(self.server.stop)
        self.app = new_app(server=self.server)
        self.driftd = Driftd(app=self.app, interval="250ms")  # the default, made faster alike
        self.addCleanup(self.driftd.kill)
        self.driftd.wait_for("in_sync")
        self.monitoring = Monitoring(self.driftd)
        self.addCleanup(self.monitoring.stop)
        self.pager = self.monitoring.pager
        wait_until(lambda: self.monitoring.query('driftd_status{status="in_sync"} == 1'),
                   "Prometheus has scraped")

    def drift_arrives(self):
        since = time.monotonic()
        self.app.sql("ALTER TABLE users DROP COLUMN phone")
        _, _, labels, annotations = self.pager.wait(
            "firing", "DriftdSchemaDriftBreaking", since, datname=self.app.name)
        self.assertEqual(labels["object"], "public.users.phone")
        self.assertEqual(labels["severity"], "critical")
        for word in (self.app.name, "public.users.phone"):
            self.assertIn(word, annotations["description"])

    def repair_arrives(self):
        since = time.monotonic()
        self.app.sql("ALTER TABLE users ADD COLUMN phone varchar(32)")
        self.pager.wait("resolved", "DriftdSchemaDriftBreaking", since, datname=self.app.name,
                        object="public.users.phone")
        self.assertEqual(self.driftd.status(), "in_sync")

    def cannot_tell_arrives(self, since):
        _, _, labels, annotations = self.pager.wait("firing", "DriftdCannotTell", since,
                                                    datname=self.app.name)
        self.assertIn(self.app.name, annotations["description"])

    def test_a_change_and_its_repair(self):
        self.assertEqual(self.pager.rung, [], "nothing rings while all is well")
        self.drift_arrives()
        self.repair_arrives()
        self.assertEqual({labels["alertname"] for _, _, labels, _ in self.pager.rung},
                         {"DriftdSchemaDriftBreaking"}, self.pager.told())

    def test_a_stopped_database_arrives_as_cannot_tell(self):
        self.server.stop()
        self.driftd.wait_for("unknown", 15)
        since = time.monotonic()
        with Sampler(self.driftd) as sampler:
            self.cannot_tell_arrives(since)
        self.assertEqual(sampler.statuses(), ["unknown"])
        span = int(time.monotonic() - since)
        self.assertEqual(
            self.monitoring.query(f'max_over_time(driftd_status{{status="in_sync"}}[{span}s]) > 0'),
            [], "not one sample in Prometheus says in sync")
        self.assertEqual([ring for ring in self.pager.rung if ring[1] == "resolved"], [])
        since = time.monotonic()
        self.server.start()
        self.pager.wait("resolved", "DriftdCannotTell", since, datname=self.app.name)
        self.assertEqual(self.driftd.status(), "in_sync")

    def test_an_outage_does_not_resolve_a_drift(self):
        self.drift_arrives()
        since = time.monotonic()
        self.server.stop()
        self.cannot_tell_arrives(since)
        time.sleep(10)  # two windows and group intervals: what would ring has rung
        self.assertEqual(self.pager.of("resolved", "DriftdSchemaDriftBreaking"), [],
                         self.pager.told())
        since = time.monotonic()
        self.server.start()
        self.pager.wait("resolved", "DriftdCannotTell", since)
        self.assertEqual(self.driftd.status(), "drift")
        self.assertEqual(self.pager.of("resolved", "DriftdSchemaDriftBreaking"), [],
                         self.pager.told())
        self.repair_arrives()


if __name__ == "__main__":
    main()

"""What the tests of the whole program share: private servers, driftd, and waiting with a bound.

Everything lives in one temporary directory, listens on loopback only, and is ended by its process
id. The tests speak to driftd as its users do: command line, signals, HTTP.
"""

import atexit
import contextlib
import ctypes
import json
import os
import pathlib
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

SOURCE = pathlib.Path(__file__).resolve().parents[2]
EXAMPLE = SOURCE / "deploy" / "example"
BINDIR = pathlib.Path(os.environ.get("PG_BINDIR", "/usr/lib/postgresql/15/bin"))
ALEMBIC = "/usr/bin/alembic"

# How long a thing may take on a slow, busy machine. Where speed itself is the claim, the test
# states a bound of its own.
PATIENCE = 60.0

# A test that is told to end cleans up like one that has ended.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
libc = ctypes.CDLL(None)


def die_with_parent():
    """In a child before it executes: a test that was killed leaves no server behind (prctl(2))."""
    libc.prctl(1, signal.SIGQUIT)  # PR_SET_PDEATHSIG


def environment(tmp: pathlib.Path, more: dict = None) -> dict:
    """Of a driftd: nothing of the tester's own settings reaches it."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("DRIFTD", "PG")) and name != "DATABASE_URL"}
    return {**kept, "TMPDIR": str(tmp), **(more or {})}


def driftd_binary() -> str:
    path = os.environ.get("DRIFTD")
    if not path:
        raise SystemExit("set DRIFTD to the path of the driftd binary")
    return str(pathlib.Path(path).resolve())


def wait_until(condition, what: str, bound: float = PATIENCE, pause: float = 0.05):
    """The first true value of condition(), or an AssertionError that says what did not happen."""
    end = time.monotonic() + bound
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() >= end:
            raise AssertionError(f"not within {bound:g} s: {what() if callable(what) else what}")
        time.sleep(pause)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def unprivileged() -> dict:
    """Popen's arguments for a user that PostgreSQL accepts: it refuses root."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam("postgres")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def private_directory(prefix: str = "driftd-test-", parent: str = "/tmp") -> pathlib.Path:
    """Removed when the tests end. Others may enter: servers run as another user."""
    path = pathlib.Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    path.chmod(0o755)
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


def stop_process(process: subprocess.Popen, sign=signal.SIGTERM, bound: float = 20.0) -> int:
    if process.poll() is None:
        process.send_signal(sign)
        try:
            process.wait(bound)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    return process.returncode


class Postgres:
    """A live server: loopback with passwords, and a Unix socket without."""

    def __init__(self, **settings):
        self.directory = private_directory()
        self.data = self.directory / "data"
        self.sockets = self.directory / "s"
        self.log = self.directory / "postgres.log"
        self.process = None
        for path in (self.data, self.sockets):
            path.mkdir(mode=0o700 if path == self.data else 0o755)
            if os.geteuid() == 0:
                os.chown(path, unprivileged()["user"], unprivileged()["group"])
        subprocess.run(
            [BINDIR / "initdb", "-D", self.data, "-U", "postgres", "--no-sync", "-E", "UTF8",
             "--locale=C.UTF-8", "--auth-local=trust", "--auth-host=scram-sha-256"],
            check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=self.directory,
            **unprivileged())
        self.settings = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
                         "autovacuum": "off", "max_connections": "50", **settings}
        self.port = 0
        atexit.register(self.stop, signal.SIGQUIT)
        self.start()

    def start(self):
        """On the port of the last time: clients come back to where they were."""
        for _ in range(5):
            port = self.port or free_port()
            arguments = [BINDIR / "postgres", "-D", self.data, "-k", self.sockets, "-h",
                         "127.0.0.1", "-p", str(port)]
            for name, value in self.settings.items():
                arguments += ["-c", f"{name}={value}"]
            with open(self.log, "ab") as log:
                self.process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=log,
                                                stderr=log, cwd=self.directory,
                                                start_new_session=True,
                                                preexec_fn=die_with_parent, **unprivileged())
            while self.process.poll() is None:
                if subprocess.run([BINDIR / "pg_isready", "-q", "-h", self.sockets, "-p",
                                   str(port)]).returncode == 0:
                    self.port = port
                    return
                time.sleep(0.05)
            if self.port:
                break
        raise AssertionError(f"the live server does not start:\n{self.log.read_text()}")

    def stop(self, sign=signal.SIGINT):
        """SIGINT is PostgreSQL's fast stop; SIGQUIT its crash."""
        if self.process and self.process.poll() is None:
            stop_process(self.process, sign)

    def processes(self) -> list:
        """The postmaster and its children."""
        return [self.process.pid] + [p for p in all_pids() if parent_of(p) == self.process.pid]

    @contextlib.contextmanager
    def hung(self):
        """The machine is there, takes connections, and says nothing."""
        pids = self.processes()
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)

    def psql(self, database: str, user: str = "postgres") -> list:
        return [str(BINDIR / "psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", str(self.sockets),
                "-p", str(self.port), "-U", user, "-d", database]

    def sql(self, database: str, text: str, user: str = "postgres") -> str:
        done = subprocess.run(self.psql(database, user), input=text, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode != 0:
            raise AssertionError(f"{text}\n{done.stderr}")
        return done.stdout.strip()

    def dump(self, database: str, *options: str) -> str:
        done = subprocess.run(
            [BINDIR / "pg_dump", "-h", self.sockets, "-p", str(self.port), "-U", "postgres",
             *options, database], check=True, stdout=subprocess.PIPE, text=True)
        # Newer releases put a random word into \restrict lines.
        return re.sub(r"(?m)^\\(un)?restrict .*\n", "", done.stdout)

    def uri(self, database: str, user: str, password: str, port: int = 0) -> str:
        return (f"postgresql://{user}:{urllib.parse.quote(password)}@127.0.0.1:"
                f"{port or self.port}/{database}")


class Sql:
    """A session that stays open, for transactions that others have to live with."""

    def __init__(self, server: Postgres, database: str, user: str = "postgres"):
        self.process = subprocess.Popen(server.psql(database, user), stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                        text=True, bufsize=1)

    def run(self, text: str) -> str:
        """Returns once the server has answered."""
        mark = secrets.token_hex(8)
        self.process.stdin.write(f"{text}\n\\echo {mark}\n")
        self.process.stdin.flush()
        lines = []
        for line in self.process.stdout:
            if line.strip() == mark:
                return "".join(lines).strip()
            lines.append(line)
        raise AssertionError(f"{text}\n{''.join(lines)}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


class App:
    """The example's team: its own copy of the migrations, its own database, a guest for driftd.

    The password is unlike any other text, so that finding it anywhere means that it leaked.
    """

    def __init__(self, server: Postgres, name: str, revision: str = "head", example=EXAMPLE):
        self.server = server
        self.name = name
        self.password = "pw-" + secrets.token_hex(12)
        self.guest_password = "pw-" + secrets.token_hex(12)
        self.owner = f"{name}_owner"
        self.guest = f"{name}_guest"
        self.directory = private_directory()
        self.project = self.directory / "project"
        if example:
            shutil.copytree(example, self.project,
                            ignore=shutil.ignore_patterns("__pycache__", "*.yml"))
        else:
            self.project.mkdir()
        server.sql("postgres", f"""
            CREATE ROLE {self.owner} LOGIN PASSWORD '{self.password}';
            CREATE ROLE {self.guest} LOGIN PASSWORD '{self.guest_password}'
              CONNECTION LIMIT 2;
            CREATE DATABASE {name} OWNER {self.owner};""")
        server.sql(name, f"GRANT ALL ON SCHEMA public TO {self.owner}")
        if revision:
            self.alembic("upgrade", revision)
            self.sql(f"GRANT SELECT ON alembic_version TO {self.guest}")

    @property
    def versions(self) -> pathlib.Path:
        return self.project / "migrations" / "versions"

    @property
    def uri(self) -> str:
        return self.server.uri(self.name, self.guest, self.guest_password)

    def sql(self, text: str) -> str:
        return self.server.sql(self.name, text, self.owner)

    def end_guest_sessions(self):
        """As a restart or a pooler does; the next look has to log in again."""
        self.server.sql("postgres", "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                                    f"WHERE usename = '{self.guest}'")

    def alembic(self, *arguments: str):
        uri = self.server.uri(self.name, self.owner, self.password)
        done = subprocess.run([ALEMBIC, *arguments], cwd=self.project, text=True,
                              env=environment(self.directory, {"DATABASE_URL": uri,
                                                               "PYTHONDONTWRITEBYTECODE": "1"}),
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode != 0:
            raise AssertionError(f"alembic {' '.join(arguments)}\n{done.stdout}")

    def add_revision(self, revision: str, down: str, body: str) -> pathlib.Path:
        """A revision file on disk whose upgrade() is `body`."""
        path = self.versions / f"{revision}.py"
        lines = "\n".join("    " + line for line in body.strip().splitlines())
        path.write_text(f'"""{revision}"""\nimport sqlalchemy as sa\nfrom alembic import op\n\n'
                        f'revision = "{revision}"\ndown_revision = "{down}"\n\n\n'
                        f"def upgrade():\n{lines}\n\n\ndef downgrade():\n    pass\n")
        return path


def all_pids() -> list:
    return [int(entry) for entry in os.listdir("/proc") if entry.isdigit()]


def parent_of(pid: int) -> int:
    try:
        # The name in parentheses may hold anything, so what counts begins after the last ")".
        return int(pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, IndexError):
        return 0


def read_proc(pid: int, name: str) -> bytes:
    try:
        return pathlib.Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""


def list_proc(pid: int, name: str) -> list:
    try:
        return os.listdir(f"/proc/{pid}/{name}")
    except OSError:
        return []


class Traces:
    """What a driftd with this TMPDIR leaves behind: processes, sockets, files."""

    def __init__(self, directory: pathlib.Path):
        self.directory = directory
        self.mark = str(directory).encode()

    def processes(self) -> list:
        found = []
        for pid in all_pids():
            if pid == os.getpid():
                continue
            try:
                place = os.readlink(f"/proc/{pid}/cwd").encode()
            except OSError:
                place = b""
            if (self.mark in place or self.mark in read_proc(pid, "cmdline")
                    or b"TMPDIR=" + self.mark in read_proc(pid, "environ")):
                if read_proc(pid, "stat").rpartition(b")")[2].split()[:1] not in ([b"Z"], []):
                    found.append((pid, read_proc(pid, "cmdline").replace(b"\0", b" ").decode()))
        return found

    def sockets(self) -> list:
        lines = pathlib.Path("/proc/net/unix").read_text(errors="replace").splitlines()
        return [line for line in lines if str(self.directory) in line]

    def files(self) -> list:
        return sorted(str(path) for path in self.directory.iterdir())

    def all(self) -> list:
        return self.processes() + self.sockets() + self.files()


def parse_metrics(text: str) -> dict:
    """{name: [(labels, value), ...]} of the text format."""
    found = {}
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        match = re.fullmatch(r'([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)', line)
        if not match:
            raise AssertionError(f"no metric: {line}")
        labels = {name: re.sub(r'\\(.)', lambda m: "\n" if m[1] == "n" else m[1], value)
                  for name, value in re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', match[2] or "")}
        found.setdefault(match[1], []).append((labels, float(match[3])))
    return found


def value_of(metrics: dict, name: str, **labels):
    """The sum over the series that have these labels; None when there is none."""
    values = [value for found, value in metrics.get(name, [])
              if all(found.get(key) == wanted for key, wanted in labels.items())]
    return sum(values) if values else None


def status_of(metrics: dict):
    """The one status of the database that is 1."""
    states = [labels["status"] for labels, value in metrics.get("driftd_status", [])
              if value == 1 and labels["comparison"] == "database"]
    if len(states) != 1:
        raise AssertionError(f"status is a state set, exactly one is 1: {states}")
    return states[0]


class Driftd:
    """`driftd serve` in a TMPDIR of its own, its log in a file, on a port that it chose itself."""

    def __init__(self, *arguments: str, app: App = None, interval: str = "500ms",
                 directory: pathlib.Path = None, **popen):
        self.directory = directory or private_directory("driftd-serve-")
        self.tmp = self.directory / "tmp"
        self.tmp.mkdir(exist_ok=True)
        self.tmp.chmod(0o1777)
        self.traces = Traces(self.tmp)
        self.stderr = self.directory / "stderr"
        self.stdout = self.directory / "stdout"
        command = [driftd_binary(), "serve"]
        if app:
            command += ["--database", app.uri, "--migrations", str(app.project), "--interval",
                        interval]
        if not any(a.startswith("--config.file") for a in arguments):
            command += ["--web.listen-address", "127.0.0.1:0"]
        with open(self.stderr, "ab") as err, open(self.stdout, "ab") as out:
            self.process = subprocess.Popen(
                [*command, *arguments], stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                env=environment(self.tmp), **popen)
        atexit.register(self.kill)
        self._port = 0

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def log(self) -> str:
        return self.stderr.read_text(errors="replace") + self.stdout.read_text(errors="replace")

    def ended(self) -> bool:
        return self.process.poll() is not None

    @property
    def port(self) -> int:
        """Asked of the kernel: where the process listens."""
        if not self._port:
            self._port = wait_until(
                lambda: self._listening() or (self.ended() and -1),
                lambda: f"driftd listens; its log:\n{self.log}")
            if self._port < 0:
                raise AssertionError(f"driftd ended with {self.process.returncode}:\n{self.log}")
        return self._port

    def _listening(self) -> int:
        inodes = set()
        with contextlib.suppress(OSError):
            for fd in os.listdir(f"/proc/{self.pid}/fd"):
                with contextlib.suppress(OSError):
                    target = os.readlink(f"/proc/{self.pid}/fd/{fd}")
                    if target.startswith("socket:["):
                        inodes.add(target[8:-1])
        for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in inodes:
                return int(fields[1].rpartition(":")[2], 16)
        return 0

    def get(self, path: str, method: str = "GET"):
        """(status, text)"""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def metrics(self) -> dict:
        status, text = self.get("/metrics")
        if status != 200:
            raise AssertionError(f"/metrics answers {status}: {text}")
        return parse_metrics(text)

    def value(self, name: str, **labels):
        return value_of(self.metrics(), name, **labels)

    def status(self) -> str:
        return status_of(self.metrics())

    def report(self) -> dict:
        """The JSON report of the one database."""
        databases = json.loads(self.get("/api/v1/databases")[1])["databases"]
        if len(databases) != 1:
            raise AssertionError(f"one database is watched: {databases}")
        return databases[0]

    def findings(self) -> list:
        """Of the newest look that could tell."""
        return self.report()["report"]["findings"]

    def wait_for(self, status: str, bound: float = PATIENCE):
        wait_until(lambda: self.status() == status,
                   lambda: f"{status}; now {self.get('/api/v1/databases')[1]}\n{self.log[-4000:]}",
                   bound)

    def wait_for_looks(self, count: int = 2):
        """So many looks begin and end from now on (one may be on its way already)."""
        target = (self.value("driftd_looks_total") or 0) + count + 1
        wait_until(lambda: self.value("driftd_looks_total") >= target, f"{count} more looks")

    def stop(self, bound: float = 20.0) -> int:
        return stop_process(self.process, signal.SIGTERM, bound)

    def kill(self):
        """The hard way, scratch server included; only for the end of a test."""
        if not self.ended():
            self.process.kill()
            self.process.wait()
        for pid, _ in self.traces.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def wait_until_it_catches(self, sign: int):
        """Before that, a signal ends any process, and there is nothing to test.

        Of every thread: one that waits for a signal in sigtimedwait(2) is shown as not blocking it.
        """
        def catches():
            status = b"".join(read_proc(self.pid, f"task/{task}/status")
                              for task in list_proc(self.pid, "task"))
            masks = re.findall(r"Sig(?:Blk|Cgt):\s+([0-9a-f]+)", status.decode())
            return any(int(mask, 16) >> (sign - 1) & 1 for mask in masks)
        wait_until(catches, lambda: f"driftd catches {sign}; exit {self.process.poll()}\n{self.log}",
                   pause=0.001)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        self.kill()


class Sampler:
    """Reads /metrics as fast as it is answered, on a thread of its own, and keeps the statuses."""

    def __init__(self, driftd: Driftd, pause: float = 0.01):
        self.samples = []
        self._failure = None
        self._end = threading.Event()

        def sample():
            try:
                last = False
                while not last:
                    last = self._end.wait(pause)  # the last one shows what the test has waited for
                    metrics = driftd.metrics()
                    self.samples.append((time.monotonic(), status_of(metrics), metrics))
            except Exception as failure:  # raised where the samples are looked at
                self._failure = failure

        self._thread = threading.Thread(target=sample)

    def statuses(self) -> list:
        """Without repetitions in a row."""
        found = []
        for _, status, _ in self.samples:
            if not found or found[-1] != status:
                found.append(status)
        return found

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._end.set()
        self._thread.join()
        if self._failure:
            raise self._failure


class Result:
    def __init__(self, done: subprocess.CompletedProcess):
        self.code = done.returncode
        self.out = done.stdout
        self.err = done.stderr

    def json(self) -> dict:
        return json.loads(self.out)

    def __str__(self):
        return f"exit {self.code}\n--- stdout\n{self.out}--- stderr\n{self.err}"


def driftd(*arguments: str, tmp: pathlib.Path = None, more: dict = None) -> Result:
    """Runs a command to its end."""
    tmp = tmp or shared_tmp()
    return Result(subprocess.run(
        [driftd_binary(), *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, timeout=300,
        env=environment(tmp, more)))


_shared = {}


def shared_tmp() -> pathlib.Path:
    if "tmp" not in _shared:
        _shared["tmp"] = private_directory("driftd-check-")
        _shared["tmp"].chmod(0o1777)
    return _shared["tmp"]


def shared_server() -> Postgres:
    """One live server a test program, for the tests that do not break it."""
    if "server" not in _shared:
        _shared["server"] = Postgres()
    return _shared["server"]


_names = iter(range(1, 10000))


def new_app(revision: str = "head", server: Postgres = None, **arguments) -> App:
    return App(server or shared_server(), f"app{next(_names)}", revision, **arguments)


def main():
    unittest.main(verbosity=2)

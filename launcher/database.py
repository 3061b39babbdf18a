"""One database: making it, keeping it as new as the addons, and dropping it."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from . import addons, paths
from .console import LauncherError, run_logged, say, step, warn

if TYPE_CHECKING:
    from .workspace import Workspace

_LOADING = re.compile(r"Loading module (\S+) \((\d+)/(\d+)\)")
# pg_trgm and unaccent are optional; the embedded PostgreSQL has no extensions.
_ERROR = re.compile(
    r"^\S+ \S+ \d+ (?:ERROR|CRITICAL) (?!.*CREATE EXTENSION).*", re.MULTILINE
)
_BROKEN_DEMO = re.compile(r"Module (\S+) demo data failed to install")


class Database:
    """A database with the suite in it.

    With `needs_demo` it is an error when demo data cannot be loaded; with `needs_glue`
    the addons that come by themselves are installed too, and the host's with them.
    """

    needs_demo = False
    needs_glue = False

    def __init__(self, name: str, workspace: "Workspace"):
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", name):
            raise LauncherError(f"{name!r} is no name for a database.")
        self.name = name
        self.workspace = workspace
        self.record = paths.RUN / f"{name}.json"

    # --- plain PostgreSQL ---

    def _program(self, *command: str) -> str:
        programs = self.workspace.connection.programs
        result = subprocess.run(
            [str(programs / command[0]), *command[1:]],
            env=self.workspace.env(),
            capture_output=True,
            text=True,
        )
        if result.returncode:
            raise LauncherError(f"{command[0]}: {result.stderr.strip()}")
        return result.stdout

    def query(self, sql: str, database: str | None = None) -> list[list[str]]:
        """Return the rows of a query as texts."""
        name = database or self.name
        output = self._program("psql", "-XAtq", "-F", "\x1f", "-d", name, "-c", sql)
        return [line.split("\x1f") for line in output.splitlines()]

    def oid(self) -> str | None:
        """The server's own number for this database; a new one has a new number."""
        sql = f"SELECT oid FROM pg_database WHERE datname = '{self.name}'"
        rows = self.query(sql, "postgres")
        return rows[0][0] if rows else None

    def drop(self) -> None:
        """Delete the database, its files, and what we remember of it."""
        self._program("dropdb", "--if-exists", "--force", self.name)
        shutil.rmtree(paths.DATA / "filestore" / self.name, ignore_errors=True)
        self.record.unlink(missing_ok=True)

    # --- Odoo in it ---

    def is_initialised(self) -> bool:
        if not self.oid():
            return False
        sql = "SELECT 1 FROM pg_class WHERE relname = 'ir_module_module'"
        return bool(self.query(sql))

    def installed(self) -> set[str]:
        sql = "SELECT name FROM ir_module_module WHERE state = 'installed'"
        return {row[0] for row in self.query(sql)}

    def _remembered(self) -> dict:
        """What was last loaded into this very database, and not into a namesake."""
        try:
            record = json.loads(self.record.read_text())
        except (OSError, ValueError):
            return {}
        return record if record.get("oid") == self.oid() else {}

    def _remember(self, digests: dict[str, str], only: list[str] | None) -> None:
        content = {"oid": self.oid(), "only": only, "addons": digests}
        self.record.write_text(json.dumps(content, indent=1) + "\n")

    def prepare(
        self,
        config: Path,
        *,
        languages: tuple[str, ...] = (),
        only: list[str] | None = None,
    ) -> None:
        """Create the database or bring it up to date, whichever it needs.

        Demo data come with a new database. `only` limits what is installed to these
        addons and what they depend on, now and when the database is prepared again.
        """
        with paths.locked(paths.RUN / f"{self.name}.lock"):
            self._prepare(config, languages, only)

    def _prepare(
        self, config: Path, languages: tuple[str, ...], only: list[str] | None
    ) -> None:
        # Taken before loading: what changes meanwhile is loaded the next time.
        digests = addons.hashes()
        record = self._remembered()
        only = only or record.get("only")
        suite = addons.all_addons() if self.needs_glue else addons.to_install()
        wanted = only or suite
        if not self.is_initialised():
            # A half-made one of an interrupted run is of no use.
            self.drop()
            arguments = ["--with-demo", "-i", ",".join(wanted) or "base"]
            if languages:
                arguments += ["--load-language", ",".join(languages)]
            try:
                self._load(config, "creating", arguments)
            except BaseException:
                say(f"- {self.name} is incomplete and is removed")
                self.drop()
                raise
            self._remember(digests, only)
            return
        loaded = record.get("addons", {})
        missing, stale = addons.plan(wanted, self.installed(), loaded, digests)
        arguments = []
        if missing:
            arguments += ["-i", ",".join(missing)]
        if stale:
            arguments += ["-u", ",".join(stale)]
        if arguments:
            names = ", ".join([*missing, *stale])
            try:
                self._load(config, f"loading {names} into", arguments)
            except LauncherError as error:
                advice = f"`./salon reset --db {self.name}` drops it for a fresh start."
                raise LauncherError(f"{error}\n{advice}") from None
            self._remember(digests, only)

    def _load(self, config: Path, verb: str, arguments: list[str]) -> None:
        log = paths.LOGS / f"{self.name}-load.log"
        command = self.workspace.odoo_command(
            config, "server", *arguments, "--no-http", "--stop-after-init"
        )

        def progress() -> str:
            seen = _LOADING.findall(log.read_text(errors="replace")[-200_000:])
            return "{} ({} of {})".format(*seen[-1]) if seen else ""

        with step(f"{verb} the database {self.name}"):
            run_logged(command, log, env=self.workspace.env(config), progress=progress)
        text = log.read_text(errors="replace")
        if errors := _ERROR.findall(text):
            warn(f"{len(errors)} errors in {log}, the first: {errors[0]}")
        if broken := _BROKEN_DEMO.findall(text):
            # Odoo goes on without them; tests would fail for no visible reason.
            message = f"The demo data of {', '.join(broken)} do not load: see {log}"
            if self.needs_demo:
                raise LauncherError(message)
            warn(message)

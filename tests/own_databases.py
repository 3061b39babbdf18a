"""Databases of their own, for tests that need real processes and real commits.

Used where the one transaction of the ordinary test database proves nothing: installing
and removing addons, and several clerks at once. A database that many tests start from
is made once as a template, named after what it was made from, and kept for later runs.
"""

import fcntl
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from configparser import RawConfigParser
from contextlib import contextmanager
from pathlib import Path

import pytest

PREFIX = "salon_lab"
_TROUBLE = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) .*")
# pg_trgm and unaccent are optional; the embedded PostgreSQL has no extensions.
_HARMLESS = re.compile(r"CREATE EXTENSION|unaccent|odoo\.modules\.loading: .*translat")


class OdooFailedError(AssertionError):
    """A process of Odoo ended with an error; the message holds the end of its log."""


class OwnDatabases:
    """Makes, copies, asks and drops databases, and runs Odoo on them."""

    def __init__(self) -> None:
        try:
            self.python = os.environ["SALON_PYTHON"]
            self.config = os.environ["SALON_ODOO_CONFIG"]
            self.programs = Path(os.environ["SALON_PG_BIN"])
        except KeyError:
            pytest.skip("Needs Odoo and PostgreSQL: run it with ./salon test")
        options = RawConfigParser()
        options.read(self.config)
        data = Path(options["options"]["data_dir"])
        self.filestore = data / "filestore"
        # Names of parallel runs, each on its own test database, must not meet.
        self.run_name = options["options"]["db_name"]

    # --- PostgreSQL ---

    def _program(self, *command: str) -> str:
        result = subprocess.run(
            [str(self.programs / command[0]), *command[1:]],
            capture_output=True,
            text=True,
        )
        if result.returncode:
            raise AssertionError(f"{' '.join(command)}: {result.stderr.strip()}")
        return result.stdout

    def rows(self, name: str, sql: str) -> list[dict]:
        """Return the rows of a query, asked from outside of Odoo."""
        asked = f"SELECT coalesce(json_agg(asked), '[]') FROM ({sql}) AS asked"
        return json.loads(self._program("psql", "-XAtq", "-d", name, "-c", asked))

    def value(self, name: str, sql: str) -> object:
        """Return the only value of a query."""
        (row,) = self.rows(name, sql)
        (value,) = row.values()
        return value

    def execute(self, name: str, sql: str) -> None:
        self._program("psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", name, "-c", sql)

    def names(self, like: str) -> list[str]:
        sql = f"SELECT datname FROM pg_database WHERE datname LIKE '{like}'"
        return [row["datname"] for row in self.rows("postgres", sql)]

    def own_name(self, purpose: str) -> str:
        return f"{PREFIX}_{self.run_name}_{purpose}"[:63]

    def drop(self, name: str) -> None:
        self._program("dropdb", "--if-exists", "--force", name)
        shutil.rmtree(self.filestore / name, ignore_errors=True)

    def create(self, name: str, template: str = "template0") -> str:
        """Make a database anew, empty or as a copy, with its files."""
        self.drop(name)
        self._program("createdb", "-E", "UTF8", "-T", template, name)
        files = self.filestore / template
        if files.is_dir():
            # Files are named after their content and never written again.
            shutil.copytree(files, self.filestore / name, copy_function=os.link)
        return name

    @contextmanager
    def copy(self, purpose: str, template: str) -> Iterator[str]:
        """A copy of a template for one test."""
        name = self.create(self.own_name(purpose), template)
        try:
            yield name
        finally:
            self.drop(name)

    def template(self, purpose: str, made_from: str, make) -> str:
        """Return the name of a template, made by `make(name)` when there is none.

        :param made_from: changes when the template must be made anew
        """
        name = f"{PREFIX}_{purpose}_{made_from[:12]}"
        with self._locked(purpose):
            if self.names(name):
                return name
            for stale in self.names(f"{PREFIX}_{purpose}_%"):
                self.drop(stale)
            unfinished = self.create(f"{PREFIX}_{purpose}_unfinished")
            make(unfinished)
            self.drop(name)
            self._program(
                *("psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", "postgres", "-c"),
                f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"',
            )
            if (self.filestore / unfinished).is_dir():
                (self.filestore / unfinished).rename(self.filestore / name)
        return name

    @contextmanager
    def _locked(self, purpose: str) -> Iterator[None]:
        self.filestore.mkdir(parents=True, exist_ok=True)
        with (self.filestore.parent / f"{PREFIX}-{purpose}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    # --- Odoo ---

    def command(self, name: str, *arguments: str) -> list[str]:
        subcommand = [arguments[0]] if arguments[0][0] != "-" else []
        return [
            *(self.python, "-m", "odoo", *subcommand, "-c", self.config),
            *("-d", name, "--db-filter", f"^{name}$", *arguments[len(subcommand) :]),
        ]

    def odoo(self, name: str, *arguments: str) -> str:
        """Run Odoo to its end and return its log.

        :raises OdooFailedError: it ended with an error
        """
        return self._run(
            self.command(name, *arguments, "--stop-after-init", "--no-http")
        )

    def call(
        self, name: str, script: Path, function: str, **arguments
    ) -> tuple[object, str]:
        """Call `function(env, **arguments)` of a script inside Odoo, and commit.

        :return: what it returns, by JSON, and the log
        :raises OdooFailedError: it raised, and nothing was committed
        """
        with tempfile.NamedTemporaryFile("r", suffix=".json") as answer:
            task = {"arguments": arguments, "answer": answer.name}
            code = (
                "import json, sys, traceback, os\n"
                f"sys.path.insert(0, {str(script.parent)!r})\n"
                f"task = json.loads({json.dumps(task)!r})\n"
                "try:\n"
                f"    import {script.stem} as script\n"
                f"    result = script.{function}(env, **task['arguments'])\n"
                "    env.cr.commit()\n"
                "    open(task['answer'], 'w').write(json.dumps(result))\n"
                "except BaseException:\n"
                "    traceback.print_exc()\n"
                "    sys.stderr.flush()\n"
                "    os._exit(1)\n"
            )
            command = self.command(name, "shell", "--no-http")
            log = self._run(command, stdin=code)
            return json.loads(answer.read()), log

    def _run(self, command: list[str], stdin: str = "") -> str:
        result = subprocess.run(
            command,
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if result.returncode:
            end = "\n".join(result.stdout.splitlines()[-40:])
            raise OdooFailedError(f"{' '.join(command[2:])}\n{end}")
        return result.stdout


def troubles(log: str) -> list[str]:
    """Return the warnings and errors of a log, without the known harmless ones."""
    return [
        line
        for line in log.splitlines()
        if _TROUBLE.match(line) and not _HARMLESS.search(line)
    ]

"""Everything a command needs to run Odoo: source, Python, PostgreSQL, configuration."""

import argparse
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import odoo_config, odoo_source, paths, postgres, python_env
from .database import Database

PYTHON_REQUIREMENTS = ("runtime.txt", "test.txt")
# Variables of the caller that would mislead Odoo, its Python or libpq.
FOREIGN = (
    *("PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "VIRTUAL_ENV"),
    *("PGDATABASE", "PGSERVICE"),
)


class Workspace:
    """The running pieces. Use it as `with Workspace.open(args) as workspace:`."""

    def __init__(self, args: argparse.Namespace):
        paths.prepare_state()
        self.python = python_env.environment("odoo", *PYTHON_REQUIREMENTS)
        self.source = odoo_source.locate(args.odoo)
        if not (args.odoo or os.environ.get("ODOO_HOME")):
            python_env.link_odoo(self.python, self.source.python_path)
        self.python_path = [Path(self.source.python_path), paths.ROOT]
        self.production = odoo_config.read()
        given = odoo_config.given_database(self.production)
        for name in odoo_config.DATABASE_OPTIONS:
            if value := getattr(args, name):
                given[name] = value
        if given:
            programs = postgres.programs_of(self.python)
            self.postgres = postgres.GivenPostgres(given, programs)
        else:
            self.postgres = postgres.EmbeddedPostgres(self.python)
        self.connection = self.postgres.connection()

    @classmethod
    @contextmanager
    def open(cls, args: argparse.Namespace) -> Iterator["Workspace"]:
        workspace = cls(args)
        try:
            workspace.postgres.acquire()
            yield workspace
        finally:
            workspace.postgres.release()

    def config(self, name: str, database: str, **overrides) -> Path:
        """Write a configuration file for one use of one database."""
        addons = [paths.ADDONS, *self.source.addons_paths]
        # The options that a local Odoo needs, whatever production has.
        local = {
            "addons_path": ",".join(map(str, addons)),
            "data_dir": paths.DATA,
            "db_name": database,
            "dbfilter": f"^{database}$",
            "list_db": False,
            "workers": 0,
            "max_cron_threads": 0,
            "limit_time_cpu": 0,
            "limit_time_real": 0,
            "limit_memory_soft": 0,
            "limit_memory_hard": 0,
            "http_interface": "127.0.0.1",
            **self.connection.options(),
            **overrides,
        }
        options = odoo_config.local(self.production, local)
        return odoo_config.write(paths.RUN / f"{name}.conf", options)

    def env(self, config: Path | None = None) -> dict[str, str]:
        """Return the variables for a child process that runs or drives Odoo."""
        env = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        env |= self.connection.env()
        # Odoo reads its options from variables of the same names: only the file counts.
        for name in [name for name in env if name.startswith("ODOO_")]:
            env.pop(name)
        env |= {
            "PYTHONPATH": os.pathsep.join(map(str, self.python_path)),
            # Compiled once, and outside of the sources.
            "PYTHONPYCACHEPREFIX": str(paths.cache() / "bytecode"),
            "SALON_ROOT": str(paths.ROOT),
            "SALON_PYTHON": str(self.python),
            "SALON_ODOO": str(self.source.package),
            "SALON_PG_BIN": str(self.connection.programs),
        }
        if config:
            env["SALON_ODOO_CONFIG"] = str(config)
        return env

    def odoo_command(self, config: Path, *arguments: str) -> list[str]:
        """Return the command line of Odoo; the first argument may be its subcommand."""
        return [str(self.python), "-m", "odoo", *_with_config(config, arguments)]

    def database(self, name: str) -> Database:
        return Database(name, self)

    def run(
        self,
        command: list[str],
        config: Path | None = None,
        variables: dict[str, str] | None = None,
    ) -> int:
        """Run a program in the foreground, with the terminal, and return its code."""
        env = self.env(config) | (variables or {})
        process = subprocess.Popen(command, env=env)
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                # The terminal has told the program as well; wait for it to end.
                continue
            except BaseException:
                process.terminate()
                process.wait()
                raise


def _with_config(config: Path, arguments: tuple[str, ...]) -> list[str]:
    subcommand = [arguments[0]] if arguments and arguments[0][0] != "-" else []
    rest = arguments[len(subcommand) :]
    return [*subcommand, "-c", str(config), *rest]

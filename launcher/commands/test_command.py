"""Run the tests, all of them or those of some paths.

They run on a database of their own with the suite and its demo data, which is made when
missing and upgraded when the addons changed. Tests of the pure engines (tests/engine)
need no database and get none. Options that are not listed go to pytest:

    ./salon test                                    everything
    ./salon test addons/salon_booking -k overlap    a part
    ./salon test tests/engine -x --durations=5      with options of pytest
"""

import argparse
import os
from pathlib import Path

from .. import paths, python_env, system_packages
from ..console import LauncherError
from ..main import add_host_arguments
from ..workspace import PYTHON_REQUIREMENTS, Workspace

# Test folders that need neither Odoo nor a database.
PURE = ("tests/engine", "tests/launcher")
DATABASE = "salon_test"


def add_arguments(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("paths", nargs="*", metavar="PATH", help="default: everything")
    sub.add_argument("-k", metavar="EXPRESSION", help="only tests with matching names")
    sub.add_argument("--db", default=DATABASE, help="default: %(default)s")
    sub.add_argument("--fresh", action="store_true", help="make the database anew")
    sub.add_argument(
        "--only",
        metavar="ADDONS",
        help="install only these addons in a new database (comma-separated)",
    )
    sub.add_argument(
        "--no-browser",
        action="store_true",
        help="leave out the tests that need a browser",
    )
    sub.add_argument(
        "--no-upgrade", action="store_true", help="take the database as it is"
    )
    add_host_arguments(sub)
    sub.set_defaults(accepts_unknown=True)


def is_pure(path: str) -> bool:
    """Whether a test path needs no Odoo."""
    full = Path(path.partition("::")[0]).resolve()
    return any(full.is_relative_to(paths.ROOT / pure) for pure in PURE)


def pytest(python: Path) -> list[str]:
    """Return the call of pytest with our settings, also for tests of the host."""
    settings = paths.ROOT / "pyproject.toml"
    root = f"--rootdir={paths.ROOT}"
    return [str(python), "-m", "pytest", "-c", str(settings), root]


def pytest_arguments(args: argparse.Namespace) -> list[str]:
    found = list(args.paths)
    if args.k:
        found += ["-k", args.k]
    return [*found, *args.unknown]


def run(args: argparse.Namespace) -> int:
    if args.paths and all(is_pure(path) for path in args.paths):
        return _run_pure(args)
    if not args.no_browser:
        _ensure_browser()
    system_packages.ensure_or_warn(system_packages.PDF)
    with Workspace.open(args) as workspace:
        database = workspace.database(args.db)
        database.needs_demo = database.needs_glue = True
        if args.fresh:
            database.drop()
        config = workspace.config(f"test-{args.db}", args.db)
        if not (args.no_upgrade and database.is_initialised()):
            only = args.only.split(",") if args.only else None
            database.prepare(config, only=only)
        command = [
            *pytest(workspace.python),
            *("-p", "pytest_odoo", "-p", "launcher.pytest_plugin"),
            *(f"--odoo-config={config}", f"--odoo-database={args.db}", "--odoo-http"),
            *pytest_arguments(args),
        ]
        variables = {"SALON_NO_BROWSER": "1"} if args.no_browser else {}
        return workspace.run(command, config, variables)


def _ensure_browser() -> None:
    """A missing browser is no reason to pass: the tests fail before they start."""
    try:
        system_packages.ensure(system_packages.BROWSER)
    except LauncherError as error:
        raise LauncherError(f"{error}\nor leave them out with --no-browser.") from None


def _run_pure(args: argparse.Namespace) -> int:
    paths.prepare_state()
    python = python_env.environment("odoo", *PYTHON_REQUIREMENTS)
    command = [*pytest(python), *pytest_arguments(args)]
    bytecode = str(paths.cache() / "bytecode")
    env = dict(os.environ, PYTHONPATH=str(paths.ROOT), PYTHONPYCACHEPREFIX=bytecode)
    os.execve(command[0], command, env)

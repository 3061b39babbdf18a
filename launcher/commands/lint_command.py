"""Check the code: ruff, pylint-odoo, the OCA's checks, prettier, eslint, house rules.

Examples:
    ./salon lint                       everything
    ./salon lint --fix                 format first, and fix what can be fixed
    ./salon lint addons/salon_stock    a part
"""

import argparse
import os
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from .. import house_rules, node_env, paths, python_env
from ..console import LauncherError, say

ROOTS = ("launcher", "addons", "tests")
SCRIPT_SUFFIXES = (".js", ".mjs")
LAYOUT_SUFFIXES = (".xml", ".scss", *SCRIPT_SUFFIXES)


@dataclass(frozen=True)
class Check:
    """A tool, and how to run it; it returns what it complains about."""

    name: str
    run: Callable[[], str]


def add_arguments(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("paths", nargs="*", metavar="PATH", help="default: everything")
    sub.add_argument("--fix", action="store_true", help="format and fix what can be")


def run(args: argparse.Namespace) -> int:
    paths.prepare_state()
    scope = Scope([Path(path).resolve() for path in args.paths])
    tools = Tools(python_env.environment("lint", "lint.txt").parent, node_env.modules())
    if args.fix:
        fix(tools, scope)
    checks = list_checks(tools, scope)
    with ThreadPoolExecutor(max(2, os.cpu_count() or 2)) as pool:
        results = list(pool.map(_timed, checks))
    failed = [check.name for check, (output, _) in zip(checks, results) if output]
    for check, (output, seconds) in zip(checks, results):
        say(f"- {check.name}: {'FAILED' if output else 'ok'} ({seconds:.0f} s)")
        if output:
            print(output, flush=True)
    if failed:
        say(f"salon: lint failed: {', '.join(failed)}")
        return 1
    say("salon: lint is clean")
    return 0


def _timed(check: Check) -> tuple[str, float]:
    start = time.monotonic()
    return check.run(), time.monotonic() - start


def repository_files() -> set[Path]:
    """Return the files of the repository, those not yet committed included."""
    kinds = ["--cached", "--others", "--exclude-standard"]
    command = ["git", "ls-files", "-z", *kinds]
    try:
        listed = subprocess.run(command, cwd=paths.ROOT, capture_output=True, text=True)
        names = listed.stdout.split("\0") if listed.returncode == 0 else []
    except FileNotFoundError:
        names = []
    if names:
        return {paths.ROOT / name for name in names if name}
    # A copy without its history: everything below our own folders.
    found = {path for root in ROOTS for path in (paths.ROOT / root).rglob("*")}
    return found | {path for path in paths.ROOT.iterdir() if path.is_file()}


class Scope:
    """The files to look at: those of the repository below the given paths."""

    def __init__(self, chosen: list[Path]):
        self.chosen = chosen
        for path in chosen:
            if not path.exists():
                raise LauncherError(f"There is no {path}.")
        self.files = sorted(file for file in repository_files() if self._covers(file))

    def _covers(self, file: Path) -> bool:
        if not file.is_file():
            return False
        return not self.chosen or any(file.is_relative_to(path) for path in self.chosen)

    def names(self, *suffixes: str) -> list[str]:
        """Return the files with these suffixes, relative to the root."""
        return [
            str(file.relative_to(paths.ROOT))
            for file in self.files
            if file.suffix in suffixes and "lib" not in file.parts
        ]

    def python(self) -> list[str]:
        own = ["salon"] if paths.ROOT / "salon" in self.files else []
        return own + self.names(".py")

    def addons(self) -> list[Path]:
        """Return the addons that have a file in scope."""
        manifests = sorted(paths.ADDONS.glob("*/__manifest__.py"))
        return [
            manifest.parent
            for manifest in manifests
            if any(file.is_relative_to(manifest.parent) for file in self.files)
        ]

    def addon_names(self) -> list[str]:
        return [str(addon.relative_to(paths.ROOT)) for addon in self.addons()]


@dataclass(frozen=True)
class Tools:
    """Where the tools are."""

    bin: Path
    modules: Path

    def python(self, name: str) -> str:
        return str(self.bin / name)

    def node(self, package: str, script: str) -> list[str]:
        return ["node", str(self.modules / package / script)]

    def prettier(self, *arguments: str) -> list[str]:
        plugin = self.modules / "@prettier/plugin-xml/src/plugin.js"
        command = self.node("prettier", "bin/prettier.cjs")
        return [*command, f"--plugin={plugin}", *arguments]

    def eslint(self, *arguments: str) -> list[str]:
        command = self.node("eslint", "bin/eslint.js")
        return [*command, "--no-warn-ignored", *arguments]


def _call(command: list[str]) -> subprocess.CompletedProcess:
    env = dict(os.environ, PYTHONPATH="")
    return subprocess.run(
        command, cwd=paths.ROOT, env=env, capture_output=True, text=True
    )


def _output(command: list[str]) -> str:
    """Run a tool; a success is an empty answer."""
    result = _call(command)
    text = (result.stdout + result.stderr).strip()
    return (text or f"ended with code {result.returncode}") if result.returncode else ""


def fix(tools: Tools, scope: Scope) -> None:
    """Let the formatters write."""
    if files := scope.python():
        _call([tools.python("ruff"), "check", "--fix", "--quiet", *files])
        _call([tools.python("ruff"), "format", "--quiet", *files])
    if files := scope.names(*SCRIPT_SUFFIXES):
        _call(tools.eslint("--fix", *files))
    if files := scope.names(*LAYOUT_SUFFIXES):
        _call(tools.prettier("--write", *files))


def list_checks(tools: Tools, scope: Scope) -> list[Check]:
    """Return the checks that have something to look at, the slowest first."""
    checks = []

    def add(name: str, *command: str) -> None:
        checks.append(Check(name, lambda: _output(list(command))))

    if addons := scope.addon_names():
        checks.append(Check("pylint-odoo", lambda: pylint(tools, addons)))
        add(
            "oca-checks-odoo-module",
            *(tools.python("oca-checks-odoo-module"), "--config=.oca_hooks.cfg"),
            *addons,
        )
    if files := scope.names(*LAYOUT_SUFFIXES):
        add("prettier", *tools.prettier("--list-different", *files))
    if files := scope.names(*SCRIPT_SUFFIXES):
        add("eslint", *tools.eslint("--max-warnings=0", *files))
    if files := scope.python():
        quiet = ("--quiet", "--output-format=concise")
        add("ruff", tools.python("ruff"), "check", *quiet, *files)
        add("ruff format", tools.python("ruff"), "format", "--check", *quiet, *files)
    checks.append(Check("house rules", lambda: house(scope)))
    return checks


def pylint(tools: Tools, addons: list[str]) -> str:
    command = [tools.python("pylint"), "--rcfile=.pylintrc", "--jobs=2", *addons]
    result = _call(command)
    # Messages, not mere mentions of a module that is not installed here.
    return "" if result.returncode == 0 else (result.stdout + result.stderr).strip()


def house(scope: Scope) -> str:
    problems = house_rules.check(scope.addons())
    return "\n".join(str(problem) for problem in problems)

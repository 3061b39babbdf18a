"""The JavaScript tools, installed from the lock file into the cache."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from . import paths, system_packages
from .console import LauncherError, run_logged, step

FILES = ("package.json", "package-lock.json", ".npmrc")
OLDEST = 18


def modules() -> Path:
    """Return the node_modules folder that the lock file describes."""
    system_packages.ensure(system_packages.NODE)
    _check_version()
    digest = hashlib.sha256()
    for name in FILES:
        digest.update((paths.ROOT / name).read_bytes())
    home = paths.cache() / "node" / digest.hexdigest()[:12]
    if not (home / "complete").exists():
        with paths.locked(home.with_suffix(".lock")):
            if not (home / "complete").exists():
                _install(home)
    return home / "node_modules"


def _check_version() -> None:
    result = subprocess.run(["node", "--version"], capture_output=True, text=True)
    version = result.stdout.strip().lstrip("v")
    if int(version.partition(".")[0] or 0) < OLDEST:
        raise LauncherError(
            f"prettier and eslint need Node {OLDEST}; this is {version}."
        )


def _install(home: Path) -> None:
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    for name in FILES:
        shutil.copy(paths.ROOT / name, home)
    command = ["npm", "ci", "--ignore-scripts", "--no-progress"]
    with step("installing prettier and eslint"):
        log = paths.LOGS / "npm.log"
        run_logged(command, log, cwd=home, env=dict(os.environ, CI="1"))
    (home / "complete").touch()

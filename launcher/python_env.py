"""Virtual environments in the cache, one per set of pinned requirements."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from . import paths, system_packages
from .console import LauncherError, run_logged, step

SUPPORTED = ((3, 10), (3, 11), (3, 12), (3, 13))
PREFERRED = ("python3.11", "python3.12", "python3.13", "python3.10")
_PROBE = (
    "import sys; print(*sys.version_info[:3]); print(sys.base_prefix)\n"
    "try:\n    import ensurepip, venv; print(1)\n"
    "except ImportError:\n    print(0)"
)


class Python:
    """An interpreter of the machine and what it can do."""

    def __init__(self, executable: str):
        self.executable = executable
        result = subprocess.run(
            [executable, "-c", _PROBE], capture_output=True, text=True
        )
        lines = result.stdout.splitlines()
        self.works = result.returncode == 0 and len(lines) == 3
        if self.works:
            self.version = tuple(int(part) for part in lines[0].split())
            self.prefix = lines[1]
            self.has_venv = lines[2] == "1"

    def is_supported(self) -> bool:
        return self.works and self.version[:2] in SUPPORTED


def find_python() -> Python:
    """Choose the interpreter that Odoo will run on, one that can make environments."""
    names = [sys.executable, *PREFERRED, "python3"]
    found = [path for name in names if (path := shutil.which(name))]
    candidates = [Python(path) for path in dict.fromkeys(found)]
    supported = [python for python in candidates if python.is_supported()]
    if not supported:
        raise LauncherError(
            "Odoo 19 needs Python 3.10 to 3.13; this machine has "
            + (", ".join(found) or "none")
            + ". Please run:\n    sudo apt-get install python3 python3-venv"
        )
    # For 3.13 there is no renderPM, which draws the barcodes of printed reports.
    supported.sort(key=lambda python: python.version[:2] == (3, 13))
    for python in supported:
        if python.has_venv:
            return python
    # Debian's bare python3 lacks ensurepip: that is a package of its own.
    package = f"python{supported[0].version[0]}.{supported[0].version[1]}-venv"
    system_packages.install((package,), "making a virtual environment")
    return Python(supported[0].executable)


def environment(name: str, *files: str) -> Path:
    """Return the Python of an environment that holds the pinned requirements.

    It is made when it is not there yet; `files` are names in requirements/.
    """
    python = find_python()
    sources = [paths.REQUIREMENTS / file for file in files]
    digest = hashlib.sha256()
    for source in sources:
        digest.update(source.read_bytes())
    digest.update(f"{python.version}{python.prefix}".encode())
    home = paths.cache() / "python" / f"{name}-{digest.hexdigest()[:12]}"
    executable = home / "bin" / "python"
    if (home / "complete").exists() and executable.exists():
        return executable
    with paths.locked(home.with_suffix(".lock")):
        if not (home / "complete").exists():
            _create(python, home, sources)
    return executable


def _create(python: Python, home: Path, sources: list[Path]) -> None:
    # Scripts carry the folder's name, so it is made in place; the marker comes last.
    shutil.rmtree(home, ignore_errors=True)
    log = paths.LOGS / "pip.log"
    number = ".".join(map(str, python.version))
    with step(f"installing {home.name} for Python {number}"):
        run_logged([python.executable, "-m", "venv", str(home)], log)
        pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--no-input"]
        arguments = [part for file in sources for part in ("-r", str(file))]
        run_logged([*pip, "--prefer-binary", *arguments], log, env=_clean_env())
        (home / "complete").touch()


def _clean_env() -> dict[str, str]:
    """This process's variables without those that would mislead another Python."""
    env = dict(os.environ)
    for name in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"):
        env.pop(name, None)
    return env


def site_packages(executable: Path) -> Path:
    return next((executable.parent.parent / "lib").glob("python3.*/site-packages"))


def link_odoo(executable: Path, python_path: Path) -> None:
    """Make `import odoo` work in the environment, without any variable set."""
    link = site_packages(executable) / "salon_odoo.pth"
    if not link.exists() or link.read_text() != f"{python_path}\n":
        link.write_text(f"{python_path}\n")

"""Programs that only the system's package manager can bring."""

import os
import shutil
from dataclasses import dataclass

from . import paths
from .console import LauncherError, run_logged, step, warn

BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")


@dataclass(frozen=True)
class Need:
    """A program, the Debian packages that bring it, and what it is for."""

    programs: tuple[str, ...]
    packages: tuple[str, ...]
    purpose: str

    def is_met(self) -> bool:
        return any(shutil.which(program) for program in self.programs)


BROWSER = Need(BROWSERS, ("chromium", "fonts-dejavu-core"), "the browser tests")
PDF = Need(
    ("wkhtmltopdf",), ("wkhtmltopdf", "fonts-dejavu-core"), "printing reports to PDF"
)
NODE = Need(("npm",), ("nodejs", "npm"), "prettier and eslint")


def may_install() -> bool:
    return os.geteuid() == 0 and bool(shutil.which("apt-get"))


def install_command(packages: tuple[str, ...]) -> str:
    return f"sudo apt-get install --no-install-recommends {' '.join(packages)}"


def install(packages: tuple[str, ...], purpose: str) -> None:
    """Install Debian packages as root, or say which command would."""
    if not may_install():
        raise LauncherError(
            f"{purpose} needs {', '.join(packages)}. Please run:\n"
            f"    {install_command(packages)}"
        )
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    log = paths.LOGS / "apt.log"
    with step(f"installing {', '.join(packages)} for {purpose}"):
        # A third-party source that does not answer must not stop the others.
        run_logged(["apt-get", "update"], log, env=env, check=False)
        options = ["-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"]
        run_logged(["apt-get", "install", *options, *packages], log, env=env)


def ensure(*needs: Need) -> None:
    """Make sure that every program is there, installing what may be installed."""
    missing = [need for need in needs if not need.is_met()]
    if missing:
        packages = {name: None for need in missing for name in need.packages}
        install(tuple(packages), " and ".join(need.purpose for need in missing))


def ensure_or_warn(need: Need) -> bool:
    """Like ensure, but a missing program is only told."""
    if need.is_met():
        return True
    try:
        ensure(need)
    except LauncherError as error:
        warn(str(error))
        return False
    return need.is_met()

"""A peer to measure against: OCA's resource_booking, in a scratch folder.

It is AGPL and no part of the suite; nothing depends on it, and nothing of it is kept
but under `.salon/peer`.
"""

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from . import paths
from .console import LauncherError, step

if TYPE_CHECKING:
    from .workspace import Workspace

ADDON = "resource_booking"
PACKAGES = (
    "odoo-addon-resource_booking==19.0.1.0.1.2",
    "odoo-addon-web_calendar_slot_duration==19.0.1.0.0.2",
)
#: What these import beside Odoo itself.
LIBRARIES = ("cssselect==1.6.0",)
FOLDER = paths.STATE / "peer"


def fetch(workspace: "Workspace") -> str:
    """Download the peer once, and return the path of all addons with its own.

    The workspace then also finds what the peer imports.
    """
    own, libraries = FOLDER / "odoo" / "addons", FOLDER / "libraries"
    if not ((own / ADDON).is_dir() and libraries.is_dir()):
        with step("fetching the peer"):
            _install(workspace, FOLDER, PACKAGES)
            _install(workspace, libraries, LIBRARIES)
    workspace.python_path.append(libraries)
    folders = [paths.ADDONS, *workspace.source.addons_paths, own]
    return ",".join(map(str, folders))


def _install(workspace: "Workspace", folder: Path, packages: tuple[str, ...]) -> None:
    command = [
        str(workspace.python),
        *("-m", "pip", "install", "--quiet", "--no-deps", "--no-compile"),
        *("--upgrade", "--target", str(folder), *packages),
    ]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode:
        raise LauncherError(f"The peer cannot be had: {result.stderr.strip()}")

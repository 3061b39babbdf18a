"""The suite's addons, and what changed in them."""

import ast
import hashlib
from pathlib import Path

from . import paths

# Files that live outside the database: a change in them needs no upgrade.
UNSTORED = {"__pycache__", "engine", "static", "tests"}


def all_addons(folder: Path = paths.ADDONS) -> list[str]:
    """Return the names of the installable addons, sorted."""
    names = []
    for manifest in sorted(folder.glob("*/__manifest__.py")):
        if ast.literal_eval(manifest.read_text()).get("installable", True):
            names.append(manifest.parent.name)
    return names


def to_install(folder: Path = paths.ADDONS) -> list[str]:
    """Return the addons to ask for; the host itself adds the auto-installed ones."""
    names = []
    for name in all_addons(folder):
        manifest = ast.literal_eval((folder / name / "__manifest__.py").read_text())
        if not manifest.get("auto_install"):
            names.append(name)
    return names


def content_hash(addon: Path) -> str:
    """Return a digest of everything in an addon that an upgrade would load."""
    digest = hashlib.sha256()
    for path in sorted(addon.rglob("*")):
        relative = path.relative_to(addon)
        if relative.parts[0] in UNSTORED or "__pycache__" in relative.parts:
            continue
        if path.is_file():
            digest.update(f"{relative}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def hashes(folder: Path = paths.ADDONS) -> dict[str, str]:
    return {name: content_hash(folder / name) for name in all_addons(folder)}


def plan(
    wanted: list[str], installed: set[str], loaded: dict[str, str], now: dict[str, str]
) -> tuple[list[str], list[str]]:
    """Return the addons to install in a database and those to upgrade.

    `loaded` and `now` are digests: of what the database has loaded, and of the files.
    """
    missing = [name for name in wanted if name not in installed]
    stale = [
        name for name in now if name in installed and loaded.get(name) != now[name]
    ]
    return missing, stale

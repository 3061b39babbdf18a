"""Finds Odoo 19: a given folder, or Debian's package unpacked in the cache.

Odoo is not on the Python package index. Debian's `sid` has it whole, and apt can fetch
it without root and with its signatures checked when it is given folders of its own.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from . import paths
from .console import LauncherError, run_logged, say, step

SUITE = "sid"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
SID_PACKAGES = (
    "odoo-19",
    "libjs-jquery",
    "libjs-underscore",
    "libjs-jquery-form",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-ocr-b",
)
# Odoo wants the files of Font Awesome 4.7, sid has 7.
STABLE_PACKAGES = ("fonts-font-awesome", "fonts-inconsolata")
ASSET_STABLE = "bookworm"
SITE_PACKAGES = Path("usr/lib/python3/dist-packages")
# Debian leaves this file out for its licence; the browser's complaint about it would
# fail every tour, and it serves only to blur the background of video calls.
STUB = Path("odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js")
STUB_TEXT = "/* Left out by Debian; only the background blur of calls needs it. */\n"


@dataclass(frozen=True)
class OdooSource:
    """A usable Odoo: the folder to import from, and where its addons are."""

    python_path: Path
    addons_paths: tuple[Path, ...]
    version: str

    @property
    def package(self) -> Path:
        return self.python_path / "odoo"


def locate(given: str | None) -> OdooSource:
    """Return the Odoo that --odoo or ODOO_HOME names, else the one of the cache."""
    if chosen := given or os.environ.get("ODOO_HOME"):
        return from_folder(Path(chosen).expanduser().resolve())
    return _from_cache() or _download()


def from_folder(folder: Path) -> OdooSource:
    """Recognise a source checkout, an installation, or the package itself."""
    for python_path in (folder, folder.parent):
        release = python_path / "odoo" / "release.py"
        if release.is_file():
            break
    else:
        raise LauncherError(
            f"{folder} holds no Odoo: there is no odoo/release.py in it."
        )
    found = re.search(
        r"version_info\s*=\s*\(\s*'?([\w~]+)'?,\s*(\d+)", release.read_text()
    )
    version = ".".join(found.groups()) if found else "unknown"
    if version != "19.0":
        raise LauncherError(f"{folder} is Odoo {version}; the suite needs 19.0.")
    addons = python_path / "addons"
    is_checkout = (python_path / "odoo-bin").is_file() and addons.is_dir()
    return OdooSource(python_path, (addons,) if is_checkout else (), version)


def _manifest(tree: Path) -> dict | None:
    try:
        return json.loads((tree / "manifest.json").read_text())
    except (OSError, ValueError):
        return None


def _from_cache() -> OdooSource | None:
    trees = (paths.cache() / "odoo").glob("*/")
    complete = [
        (found["unpacked"], tree) for tree in trees if (found := _manifest(tree))
    ]
    if not complete:
        return None
    return from_folder(max(complete)[1] / SITE_PACKAGES)


def _download() -> OdooSource:
    home = paths.cache() / "odoo"
    with paths.locked(paths.cache() / "odoo.lock"):
        if found := _from_cache():
            return found
        for leftover in home.glob(".partial-*"):
            shutil.rmtree(leftover)
        work = home / f".partial-{os.getpid()}"
        work.mkdir(parents=True)
        try:
            with step("downloading Odoo 19 from Debian (about 130 MB)"):
                debs = _fetch(work)
            with step("unpacking and checking Odoo"):
                tree = _unpack(debs, work)
            target = home / tree.name
            shutil.rmtree(target, ignore_errors=True)
            tree.rename(target)
        finally:
            shutil.rmtree(work, ignore_errors=True)
        return _from_cache()


# --- apt --------------------------------------------------------------------------


def parse_index_targets(text: str) -> list[dict[str, str]]:
    """Read the stanzas that `apt-get indextargets` prints."""
    stanzas = []
    for block in re.split(r"\n\s*\n", text.strip()):
        pairs = (line.partition(": ") for line in block.splitlines() if ": " in line)
        stanza = {key: value.strip() for key, _, value in pairs}
        if stanza:
            stanzas.append(stanza)
    return stanzas


def debian_mirror(targets: list[dict[str, str]]) -> str | None:
    """Choose the address of Debian's main archive among the machine's sources.

    Security and update pockets, and other vendors' archives, are passed over.
    """
    for target in targets:
        suite = target.get("Codename", "") + target.get("Suite", "")
        if (
            target.get("Origin") == "Debian"
            and target.get("Label", "Debian") == "Debian"
            and target.get("Component") == "main"
            and "security" not in suite
            and "debug" not in suite
        ):
            return target.get("Repo-URI") or target.get("Site")
    return None


class _PrivateApt:
    """apt with folders of its own: needs no root and leaves the system's alone."""

    def __init__(self, home: Path, sources: Path | None = None):
        self.home = home
        for name in ("lists/partial", "cache/archives/partial"):
            (home / name).mkdir(parents=True, exist_ok=True)
        status = home / "status"
        status.touch()
        self.options = [
            f"Dir::State::Lists={home / 'lists'}",
            f"Dir::Cache={home / 'cache'}",
            f"Dir::State::status={status}",
        ]
        if sources:
            self.options += [
                f"Dir::Etc::sourcelist={sources}",
                "Dir::Etc::sourceparts=-",
            ]
        if os.geteuid() == 0:
            self.options.append("APT::Sandbox::User=root")

    def command(self, *arguments: str) -> list[str]:
        options = [part for option in self.options for part in ("-o", option)]
        return ["apt-get", *options, *arguments]

    def run(self, *arguments: str, cwd: Path | None = None) -> None:
        run_logged(self.command(*arguments), paths.LOGS / "apt.log", cwd=cwd)

    def index_targets(self) -> list[dict[str, str]]:
        result = subprocess.run(
            self.command("indextargets"), capture_output=True, text=True
        )
        return parse_index_targets(result.stdout)


def _find_mirror(work: Path) -> str:
    known = subprocess.run(["apt-get", "indextargets"], capture_output=True, text=True)
    if mirror := debian_mirror(parse_index_targets(known.stdout)):
        return mirror
    # A machine that never ran `apt-get update` knows no origins: ask privately.
    apt = _PrivateApt(work / "mirror")
    update = apt.command("update")
    run_logged(update, paths.LOGS / "apt.log", check=False)
    if mirror := debian_mirror(apt.index_targets()):
        return mirror
    raise LauncherError(
        "apt on this machine has no Debian source, so Odoo cannot be fetched from it."
        " Give an existing Odoo 19.0 with --odoo PATH or ODOO_HOME."
    )


def _fetch(work: Path) -> list[Path]:
    for tool in ("apt-get", "dpkg-deb"):
        if not shutil.which(tool):
            raise LauncherError(
                f"Odoo comes from Debian's archive, and {tool} is not here."
                " Give an existing Odoo 19.0 with --odoo PATH or ODOO_HOME."
            )
    if not KEYRING.exists():
        raise LauncherError(
            f"Debian's keys ({KEYRING}) are missing, so the download could not be"
            " checked. Please run:\n"
            "    sudo apt-get install debian-archive-keyring"
        )
    mirror = _find_mirror(work)
    sources = work / "debian.sources"
    sources.write_text(
        f"Types: deb\nURIs: {mirror}\nSuites: {SUITE} {ASSET_STABLE}\n"
        f"Components: main\nSigned-By: {KEYRING}\n"
    )
    apt = _PrivateApt(work / "apt", sources)
    apt.run("update")
    debs = work / "debs"
    debs.mkdir()
    wanted = [f"{name}/{SUITE}" for name in SID_PACKAGES]
    wanted += [f"{name}/{ASSET_STABLE}" for name in STABLE_PACKAGES]
    apt.run("download", *wanted, cwd=debs)
    return sorted(debs.glob("*.deb"))


# --- unpacking ----------------------------------------------------------------------


def _unpack(debs: list[Path], work: Path) -> Path:
    odoo_deb = next(deb for deb in debs if deb.name.startswith("odoo-19_"))
    version = _field(odoo_deb, "Version")
    tree = work / re.sub(r"[^\w.+-]", "_", version)
    tree.mkdir()
    log = paths.LOGS / "unpack.log"
    for deb in debs:
        run_logged(["dpkg-deb", "-x", str(deb), str(tree)], log)
    for deb in debs:
        _check_sums(deb, tree, work / "control")
    stub = tree / SITE_PACKAGES / STUB
    if not stub.exists():
        stub.parent.mkdir(parents=True, exist_ok=True)
        stub.write_text(STUB_TEXT)
    _check_links(tree)
    packages = {_field(deb, "Package"): _field(deb, "Version") for deb in debs}
    manifest = {"version": version, "packages": packages, "unpacked": time.time()}
    (tree / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    say(f"  Odoo {version}")
    return tree


def _field(deb: Path, name: str) -> str:
    command = ["dpkg-deb", "--field", str(deb), name]
    return subprocess.run(command, capture_output=True, text=True).stdout.strip()


def _check_sums(deb: Path, tree: Path, control: Path) -> None:
    shutil.rmtree(control, ignore_errors=True)
    subprocess.run(["dpkg-deb", "-e", str(deb), str(control)], check=True)
    lines = (control / "md5sums").read_text().splitlines()

    def is_right(line: str) -> bool:
        digest, _, name = line.partition("  ")
        data = (tree / name).read_bytes()
        return hashlib.md5(data, usedforsecurity=False).hexdigest() == digest

    with ThreadPoolExecutor() as pool:
        wrong = [
            line for line, right in zip(lines, pool.map(is_right, lines)) if not right
        ]
    if wrong:
        raise LauncherError(
            f"{deb.name}: {len(wrong)} files are damaged, e.g. {wrong[0]}"
        )


def _check_links(tree: Path) -> None:
    dangling = [
        path
        for path in (tree / SITE_PACKAGES).rglob("*")
        if path.is_symlink() and not path.exists()
    ]
    if dangling:
        names = ", ".join(str(path.relative_to(tree)) for path in dangling[:5])
        raise LauncherError(f"{len(dangling)} links of Odoo lead nowhere: {names}")

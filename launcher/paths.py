"""Where everything lives: the checkout, its state, and the user's cache."""

import contextlib
import fcntl
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ADDONS = ROOT / "addons"
TESTS = ROOT / "tests"
REQUIREMENTS = ROOT / "requirements"
STATE = ROOT / ".salon"
LOGS = STATE / "log"
RUN = STATE / "run"
DATA = STATE / "filestore"

# Where root keeps what its unprivileged PostgreSQL must reach: see postgres.py.
SHARED_STATE = Path("/var/lib/salon-suite")


def cache() -> Path:
    """The folder of downloads, shared by all checkouts of this user."""
    if own := os.environ.get("SALON_CACHE"):
        return Path(own).expanduser().resolve()
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser().resolve() / "salon-suite"


def checkout_key() -> str:
    """A short name for this checkout, the same at every start."""
    return hashlib.sha256(str(ROOT).encode()).hexdigest()[:10]


def prepare_state() -> None:
    for folder in (LOGS, RUN, DATA):
        folder.mkdir(parents=True, exist_ok=True)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock file, waiting for another launcher that has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield

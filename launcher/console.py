"""What the launcher says, and how it runs programs that take long."""

import contextlib
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

HEARTBEAT_SECONDS = 15
TAIL_LINES = 30


class LauncherError(Exception):
    """A failure with an explanation that the user can act on."""


def say(text: str) -> None:
    """Print a line on stderr, so that stdout stays free for results."""
    print(text, file=sys.stderr, flush=True)


def warn(text: str) -> None:
    say(f"! {text}")


@contextlib.contextmanager
def step(title: str) -> Iterator[None]:
    """Announce a step that may take a while, and say how long it took."""
    say(f"- {title} ...")
    start = time.monotonic()
    yield
    say(f"  done in {time.monotonic() - start:.0f} s")


def tail(path: Path, count: int = TAIL_LINES) -> str:
    try:
        lines = path.read_text(errors="replace").splitlines()
    except OSError:
        return ""
    return "\n".join(f"    {line}" for line in lines[-count:])


def stop_process(process: subprocess.Popen, patience: float = 15) -> None:
    """Ask a process group to end, and end it by force when it does not."""
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, sign)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)


def run_logged(
    command: list[str],
    log: Path,
    *,
    env: dict[str, str] | None = None,
    cwd: Path | None = None,
    progress: Callable[[], str] = lambda: "",
    check: bool = True,
) -> int:
    """Run a command with its output in a log file.

    A line every quarter of a minute shows that it lives; `progress` may add where it
    stands. A failure shows the end of the log, and raises unless `check` is off.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    start = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=cwd,
            start_new_session=True,
        )
        try:
            while True:
                try:
                    code = process.wait(HEARTBEAT_SECONDS)
                    break
                except subprocess.TimeoutExpired:
                    elapsed = time.monotonic() - start
                    say(f"  {elapsed:.0f} s {progress()}".rstrip())
        except BaseException:
            stop_process(process)
            raise
    if code and check:
        raise LauncherError(
            f"`{shlex.join(command)[:200]}` ended with code {code}."
            f" The end of {log}:\n{tail(log)}"
        )
    return code


def ask(question: str) -> bool:
    """Ask for a yes; without a terminal the answer is no."""
    if not sys.stdin.isatty():
        return False
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")

"""A server with several workers, and clerks who talk to it as the web client does."""

import copy
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path

SERVER = Path(__file__).with_name("odoo_server.py")
#: As in `odoo_server.py`, which cannot be imported without Odoo.
CRASH, SECONDS = "X-Salon-Crash", "X-Salon-Seconds"
#: Seconds that a server may need to start on a busy machine.
STARTING = 90


class WebClerk:
    """One browser session."""

    def __init__(self, address: str, database: str, login: str):
        self.address = address
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self.opener = urllib.request.build_opener(cookies)
        credentials = {"db": database, "login": login, "password": login}
        answer = self.post("/web/session/authenticate", credentials)
        assert answer["status"] == 200 and "result" in answer, answer

    def tab(self) -> "WebClerk":
        """Another tab of the same browser, which may ask at the same time."""
        return copy.copy(self)

    def post(self, path: str, params: dict, headers: dict | None = None) -> dict:
        """Return the answer of a JSON-RPC request, with its status and its time.

        Status 0: there was none, the connection broke.
        """
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})
        headers = {"Content-Type": "application/json", **(headers or {})}
        request = urllib.request.Request(self.address + path, body.encode(), headers)
        start = time.monotonic()
        try:
            with self.opener.open(request, timeout=120) as response:
                answer = {"status": response.status, **json.load(response)}
                answer["server_seconds"] = float(response.headers[SECONDS])
        except urllib.error.HTTPError as error:
            answer = {"status": error.code, "text": error.read().decode()[:2000]}
        except (OSError, http.client.HTTPException) as error:
            answer = {"status": 0, "text": repr(error)}
        return answer | {"seconds": time.monotonic() - start}

    def call(self, model: str, method: str, *args, **kwargs) -> dict:
        return self.post(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def call_once(
        self, model: str, method: str, *args, crash: str | None = None, **kwargs
    ) -> dict:
        """Ask again until there is an answer; say after how many tries.

        :param crash: kill the worker of the first try "before" or "after" its commit
        """
        path = f"/web/dataset/call_kw/{model}/{method}"
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        headers = {CRASH: crash} if crash else {}
        for tries in range(1, 101):
            answer = self.post(path, params, headers)
            if answer["status"]:
                return answer | {"tries": tries}
            headers = {}
            time.sleep(0.05)
        raise AssertionError(f"The server answers no more: {answer}")


@dataclass(frozen=True)
class Server:
    """A running server."""

    address: str
    process: subprocess.Popen
    log: object

    def workers(self) -> list[int]:
        """Process ids of those who answer requests."""
        found = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = int(stat.read_text().rpartition(")")[2].split()[1])
                command = stat.with_name("cmdline").read_bytes().split(b"\0")
            except (FileNotFoundError, ProcessLookupError):
                continue  # it has ended meanwhile
            if parent == self.process.pid and b"gevent" not in command:
                found.append(int(stat.parent.name))
        return found

    def kill_a_worker(self) -> None:
        """End one of them at once, whatever it is doing."""
        # That one may just have gone, and its successor may not be there yet.
        with suppress(ProcessLookupError, IndexError):
            os.kill(random.choice(self.workers()), signal.SIGKILL)

    def tracebacks(self) -> list[str]:
        """What the server logged of errors that nobody expected."""
        # Opened anew: the server writes where its own file stands.
        with open(f"/proc/self/fd/{self.log.fileno()}") as log:
            return [line for line in log if line.startswith("Traceback")]


@contextmanager
def serving(desk, database: str, workers: int = 2, *more: str) -> Iterator[Server]:
    """Run a server on a database.

    :param more: options of the host
    """
    port, gevent_port = _free_port(), _free_port()
    options = {
        "workers": workers,
        "max-cron-threads": 0,
        "http-port": port,
        "gevent-port": gevent_port,
        # Workers take 0 as "at once", not as "never".
        "limit-time-cpu": 600,
        "limit-time-real": 600,
        "limit-memory-soft": 4 * 2**30,
        "limit-memory-hard": 6 * 2**30,
    }
    arguments = [f"--{name}={value}" for name, value in options.items()]
    python, _module, _odoo, *rest = desk.command(database, *arguments, *more)
    command = [python, str(SERVER), *rest]
    with tempfile.TemporaryFile("w+") as log:
        server = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(server, f"{address}/web/health", log)
            yield Server(address, server, log)
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _wait_for(server, address: str, log) -> None:
    end = time.monotonic() + STARTING
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5) as response:
                if response.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    log.seek(0)
    raise AssertionError(f"The server did not start:\n{log.read()[-3000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]

"""A server with several workers, and clerks who talk to it as the web client does."""

import json
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path

SERVER = Path(__file__).with_name("odoo_server.py")
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

    def post(self, path: str, params: dict) -> dict:
        """Return the answer of a JSON-RPC request, with its status and its time."""
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})
        request = urllib.request.Request(
            self.address + path, body.encode(), {"Content-Type": "application/json"}
        )
        start = time.monotonic()
        try:
            with self.opener.open(request, timeout=120) as response:
                answer = {"status": response.status, **json.load(response)}
        except urllib.error.HTTPError as error:
            answer = {"status": error.code, "text": error.read().decode()[:2000]}
        return answer | {"seconds": time.monotonic() - start}

    def call(self, model: str, method: str, *args, **kwargs) -> dict:
        return self.post(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )


@contextmanager
def serving(desk, database: str, workers: int = 2) -> Iterator[str]:
    """Run a server on a database; yield its address."""
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
    python, _module, _odoo, *rest = desk.command(database, *arguments)
    command = [python, str(SERVER), *rest]
    with tempfile.TemporaryFile("w+") as log:
        server = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(server, f"{address}/web/health", log)
            yield address
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

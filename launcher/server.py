"""The demo server: a free port, a start that is waited for, and who may log in."""

import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from .console import LauncherError, stop_process, tail

ROLES = {
    "owner": "Owner",
    "manager": "Branch manager",
    "receptionist": "Receptionist",
    "stylist": "Stylist",
    "accountant": "Accountant",
    "admin": "Administrator",
    "anna": "Client (portal)",
}
START_SECONDS = 120
PORT = 8069


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    with socket.socket() as probe:
        # As Odoo does: a port that only waits for its last packets counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port(wanted: int = PORT, attempts: int = 50) -> int:
    """Return the wanted port, or the first free one after it."""
    for port in range(wanted, wanted + attempts):
        if is_free(port):
            return port
    raise LauncherError(f"Ports {wanted} to {wanted + attempts - 1} are all taken.")


def wait_until_ready(process: subprocess.Popen, address: str, log: Path) -> None:
    """Return when the server answers; raise when it ends or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    # A proxy of the environment has no business between us and our own machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise LauncherError(f"The server ended. The end of {log}:\n{tail(log)}")
        try:
            opener.open(f"{address}/web/health", timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    stop_process(process)
    raise LauncherError(f"The server does not answer. The end of {log}:\n{tail(log)}")


def point_reports_at(database, port: int) -> None:
    """Let printed pages fetch their styles from this server, whatever port was free."""
    database.query(
        "INSERT INTO ir_config_parameter (key, value) "
        f"VALUES ('report.url', 'http://127.0.0.1:{port}') "
        "ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value"
    )


def logins(database) -> list[tuple[str, str]]:
    """Return role and login of the demo users that the database really has."""
    names = ", ".join(f"'{login}'" for login in ROLES)
    sql = f"SELECT login FROM res_users WHERE active AND login IN ({names})"
    found = {row[0] for row in database.query(sql)}
    return [(role, login) for login, role in ROLES.items() if login in found]

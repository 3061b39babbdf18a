"""Start a demo salon: Odoo 19 with the suite and its demo data.

What is missing is fetched first. The data survive restarts (./salon reset deletes
them), and addons that changed since the last start are upgraded. Ctrl-C stops it.
"""

import argparse
import subprocess

from .. import paths, server, system_packages
from ..console import say, step, stop_process
from ..main import add_host_arguments
from ..workspace import Workspace

LANGUAGES = ("en_US", "tr_TR", "az_AZ", "ru_RU")


def add_arguments(sub: argparse.ArgumentParser) -> None:
    sub.add_argument(
        "--db", default="salon", help="the database (default: %(default)s)"
    )
    sub.add_argument(
        "--port", type=int, default=server.PORT, help="default: %(default)s"
    )
    sub.add_argument(
        "--host", default="127.0.0.1", help="0.0.0.0 opens it to the network"
    )
    sub.add_argument("--check", action="store_true", help="stop again once it answers")
    add_host_arguments(sub)


def run(args: argparse.Namespace) -> int:
    system_packages.ensure_or_warn(system_packages.PDF)
    with Workspace.open(args) as workspace:
        database = workspace.database(args.db)
        port = server.free_port(args.port)
        if port != args.port:
            say(f"- port {args.port} is taken, so it will be {port}")
        config = workspace.config(
            f"up-{args.db}",
            args.db,
            http_interface=args.host,
            http_port=port,
            max_cron_threads=1,
        )
        database.prepare(config, languages=LANGUAGES)
        server.point_reports_at(database, port)
        return _serve(workspace, database, config, port, args.check)


def _serve(workspace, database, config, port: int, check: bool) -> int:
    address = f"http://localhost:{port}"
    log = paths.LOGS / f"{database.name}.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            workspace.odoo_command(config, "server"),
            env=workspace.env(config),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # Ctrl-C is for the launcher, which then ends the server in order.
            start_new_session=True,
        )
    try:
        with step("starting the server"):
            server.wait_until_ready(process, address, log)
        _welcome(address, database, log)
        return 0 if check else process.wait()
    except KeyboardInterrupt:
        say("\n- stopping")
        return 0
    finally:
        stop_process(process)


def _welcome(address: str, database, log) -> None:
    lines = ["", f"The salon is open: {address}", ""]
    users = server.logins(database)
    lines += [f"  {role:<16} login and password: {login}" for role, login in users]
    lines += ["", f"Log: {log}", "Ctrl-C stops it; the data stay."]
    print("\n".join(lines), flush=True)

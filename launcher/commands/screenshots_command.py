"""Make the pictures of the documentation, docs/images, from a demo database.

Each screen of the table in launcher/screens.py is opened in Chromium as its user, in
light colours, and saved as PNG.

Examples:
    ./salon screenshots                 all
    ./salon screenshots services today  some
    ./salon screenshots --to /tmp/look  somewhere else
"""

import argparse
import json
import subprocess
from pathlib import Path

from .. import paths, screens, server, system_packages
from ..console import LauncherError, step, stop_process
from ..main import add_host_arguments
from ..workspace import Workspace

SCRIPT = paths.ROOT / "launcher" / "scripts" / "screenshots.py"
FOLDER = paths.ROOT / "docs" / "images"


def add_arguments(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("names", nargs="*", metavar="NAME", help="default: all")
    sub.add_argument("--list", action="store_true", help="only list the screens")
    sub.add_argument(
        "--db", default="salon", help="a demo database (default: %(default)s)"
    )
    sub.add_argument(
        "--to", type=Path, default=FOLDER, help="the folder (default: docs/images)"
    )
    sub.add_argument("--no-upgrade", action="store_true", help="take it as it is")
    add_host_arguments(sub)


def run(args: argparse.Namespace) -> int:
    wanted = screens.chosen(args.names)
    if args.list:
        for screen in wanted:
            width, height = screen.size
            print(
                f"{screen.name:<16} {screen.user:<14} {width}x{height}  {screen.path}"
            )
        return 0
    system_packages.ensure(system_packages.BROWSER)
    with Workspace.open(args) as workspace:
        database = workspace.database(args.db)
        port = server.free_port()
        config = workspace.config(f"screenshots-{args.db}", args.db, http_port=port)
        if not args.no_upgrade:
            database.prepare(config)
        log = paths.LOGS / f"{database.name}-screenshots.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                workspace.odoo_command(config, "server"),
                env=workspace.env(config),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            address = f"http://127.0.0.1:{port}"
            with step("starting the server"):
                server.wait_until_ready(process, address, log)
            task = make_task(wanted, find_ids(database, wanted), address, args.to)
            task["zone"] = find_zone(database)
            _take(workspace, task)
        finally:
            stop_process(process)
    return 0


def find_ids(database, wanted: list[screens.Screen]) -> dict[str, int]:
    """Return the records that the screens name; raise when one is not there."""
    names = screens.xml_ids(wanted)
    if not names:
        return {}
    quoted = ", ".join(f"'{name}'" for name in sorted(names))
    rows = database.query(
        "SELECT module || '.' || name, res_id FROM ir_model_data "
        f"WHERE module || '.' || name IN ({quoted})"
    )
    found = {name: int(number) for name, number in rows}
    if missing := sorted(names - found.keys()):
        raise LauncherError(
            f"{database.name} has no {', '.join(missing)}: pictures need the demo data "
            "(./salon up makes such a database)."
        )
    return found


def find_zone(database) -> str:
    """Return the time zone of the salon, in which its people work."""
    return database.query("SELECT tz FROM salon_branch ORDER BY id LIMIT 1")[0][0]


def make_task(
    wanted: list[screens.Screen], ids: dict[str, int], address: str, folder: Path
) -> dict:
    """Return what the script in the browser's Python has to do."""
    return {
        "address": address,
        "browsers": system_packages.BROWSERS,
        "screens": [
            {
                "file": str(folder.resolve() / f"{screen.name}.png"),
                "user": screen.user,
                "path": screens.fill(screen.path, ids),
                "size": screen.size,
                "is_phone": screen.size == screens.PHONE,
                "ready": screen.ready,
                "steps": screen.steps,
                "script": screen.script,
            }
            for screen in wanted
        ],
    }


def _take(workspace: Workspace, task: dict) -> None:
    Path(task["screens"][0]["file"]).parent.mkdir(parents=True, exist_ok=True)
    command = [str(workspace.python), str(SCRIPT)]
    # The address is our own machine's: no proxy has any business in between.
    env = workspace.env() | {"NO_PROXY": "*", "no_proxy": "*"}
    result = subprocess.run(command, input=json.dumps(task), text=True, env=env)
    if result.returncode:
        raise LauncherError("Some pictures could not be made: see the messages above.")

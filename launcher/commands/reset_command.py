"""Delete what this checkout has made: its databases, files and logs.

An external PostgreSQL is left alone, except for the databases the launcher made there.
"""

import argparse
import shutil

from .. import paths
from ..console import LauncherError, ask, say
from ..main import add_host_arguments
from ..postgres import EmbeddedPostgres
from ..workspace import Workspace


def add_arguments(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--yes", action="store_true", help="do not ask")
    sub.add_argument(
        "--cache",
        action="store_true",
        help="also delete the downloads, which other checkouts of yours share",
    )
    sub.add_argument("--db", help="drop only this database")
    add_host_arguments(sub)


def run(args: argparse.Namespace) -> int:
    what = f"the database {args.db}" if args.db else f"everything in {paths.STATE}"
    if args.cache:
        what += f" and the downloads in {paths.cache()}"
    if not args.yes and not ask(f"Delete {what}?"):
        raise LauncherError("Nothing was deleted; --yes confirms without asking.")
    if args.db:
        with Workspace.open(args) as workspace:
            workspace.database(args.db).drop()
    elif paths.STATE.exists():
        _delete_state(args)
    if args.cache:
        shutil.rmtree(paths.cache(), ignore_errors=True)
    say(f"- deleted {what}")
    return 0


def _delete_state(args: argparse.Namespace) -> None:
    workspace = Workspace(args)
    server = workspace.postgres
    if isinstance(server, EmbeddedPostgres):
        if server.has_other_users():
            raise LauncherError("Another ./salon command is running; stop it first.")
        server.destroy()
    else:
        for record in paths.RUN.glob("*.json"):
            workspace.database(record.stem).drop()
    shutil.rmtree(paths.STATE)

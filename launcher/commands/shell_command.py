"""Open Odoo's Python shell on a database, with `env` at hand.

A script may come on standard input:  ./salon shell < script.py
"""

import argparse

from ..console import LauncherError
from ..main import add_host_arguments
from ..workspace import Workspace


def add_arguments(sub: argparse.ArgumentParser) -> None:
    sub.add_argument(
        "--db", default="salon", help="the database (default: %(default)s)"
    )
    add_host_arguments(sub)


def run(args: argparse.Namespace) -> int:
    with Workspace.open(args) as workspace:
        if not workspace.database(args.db).is_initialised():
            raise LauncherError(
                f"There is no database {args.db} yet: ./salon up makes it."
            )
        config = workspace.config(f"shell-{args.db}", args.db, log_level="warn")
        command = workspace.odoo_command(config, "shell", "--no-http")
        return workspace.run(command, config)

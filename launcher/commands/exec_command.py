"""Run a program with the launcher's surroundings.

PostgreSQL runs meanwhile and libpq's variables point to it; SALON_PYTHON, SALON_ODOO,
SALON_ODOO_CONFIG and SALON_PG_BIN say where the rest is:

    ./salon exec -- bash
    ./salon exec --db mine -- sh -c '$SALON_PYTHON -m odoo -c $SALON_ODOO_CONFIG'
"""

import argparse
import shutil

from ..console import LauncherError
from ..main import add_host_arguments
from ..workspace import Workspace


def add_arguments(sub: argparse.ArgumentParser) -> None:
    sub.add_argument(
        "--db", default="salon", help="the database (default: %(default)s)"
    )
    sub.add_argument("program", nargs="+", metavar="PROGRAM")
    add_host_arguments(sub)


def run(args: argparse.Namespace) -> int:
    if not shutil.which(args.program[0]):
        raise LauncherError(f"There is no program {args.program[0]}.")
    with Workspace.open(args) as workspace:
        config = workspace.config(f"exec-{args.db}", args.db)
        return workspace.run(args.program, config)

"""Open PostgreSQL's console on a database of this checkout.

What follows -- goes to psql:  ./salon psql --db salon -- -c 'SELECT 1'
"""

import argparse

from ..main import add_host_arguments
from ..workspace import Workspace


def add_arguments(sub: argparse.ArgumentParser) -> None:
    sub.add_argument(
        "--db", default="salon", help="the database (default: %(default)s)"
    )
    sub.add_argument("rest", nargs="*", metavar="ARGUMENT")
    add_host_arguments(sub)


def run(args: argparse.Namespace) -> int:
    with Workspace.open(args) as workspace:
        name = args.db if workspace.database(args.db).oid() else "postgres"
        program = workspace.connection.programs / "psql"
        return workspace.run([str(program), "-d", name, *args.rest])

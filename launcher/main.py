"""The command line."""

import argparse
import contextlib
import importlib
import os
import signal
import sys

from .console import LauncherError, say

COMMANDS = {
    "up": "start a demo salon and print its address",
    "test": "run the tests, all or a part",
    "lint": "check the code; --fix also formats it",
    "bench": "run the benchmarks",
    "screenshots": "make the pictures of the documentation",
    "import": "import the books of a salon's old software",
    "shell": "open Odoo's Python shell on a database",
    "psql": "open PostgreSQL's console on a database",
    "exec": "run a program with the launcher's Odoo and PostgreSQL around it",
    "reset": "delete this checkout's databases and files",
}


def parser() -> argparse.ArgumentParser:
    """Build the parser of all commands."""
    main = argparse.ArgumentParser(
        prog="salon",
        description="Runs, tests and checks the salon suite on a real Odoo 19.",
        epilog="./salon COMMAND --help explains a command.",
    )
    commands = main.add_subparsers(dest="command", metavar="COMMAND")
    for name, summary in COMMANDS.items():
        module = importlib.import_module(f".commands.{name}_command", __package__)
        sub = commands.add_parser(
            name,
            help=summary,
            description=module.__doc__,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        module.add_arguments(sub)
        sub.set_defaults(run=module.run)
    commands.add_parser("help", help="show this list")
    return main


def add_host_arguments(sub: argparse.ArgumentParser) -> None:
    """Add the options that choose an Odoo and a PostgreSQL which are there already."""
    group = sub.add_argument_group("host")
    group.add_argument(
        "--odoo",
        metavar="PATH",
        help="an Odoo 19.0 checkout or installation (also: ODOO_HOME)",
    )
    group.add_argument("--db-host", help="use this PostgreSQL, not the embedded one")
    group.add_argument("--db-port")
    group.add_argument("--db-user")
    group.add_argument("--db-password")


def _end(signum: int, frame: object) -> None:
    raise SystemExit(128 + signum)


def main(arguments: list[str] | None = None) -> int:
    """Run a command and return its exit code."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    commands = parser()
    args, unknown = commands.parse_known_args(arguments)
    if args.command in (None, "help"):
        commands.print_help()
        return 0
    if unknown and not getattr(args, "accepts_unknown", False):
        commands.error(f"unrecognized arguments: {' '.join(unknown)}")
    args.unknown = unknown
    try:
        return args.run(args)
    except LauncherError as error:
        say(f"salon: {error}")
        return 1
    except KeyboardInterrupt:
        say("salon: stopped")
        return 130
    except BrokenPipeError:
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1

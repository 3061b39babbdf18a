"""Run the benchmarks of tests/bench, all or the named ones, in a database of their own.

Each value stands beside that of a peer measured in the same run; the ratio is ours
divided by the peer's. With --json nothing but a JSON array is printed.
"""

import argparse
import json
import subprocess
import sys

from .. import paths, peer
from ..console import LauncherError, step
from ..main import add_host_arguments
from ..workspace import Workspace

FOLDER = paths.TESTS / "bench"
SCRIPT = paths.ROOT / "launcher" / "scripts" / "benchmarks.py"


def add_arguments(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("names", nargs="*", metavar="NAME", help="default: all")
    sub.add_argument("--json", action="store_true", help="print a JSON array only")
    sub.add_argument("--db", default="salon_bench", help="default: %(default)s")
    sub.add_argument("--fresh", action="store_true", help="make the database anew")
    sub.add_argument("--list", action="store_true", help="only list the benchmarks")
    sub.add_argument(
        "--peer",
        action="store_true",
        help="measure OCA's resource_booking on the same data, too: it is installed "
        "into a scratch folder and a database of its own",
    )
    add_host_arguments(sub)


def run(args: argparse.Namespace) -> int:
    if args.list:
        for path in sorted(FOLDER.glob("bench_*.py")):
            for line in path.read_text().splitlines():
                if line.startswith("def bench_"):
                    print(line.removeprefix("def bench_").partition("(")[0])
        return 0
    with Workspace.open(args) as workspace:
        name, overrides, only = args.db, {"log_level": "error"}, None
        if args.peer:
            name, only = f"{args.db}_peer", ["salon_booking", peer.ADDON]
            overrides["addons_path"] = peer.fetch(workspace)
        database = workspace.database(name)
        if args.fresh:
            database.drop()
        config = workspace.config(f"bench-{name}", name, **overrides)
        database.prepare(config, only=only)
        result = paths.RUN / f"bench-{name}-result.json"
        result.unlink(missing_ok=True)
        task = {"names": args.names, "folder": str(FOLDER), "result": str(result)}
        command = workspace.odoo_command(config, "shell", "--no-http")
        env = workspace.env(config) | {"SALON_TASK": json.dumps(task)}
        with step("measuring"), SCRIPT.open() as script:
            # Whatever the code under measurement prints is not the result.
            code = subprocess.run(command, stdin=script, stdout=sys.stderr, env=env)
    if code.returncode or not result.exists():
        raise LauncherError("The benchmarks failed: see the messages above.")
    rows = json.loads(result.read_text())
    if args.json:
        json.dump(rows, sys.stdout)
        print(flush=True)
    else:
        print(table(rows), flush=True)
    return 0


def table(rows: list[dict]) -> str:
    """Return measurements as a table for a person."""
    lines = [("name", "value", "unit", "ratio", "against")]
    for row in rows:
        ratio = "" if row["ratio"] is None else f"{row['ratio']:.2f}"
        value = f"{row['value']:,.2f}"
        lines.append((row["name"], value, row["unit"], ratio, row["against"]))
    widths = [max(len(line[column]) for line in lines) for column in range(5)]
    return "\n".join(
        f"{name:<{widths[0]}}  {value:>{widths[1]}} {unit:<{widths[2]}}"
        f"  {ratio:>{widths[3]}}  {against}".rstrip()
        for name, value, unit, ratio, against in lines
    )

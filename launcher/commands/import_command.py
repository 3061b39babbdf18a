"""Import the books of a salon's old software into a database.

DIR holds the export; its kind is recognised, or named with --source. Running it twice
changes nothing. A broken row is reported and leaves the rest imported.
"""

import argparse
import json
import subprocess
from pathlib import Path

from .. import paths
from ..console import LauncherError, step
from ..main import add_host_arguments
from ..workspace import Workspace

SHOWN_PROBLEMS = 20
SCRIPT = paths.ROOT / "launcher" / "scripts" / "import_directory.py"


def add_arguments(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("directory", metavar="DIR", type=Path)
    sub.add_argument(
        "--db", default="salon", help="the database (default: %(default)s)"
    )
    sub.add_argument("--source", metavar="NAME", help="the kind of export")
    sub.add_argument(
        "--dry-run", action="store_true", help="read and check, but save nothing"
    )
    sub.add_argument("--json", action="store_true", help="print the summary as JSON")
    add_host_arguments(sub)


def run(args: argparse.Namespace) -> int:
    directory = args.directory.expanduser().resolve()
    if not directory.is_dir():
        raise LauncherError(f"{directory} is no folder.")
    with Workspace.open(args) as workspace:
        database = workspace.database(args.db)
        config = workspace.config(f"import-{args.db}", args.db)
        database.prepare(config)
        result = paths.RUN / f"import-{args.db}-result.json"
        result.unlink(missing_ok=True)
        task = {
            "directory": str(directory),
            "source": args.source,
            "dry_run": args.dry_run,
            "result": str(result),
        }
        with step(f"importing {directory} into {args.db}"):
            code = _run_script(workspace, config, task)
    if code or not result.exists():
        raise LauncherError("The import failed: see the messages above.")
    summary = json.loads(result.read_text())
    if args.json:
        print(json.dumps(summary, indent=1, ensure_ascii=False))
    else:
        print(describe(summary), flush=True)
    return 0 if any_read(summary) else 1


def _run_script(workspace, config: Path, task: dict) -> int:
    command = workspace.odoo_command(config, "shell", "--no-http", "--log-level=warn")
    env = workspace.env(config) | {"SALON_TASK": json.dumps(task)}
    with SCRIPT.open() as script:
        return subprocess.run(command, stdin=script, env=env).returncode


def any_read(summary: dict) -> bool:
    """Whether the import found anything it could use, now or in an earlier run."""
    return any(
        counts.get(outcome)
        for counts in summary["counts"].values()
        for outcome in ("created", "unchanged")
    )


def describe(summary: dict) -> str:
    """Return what came in and what was skipped, and why, as lines for a person."""
    title = "{source} into {branch}, known up to {as_of}, in {seconds} s"
    lines = [title.format_map(summary), ""]
    outcomes = ("created", "unchanged", "skipped")
    rows = [("", *outcomes)]
    for kind, counts in summary["counts"].items():
        numbers = (f"{counts.get(outcome, 0):,}" for outcome in outcomes)
        rows.append((kind.replace("_", " "), *numbers))
    lines += _table(rows)
    if summary["totals"]:
        rows = [("", "export", "posted")]
        for name, amounts in summary["totals"].items():
            rows.append((name, amounts["export"], amounts["posted"]))
        lines += ["", *_table(rows)]
    for title, problems in (
        ("Skipped", summary["skipped"]),
        ("Warnings", summary["warnings"]),
    ):
        lines += ["", f"{title}: {len(problems) or 'none'}"]
        lines += [
            f"  {problem['file']}:{problem['line']}: {problem['reason']}"
            for problem in problems[:SHOWN_PROBLEMS]
        ]
        if len(problems) > SHOWN_PROBLEMS:
            more = len(problems) - SHOWN_PROBLEMS
            lines.append(f"  ... and {more} more; --json shows all")
    return "\n".join(lines)


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    """Return rows with their first column to the left and the others to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        f"  {name:<{widths[0]}}"
        + "".join(f"  {cell:>{width}}" for cell, width in zip(cells, widths[1:]))
        for name, *cells in rows
    ]

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
        if not database.is_initialised():
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
    # The log goes to stderr, as everything that is not the result.
    command = workspace.odoo_command(config, "shell", "--no-http", "--log-level=info")
    env = workspace.env(config) | {"SALON_TASK": json.dumps(task)}
    with SCRIPT.open() as script:
        return subprocess.run(command, stdin=script, env=env).returncode


def any_read(summary: dict) -> bool:
    return any(_flatten(summary.get("counts", {})).values())


def _flatten(counts: dict, prefix: str = "") -> dict[str, float]:
    """Return the numbers of a summary, those of nested tables under joined names."""
    flat = {}
    for name, value in counts.items():
        label = f"{prefix}{name}"
        if isinstance(value, dict):
            flat |= _flatten(value, f"{label}: ")
        elif isinstance(value, (int, float)):
            flat[label] = value
    return flat


def describe(summary: dict) -> str:
    """Return what came in and what was skipped, and why, as lines for a person."""
    counts = _flatten(summary.get("counts", {}))
    width = max(map(len, counts), default=0)
    lines = ["Imported:"]
    lines += [f"  {name:<{width}}  {value:>9,}" for name, value in counts.items()]
    totals = {
        name: value
        for name, value in summary.items()
        if name not in ("counts", "skipped") and isinstance(value, (int, float, str))
    }
    lines += [f"  {name}: {value}" for name, value in totals.items()]
    skipped = summary.get("skipped", [])
    lines.append(f"Skipped: {len(skipped) or 'nothing'}")
    for problem in skipped[:SHOWN_PROBLEMS]:
        place = f"{problem.get('file', '')}:{problem.get('line', '')}"
        lines.append(f"  {place}: {problem.get('reason', '')}")
    if len(skipped) > SHOWN_PROBLEMS:
        lines.append(
            f"  ... and {len(skipped) - SHOWN_PROBLEMS} more (--json shows all)"
        )
    return "\n".join(lines)

"""Runs benchmarks inside Odoo and measures them.

A benchmark is a function `bench_<name>(env)` in a module `bench_*.py` of this folder.
It returns a `Measurement`, or a list of them, and may do what it wants with the
database: nothing it does is kept. A number says little alone, so it is measured against
a peer (the bare host doing the same, another way to do it) in the same run:

    def bench_checkout(env):
        ours = median_seconds(env, lambda: checkout(env))
        host = median_seconds(env, lambda: invoice_by_hand(env))
        return Measurement(ours * 1000, "ms", peer=host * 1000, against="bare host")
"""

import gc
import importlib.util
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
RUNS = 5


@dataclass(frozen=True)
class Measurement:
    """A measured value, and that of its peer in the same unit, if it has one."""

    value: float
    unit: str
    peer: float | None = None
    against: str = ""
    name: str = ""

    @property
    def ratio(self) -> float | None:
        return self.value / self.peer if self.peer else None

    def as_dict(self, default_name: str) -> dict:
        """Return the measurement as the JSON output shows it."""
        return {
            "name": self.name or default_name,
            "value": round(self.value, 3),
            "unit": self.unit,
            "ratio": None if self.ratio is None else round(self.ratio, 3),
            "against": self.against,
        }


def discover(folder: Path = FOLDER) -> dict[str, Callable]:
    """Return the benchmarks of a folder by name."""
    found = {}
    if str(folder) not in sys.path:
        # The modules import this one, and each other, by their plain names.
        sys.path.insert(0, str(folder))
    for path in sorted(folder.glob("bench_*.py")):
        spec = importlib.util.spec_from_file_location(path.stem, path)
        module = importlib.util.module_from_spec(spec)
        sys.modules[path.stem] = module
        spec.loader.exec_module(module)
        for name, value in vars(module).items():
            # A function imported from another module is not a benchmark of this one.
            is_own = getattr(value, "__module__", "") == path.stem
            if name.startswith("bench_") and callable(value) and is_own:
                found[name.removeprefix("bench_")] = value
    return found


def seconds(env, action: Callable[[], object]) -> float:
    """Return how long an action takes, the writing of its changes included."""
    env.flush_all()
    env.invalidate_all()
    gc.collect()
    start = time.perf_counter()
    action()
    env.flush_all()
    return time.perf_counter() - start


def median_seconds(
    env, action: Callable[[], object], *, runs: int = RUNS, warmup: int = 1
) -> float:
    """Return the median time of several runs, each undone before the next."""
    times = []
    for _ in range(warmup + runs):
        savepoint = env.cr.savepoint(flush=True)
        times.append(seconds(env, action))
        savepoint.close(rollback=True)
        env.invalidate_all(flush=False)
    return statistics.median(times[warmup:])


def count_queries(env, action: Callable[[], object]) -> int:
    """Return the number of queries that an action sends, its writes included."""
    env.flush_all()
    env.invalidate_all()
    before = env.cr.sql_log_count
    action()
    env.flush_all()
    return env.cr.sql_log_count - before


def run(env, names: list[str], report: Callable[[str], None]) -> list[dict]:
    """Run the named benchmarks, or all, and return their measurements.

    Each begins with the database as it was. Commits are held back, so that code which
    saves in batches can be measured as well.
    """
    benchmarks = discover()
    if unknown := set(names) - set(benchmarks):
        known = ", ".join(sorted(benchmarks))
        raise LookupError(
            f"No benchmark {', '.join(sorted(unknown))}; there are: {known}"
        )
    results = []
    commit = env.cr.commit
    env.cr.commit = env.cr.flush
    try:
        for name in names or benchmarks:
            report(name)
            found = benchmarks[name](env)
            measurements = found if isinstance(found, list) else [found]
            results += [measurement.as_dict(name) for measurement in measurements]
            env.cr.rollback()
            env.invalidate_all(flush=False)
    finally:
        env.cr.commit = commit
    return results

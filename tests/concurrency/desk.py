"""Runs workloads of clerks on copies of one salon, and looks at them from outside."""

import hashlib
import json
import statistics
import subprocess
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from own_databases import OwnDatabases

from launcher import addons

HERE = Path(__file__).resolve().parent
GUARD = "salon_occupancy_no_overlap"
#: Pairs of rows that take the same place of the same thing at the same time.
OVERLAPS = """
    SELECT count(*) AS pairs
      FROM salon_occupancy a JOIN salon_occupancy b
        ON a.id < b.id AND a.resource_id = b.resource_id AND a.unit = b.unit
       AND a.start < b.stop AND b.start < a.stop
     WHERE a.is_blocking AND b.is_blocking"""

#: Minutes since the first midnight; the number of a person is that in the wishes.
TAKEN = """
    SELECT coalesce(person.number, -1) AS person, o.unit,
           extract(epoch FROM o.start - timestamp '2031-06-12')::int / 60 AS start,
           extract(epoch FROM o.stop - timestamp '2031-06-12')::int / 60 AS stop
      FROM salon_occupancy o
 LEFT JOIN (SELECT resource_id, row_number() OVER (ORDER BY id) - 1 AS number
              FROM hr_employee WHERE is_salon_staff) person USING (resource_id)"""
BASINS = -1
#: When the person is busy, in minutes from the start; as in `salon_setup.py`.
BUSY = {
    "cut": [(0, 45)],
    "dry": [(0, 30)],
    "colour": [(0, 30), (60, 75)],
    "wash": [(0, 15)],
}


@dataclass(frozen=True)
class Story:
    """What happened in one run of a workload."""

    name: str
    attempts: list[dict]
    seconds: float
    visits: list[int]
    deadlocks: int

    def outcomes(self, **wanted) -> Counter:
        """Count the outcomes of all attempts, or of those with these notes."""
        return Counter(attempt["outcome"] for attempt in self.find(**wanted))

    def find(self, **wanted) -> list[dict]:
        return [
            attempt
            for attempt in self.attempts
            if all(attempt.get(key) == value for key, value in wanted.items())
        ]

    @property
    def longest(self) -> float:
        return max(attempt["seconds"] for attempt in self.attempts)

    def tell(self) -> None:
        """Print the numbers; pytest shows them with -s or when the test fails."""
        seconds = sorted(attempt["seconds"] for attempt in self.attempts)
        late = seconds[int(len(seconds) * 0.99)]
        retries = sum(attempt["tries"] - 1 for attempt in self.attempts)
        print(  # noqa: T201
            f"\n{self.name}: {len(self.attempts)} attempts in {self.seconds:.1f} s, "
            f"{dict(self.outcomes())}, {retries} retries, {self.deadlocks} deadlocks, "
            f"median {statistics.median(seconds) * 1000:.0f} ms, "
            f"p99 {late * 1000:.0f} ms, longest {self.longest * 1000:.0f} ms"
        )


class Desk(OwnDatabases):
    """The front desk under load."""

    @cached_property
    def salon(self) -> str:
        """The template: the whole suite with the salon of `salon_setup.py`."""
        digests = [*addons.hashes().values(), (HERE / "salon_setup.py").read_text()]
        made_from = hashlib.sha256("".join(digests).encode()).hexdigest()

        def make(name):
            suite = ",".join(addons.to_install())
            self.odoo(name, "-i", suite, "--skip-auto-install")
            self.call(name, HERE / "salon_setup.py", "make_salon")

        return self.template("desk", made_from, make)

    @contextmanager
    def own_salon(self, purpose: str, *, guarded: bool = True) -> Iterator[str]:
        with self.copy(purpose, self.salon) as name:
            if not guarded:
                self.execute(
                    name, f"ALTER TABLE salon_occupancy DROP CONSTRAINT {GUARD}"
                )
            yield name

    def play(
        self,
        database: str,
        workload: str,
        *,
        clerks: int = 8,
        visits: int = 0,
        classes: int = 0,
        without_lock: str = "",
        **parameters,
    ) -> Story:
        """Let clerks do a workload and return what happened.

        :param visits: booked visits that are there before they start
        :param classes: planned classes of twelve that are there
        :param without_lock: leave out "all" locks that come before the rows, or those
            of people "shared" by several branches
        """
        before = self._deadlocks(database)
        with tempfile.NamedTemporaryFile("r", suffix=".json") as answer:
            task = {
                "config": self.config,
                "database": database,
                "workload": workload,
                "clerks": clerks,
                "visits": visits,
                "classes": classes,
                "without_lock": without_lock,
                "parameters": parameters,
                "answer": answer.name,
            }
            result = subprocess.run(
                [self.python, str(HERE / "clerks.py")],
                input=json.dumps(task),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            assert result.returncode == 0, result.stdout[-5000:]
            told = json.loads(answer.read())
        deadlocks = self._deadlocks(database) - before
        story = Story(
            workload, told["attempts"], told["seconds"], told["visits"], deadlocks
        )
        story.tell()
        return story

    def _deadlocks(self, database: str) -> int:
        sql = f"SELECT deadlocks FROM pg_stat_database WHERE datname = '{database}'"
        return self.value("postgres", sql)

    def taken_minutes(self, database: str) -> dict[tuple[str, int, int], set[int]]:
        """Return the minutes taken of each (person or `BASINS`, its place)."""
        taken = defaultdict(set)
        for row in self.rows(database, TAKEN):
            key = row["person"], row["unit"]
            taken[key] |= set(range(row["start"], row["stop"]))
        return taken

    def could_have(self, wish: list, taken: dict) -> bool:
        """Say whether a wish fits between what is taken."""
        service, person, day, minute = wish
        start = day * 24 * 60 + minute
        spans = [
            set(range(start + first, start + last)) for first, last in BUSY[service]
        ]
        if any(span & taken[person, 1] for span in spans):
            return False
        if service != "wash":
            return True
        return any(not spans[0] & taken[BASINS, unit] for unit in (1, 2, 3))

    def overlaps(self, database: str) -> int:
        return self.value(database, OVERLAPS)

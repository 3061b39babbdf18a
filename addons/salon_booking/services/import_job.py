"""What one run of the import knows, beside the records."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from time import monotonic

from ..engine.imports.rows import ERROR, WARNING, Export, Problem
from ..engine.imports.values import RowError, word
from ..engine.imports.visits import VisitBook

#: Module of the external ids by which a row is known again.
MODULE = "__salon_import__"


@dataclass
class ImportJob:
    """One import into one branch.

    ``known`` maps the key of each stored row to the id of its record; ``totals`` has
    pairs of an amount in the export and the same as posted.
    """

    export: Export
    branch: object
    journal: object
    is_committing: bool = False
    known: dict[str, int] = field(default_factory=dict)
    sale_journal: object = None
    taxes: object = None
    locks: dict[tuple, list] = field(default_factory=dict)
    visits: VisitBook | None = None
    price_by_booking: dict[str, Decimal] = field(default_factory=dict)
    squeezed: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    counts: dict[str, Counter] = field(default_factory=lambda: defaultdict(Counter))
    totals: dict[str, tuple] = field(default_factory=dict)
    started: float = field(default_factory=monotonic)

    @property
    def prefix(self):
        return f"{word(self.export.source)}.{self.branch.id}."

    def find(self, kind, code):
        """Id of a stored record, or None."""
        return self.known.get(f"{kind}.{code}")

    def get(self, kind, code):
        """Id of a stored record.

        :raises RowError: the row it comes from was left out
        """
        found = self.find(kind, word(code))
        if found is None:
            raise RowError(f"needs {kind} {code}, which did not come in")
        return found

    def count(self, kind, outcome, number=1):
        self.counts[kind][outcome] += number

    def skip(self, kind, at, reason):
        """Note that a row stays out."""
        self.count(kind, "skipped")
        self.problems.append(Problem(at.file, at.line, str(reason), ERROR))

    def warn(self, at, reason):
        self.problems.append(Problem(at.file, at.line, str(reason), WARNING))

    def snapshot(self):
        """What a failed batch must not leave behind."""
        counts = {kind: counter.copy() for kind, counter in self.counts.items()}
        return dict(self.known), counts, list(self.problems)

    def restore(self, snapshot):
        known, counts, problems = snapshot
        self.known = known
        self.problems = problems
        self.counts.clear()
        self.counts.update(counts)

    def summary(self):
        """The whole run as plain values, for screens, the shell and JSON."""

        def listed(severity):
            return [
                {"file": row.file, "line": row.line, "reason": row.reason}
                for row in self.problems
                if row.severity == severity
            ]

        return {
            "source": self.export.source,
            "branch_id": self.branch.id,
            "branch": self.branch.name,
            "as_of": self.export.as_of.isoformat(),
            "counts": {
                kind: {
                    outcome: counter[outcome]
                    for outcome in ("created", "unchanged", "skipped")
                }
                for kind, counter in self.counts.items()
            },
            "totals": {
                name: {"export": f"{in_export:.2f}", "posted": f"{posted:.2f}"}
                for name, (in_export, posted) in self.totals.items()
            },
            "skipped": listed(ERROR),
            "warnings": listed(WARNING),
            "seconds": round(monotonic() - self.started, 1),
        }

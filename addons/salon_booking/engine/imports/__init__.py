"""Exports of other software, read into rows of our own.

    files = unpack({"export.zip": content})
    source = detect(files)
    export = source.read(files, today)

No database, no clock: what comes out depends on what goes in alone.
"""

from collections.abc import Iterable, Mapping

from .reader import ImportFileError, read_table, unpack
from .rows import Export
from .source import Layout, Source
from .toronto_salon import TorontoSalon
from .visits import VisitPlan, plan_visits

SOURCES: tuple[Source, ...] = (TorontoSalon(),)


def detect(
    files: Mapping[str, bytes], sources: Iterable[Source] = SOURCES
) -> Source | None:
    """The source that recognises most of the files, or None if none knows any."""

    def recognised(source: Source) -> int:
        tables = []
        for name, content in files.items():
            try:
                tables.append(read_table(name, content, source.encodings))
            except ImportFileError:
                continue
        return len(source.assign(tables))

    ranked = [(recognised(source), source) for source in sources]
    best = max(ranked, key=lambda pair: pair[0], default=(0, None))
    return best[1] if best[0] else None


__all__ = [
    "SOURCES",
    "Export",
    "ImportFileError",
    "Layout",
    "Source",
    "VisitPlan",
    "detect",
    "plan_visits",
    "unpack",
]

"""CSV files as exports really are: any encoding, delimiter, broken rows."""

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .rows import Place, Problem

DELIMITERS = ",;\t|"
#: Lines a quoted cell may span, at most.
LONGEST_CELL = 50


class ImportFileError(ValueError):
    """A file as a whole cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Record:
    """One row as text by heading, stripped."""

    at: Place
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    header: tuple[str, ...]
    records: tuple[Record, ...]
    problems: tuple[Problem, ...]


def decode(content: bytes, encodings: Sequence[str]) -> str:
    """Text of a file in the first of ``encodings`` that fits it."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ("utf-16", *encodings)
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ImportFileError(f"is in none of the encodings {', '.join(encodings)}")


def read_table(
    name: str, content: bytes, encodings: Sequence[str] = ("utf-8-sig", "cp1252")
) -> Table:
    """Read one CSV file; rows of another shape than the heading become problems."""
    text = decode(content, encodings).replace("\0", "")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    delimiter = max(DELIMITERS, key=lines[0].count)
    header = tuple(cell.strip() for cell in _cells(lines[0], delimiter) or ())
    if not any(header):
        raise ImportFileError("has no headings in its first line")
    records, problems = [], []
    for line, cells in _rows(lines, delimiter, len(header)):
        if cells is None:
            problems.append(Problem(name, line, "has an unclosed quotation mark"))
        elif len(cells) != len(header):
            problems.append(
                Problem(
                    name, line, f"has {len(cells)} columns instead of {len(header)}"
                )
            )
        elif any(cell.strip() for cell in cells):
            values = dict(zip(header, (cell.strip() for cell in cells), strict=True))
            records.append(Record(Place(name, line), values))
    return Table(name, header, tuple(records), tuple(problems))


def _rows(
    lines: Sequence[str], delimiter: str, width: int
) -> Iterator[tuple[int, list[str] | None]]:
    """Rows with the line they begin on; None where a quotation never ends.

    The csv module alone would take everything after an unclosed quotation mark for
    one cell, and with it the rest of the file.
    """
    index = 1
    while index < len(lines):
        line, first = lines[index], index + 1
        index += 1
        if not line.strip():
            continue
        if line.count('"') % 2 == 0:
            yield first, _cells(line, delimiter)
            continue
        end = next(
            (
                at
                for at in range(index, min(index + LONGEST_CELL, len(lines)))
                if lines[at].count('"') % 2
            ),
            None,
        )
        joined = end and _cells("\n".join(lines[first - 1 : end + 1]), delimiter)
        if joined and len(joined) == width:
            yield first, joined
            index = end + 1
            continue
        # An inch sign is no quotation mark: 5" comb.
        plain = _cells(line, delimiter, csv.QUOTE_NONE)
        fits = plain and len(plain) == width
        is_quoted = plain and any(cell.lstrip().startswith('"') for cell in plain)
        yield first, plain if fits and not is_quoted else None


def _cells(line: str, delimiter: str, quoting: int = csv.QUOTE_MINIMAL):
    """The cells of one row, or None if it is none."""
    try:
        rows = list(
            csv.reader(
                io.StringIO(line, newline=""), delimiter=delimiter, quoting=quoting
            )
        )
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def unpack(files: Mapping[str, bytes], limit: int = 200 << 20) -> dict[str, bytes]:
    """The files with zip archives replaced by what is in them, names without folders.

    ``limit`` is the most bytes an archive may unpack to. Raises ImportFileError.
    """
    found: dict[str, bytes] = {}
    for name, content in files.items():
        if not zipfile.is_zipfile(io.BytesIO(content)):
            found[name] = content
            continue
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                members = [info for info in archive.infolist() if _is_data(info)]
                if sum(info.file_size for info in members) > limit:
                    raise ImportFileError(f"{name} unpacks to more than {limit} bytes")
                for info in members:
                    found[info.filename.rsplit("/", 1)[-1]] = archive.read(info)
        except (zipfile.BadZipFile, RuntimeError) as error:
            raise ImportFileError(f"{name} cannot be unpacked: {error}") from None
    return found


def _is_data(info: zipfile.ZipInfo) -> bool:
    base = info.filename.rsplit("/", 1)[-1]
    return bool(base) and not base.startswith((".", "_"))

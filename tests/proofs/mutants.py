"""Copies of the engine with one comparison changed, and its tests run against them."""

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENGINE = Path("addons/salon_booking/engine")
SWAPPED = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
#: Which tests must notice, by file of the engine.
NOTICED_BY = {
    "intervals": ["intervals"],
    "masks": ["itineraries"],
    "itineraries": ["itineraries"],
    "seating": ["seating"],
}


@dataclass(frozen=True)
class Mutant:
    """One comparison, by its text, that lets an end in or leaves it out."""

    file: str
    comparison: str
    source: str

    def __str__(self) -> str:
        return f"{self.file}: {self.comparison}"


def mutants(file: str) -> Iterator[Mutant]:
    """Each `<`, `<=`, `>` and `>=` of a file, turned into its neighbour."""
    text = (ROOT / ENGINE / f"{file}.py").read_text()
    count = sum(1 for _place in _places(ast.parse(text)))
    for number in range(count):
        tree = ast.parse(text)
        node, index = list(_places(tree))[number]
        comparison = ast.unparse(node)
        node.ops[index] = SWAPPED[type(node.ops[index])]()
        yield Mutant(file, comparison, ast.unparse(tree))


def _places(tree: ast.AST) -> Iterator[tuple[ast.Compare, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            for index, operator in enumerate(node.ops):
                if type(operator) in SWAPPED:
                    yield node, index


def is_noticed(mutant: Mutant | None, folder: Path, file: str) -> bool:
    """Run the engine's own tests on a copy; say whether they fail.

    :param mutant: None leaves the copy as it is
    """
    shutil.copytree(ROOT / ENGINE, folder / ENGINE)
    if mutant:
        (folder / ENGINE / f"{mutant.file}.py").write_text(mutant.source)
    tests = folder / "tests" / "engine"
    tests.mkdir(parents=True)
    shutil.copy(ROOT / "tests" / "conftest.py", tests.parent)
    for name in NOTICED_BY[file]:
        shutil.copy(ROOT / f"tests/engine/test_salon_booking_{name}.py", tests)
    result = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:odoo"),
            *("--rootdir", str(folder), str(tests)),
        ],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
    )
    # 1: tests failed; anything else but 0 says that they did not even run.
    assert result.returncode in (0, 1), result.stdout[-3000:]
    return result.returncode == 1

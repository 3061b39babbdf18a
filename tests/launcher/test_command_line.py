"""The arguments of the commands, and what they print."""

import pytest

from launcher import paths
from launcher.commands import bench_command, import_command, test_command
from launcher.main import COMMANDS, main, parser

SUMMARY = {
    "source": "salon",
    "branch": "Downtown",
    "as_of": "2026-01-31",
    "seconds": 9,
    "counts": {"receipt_line": {"created": 1906, "unchanged": 0, "skipped": 1}},
    "totals": {"net": {"export": "10.00", "posted": "10.00"}},
    "skipped": [{"file": "a.csv", "line": 7, "reason": "no date"}],
    "warnings": [],
}


def test_without_a_command_the_list_is_shown(capsys):
    assert main([]) == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name, capsys):
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    assert len(capsys.readouterr().out.splitlines()) > 5


def test_options_of_pytest_pass_through():
    args, unknown = parser().parse_known_args(["test", "tests/engine", "-k", "x", "-x"])
    args.unknown = unknown
    assert test_command.pytest_arguments(args) == ["tests/engine", "-k", "x", "-x"]


def test_other_commands_refuse_what_they_do_not_know():
    with pytest.raises(SystemExit) as ended:
        main(["up", "--no-such-option"])
    assert ended.value.code == 2


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("tests/engine", True),
        ("tests/engine/test_slots.py::test_a", True),
        ("tests/launcher", True),
        ("tests", False),
        ("addons/salon_booking", False),
    ],
)
def test_only_engine_and_launcher_tests_need_no_odoo(path, expected, monkeypatch):
    monkeypatch.chdir(paths.ROOT)
    assert test_command.is_pure(path) is expected


def test_an_import_is_summed_up():
    text = import_command.describe(SUMMARY)
    assert text.splitlines()[0] == "salon into Downtown, known up to 2026-01-31, in 9 s"
    assert "receipt line    1,906          0        1" in text
    assert "a.csv:7: no date" in text
    assert "Warnings: none" in text
    assert import_command.any_read(SUMMARY)


def test_an_import_that_read_nothing_fails():
    skipped = {"client": {"created": 0, "unchanged": 0, "skipped": 3}}
    assert not import_command.any_read(SUMMARY | {"counts": skipped})


def test_measurements_become_a_table():
    row = {"name": "checkout", "value": 12.5, "unit": "ms", "ratio": 1.25}
    table = bench_command.table([row | {"against": "bare host"}])
    assert table.splitlines()[1].split() == [
        *("checkout", "12.50", "ms", "1.25", "bare", "host")
    ]

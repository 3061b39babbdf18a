"""Break what protects, and see the proof fail: otherwise it proves nothing.

`SALON_MUTANTS=all ./salon test tests/proofs -k changed_comparison -s` changes every
comparison of the engine and lists what nobody noticed; on each commit only those that
keep people and places apart.
"""

import os

import pytest
from freezegun import freeze_time
from mutants import NOTICED_BY, is_noticed, mutants
from small_day import SmallDayCase
from test_programs import NOW, run_programs

from odoo.tests import tagged

GUARD = "salon_occupancy_no_overlap"
#: The comparisons that decide whether two stretches of time meet.
CRUCIAL = {
    "intervals": {"start <= merged[-1][1]"},
    "seating": {
        "start < want.stop",
        "want.start < stop",
        "want.stop <= place.free[index][1]",
    },
}


@pytest.mark.parametrize("file", NOTICED_BY)
def test_a_changed_comparison_is_noticed(file, tmp_path):
    is_long = os.environ.get("SALON_MUTANTS") == "all"
    wanted = CRUCIAL.get(file, set())
    if not is_long and not wanted:
        pytest.skip("only with SALON_MUTANTS=all")
    assert not is_noticed(None, tmp_path / "unchanged", file)
    candidates = list(mutants(file))
    assert wanted <= {mutant.comparison for mutant in candidates}
    survivors = set()
    for number, mutant in enumerate(candidates):
        if (is_long or mutant.comparison in wanted) and not is_noticed(
            mutant, tmp_path / str(number), file
        ):
            survivors.add(mutant.comparison)
    # Some only cost time or take an empty stretch along: for a reader to judge.
    print(f"\n{file}: unnoticed are {survivors or 'none'}")  # noqa: T201
    assert not survivors & wanted


@tagged("post_install", "-at_install")
class TestBrokenProtection(SmallDayCase):
    """Random programs find what is missing, most of the time among the first thirty.

    They end with the first that does; three hundred leave nothing to bad luck.
    """

    def assert_noticed(self):
        with freeze_time(NOW) as clock:
            try:
                run_programs(self, clock, programs=300, steps=15)
            except Exception:
                return
        self.fail("Three hundred programs ran without noticing anything.")

    def break_method(self, model, name, broken):
        self.patch(self.env.registry[model], name, broken)

    def test_that_the_constraint_is_gone(self):
        self.env.cr.execute(f"ALTER TABLE salon_occupancy DROP CONSTRAINT {GUARD}")
        self.assert_noticed()

    def test_that_nothing_is_given_back(self):
        self.break_method("salon.claim", "_give_back", lambda *_args, **_more: None)
        self.assert_noticed()

    def test_that_the_wrong_half_of_a_swap_is_written(self):
        def half_a_swap(booking, first, second):
            second.write({"staff_id": first.staff_id.id})

        self.break_method("salon.booking", "_swap", half_a_swap)
        self.assert_noticed()

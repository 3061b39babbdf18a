"""The material ledger against the slow, obvious way of keeping it."""

import doctest

import pytest
import salon_stock_engine.materials as materials
from hypothesis import given
from hypothesis import strategies as st
from salon_stock_engine.materials import (
    Issue,
    Plan,
    RecipeLine,
    expected,
    plan,
    returned_value,
)


class Shelf:
    """One bottle of each drop: what was taken, by which move, in which order."""

    def __init__(self):
        self.drops = []
        self.moves = 0

    def bring_to(self, wanted):
        if len(self.drops) < wanted:
            self.moves += 1
            self.drops += [self.moves] * (wanted - len(self.drops))
        while len(self.drops) > wanted:
            self.drops.pop()


def post(issues, step, move_id):
    """Apply a plan to the issues as the host would."""
    returned = dict(step.returns)
    issues = [
        Issue(i.move_id, i.quantity, i.returned + returned.get(i.move_id, 0))
        for i in issues
    ]
    if step.issue:
        issues.append(Issue(move_id, step.issue))
    return issues


def test_the_examples_of_the_engine_are_true():
    assert doctest.testmod(materials).failed == 0


def test_an_optional_material_is_expected_with_nothing():
    lines = [RecipeLine(1, 5, 30.0), RecipeLine(2, 6, 2.0, is_optional=True)]
    assert expected(lines) == {1: (5, 30.0), 2: (6, 0.0)}


def test_a_recipe_without_lines_expects_nothing():
    assert expected([]) == {}


def test_nothing_is_planned_when_the_ledger_says_what_was_used():
    assert plan(30, [Issue(1, 50, returned=20)]) == Plan()


def test_the_latest_correction_is_given_back_first():
    issues = [Issue(1, 30), Issue(2, 10)]
    assert plan(25, issues).returns == ((2, 10), (1, 5))


def test_a_move_given_back_is_not_given_back_again():
    assert plan(0, [Issue(1, 30), Issue(2, 10, returned=10)]).returns == ((1, 30),)


def test_a_negative_quantity_is_refused():
    with pytest.raises(ValueError, match="-1 cannot have been used"):
        plan(-1, [])


def test_more_than_was_taken_cannot_come_back():
    with pytest.raises(ValueError, match="4 cannot come back out of 3"):
        returned_value(100, 3, 2, 67, 2)


def test_the_last_part_given_back_takes_the_rounding_rest():
    first = returned_value(1000, 3, 0, 0, 1)
    second = returned_value(1000, 3, 1, first, 1)
    third = returned_value(1000, 3, 2, first + second, 1)
    assert (first, second, third) == (333, 334, 333)


@given(st.lists(st.integers(0, 60), max_size=12))
def test_any_run_of_corrections_ends_where_the_last_one_says(quantities):
    issues, shelf = [], Shelf()
    for number, wanted in enumerate(quantities, 1):
        issues = post(issues, plan(wanted, issues), number)
        shelf.bring_to(wanted)
        assert sum(i.open for i in issues) == wanted
        assert plan(wanted, issues) == Plan()
    opened = [i.open for i in issues if i.open]
    assert opened == [shelf.drops.count(m) for m in sorted(set(shelf.drops))]


@given(
    st.integers(-(10**7), 10**7),
    st.lists(st.integers(1, 500), min_size=1, max_size=10),
)
def test_parts_given_back_add_up_to_the_value_that_left(value, parts):
    quantity = sum(parts)
    returned = returned_so_far = 0
    for part in parts:
        back = returned_value(value, quantity, returned, returned_so_far, part)
        assert abs(back - value * part / quantity) <= 1
        returned += part
        returned_so_far += back
    assert returned_so_far == value

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from salon_payroll_engine.rates import Scheme, percentage_for

D = Decimal
HAIR, COLOUR, BALAYAGE, RETAIL = 1, 2, 3, 9
SCHEME = Scheme(D(45), D(10), {HAIR: D(40), BALAYAGE: D(50)})


@pytest.mark.parametrize(
    ("path", "is_service", "percentage"),
    [
        ((HAIR,), True, 40),
        ((HAIR, COLOUR), True, 40),
        ((HAIR, COLOUR, BALAYAGE), True, 50),
        ((HAIR,), False, 40),
        ((RETAIL,), False, 10),
        ((RETAIL,), True, 45),
        ((), True, 45),
    ],
)
def test_the_nearest_category_decides_before_the_general_percentage(
    path, is_service, percentage
):
    assert percentage_for(SCHEME, path, is_service) == percentage


def test_a_category_at_zero_per_cent_is_not_a_missing_one():
    assert percentage_for(Scheme(D(45), D(10), {HAIR: D(0)}), (HAIR,), True) == 0


@given(
    st.lists(st.integers(1, 6), unique=True, max_size=5),
    st.dictionaries(st.integers(1, 6), st.integers(0, 100).map(D)),
    st.booleans(),
)
def test_it_agrees_with_walking_up_the_tree(path, by_category, is_service):
    expected = D(45) if is_service else D(10)
    for category in path:  # from the root: what is deeper overrides
        expected = by_category.get(category, expected)
    scheme = Scheme(D(45), D(10), by_category)
    assert percentage_for(scheme, path, is_service) == expected

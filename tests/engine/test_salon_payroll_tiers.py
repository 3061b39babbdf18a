from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from salon_payroll_engine.tiers import Tier, progressive, retroactive

D = Decimal


def tiers(*pairs):
    return [Tier(D(start), D(percentage)) for start, percentage in pairs]


G1 = tiers((0, 40), (800, 42), (1200, 45))
G2 = tiers((0, 10), (1000, 20))
G3 = tiers((0, 10), (100, 15), (200, 20), (300, 25))
G4 = tiers((0, 25), (500, 30), (3000, 40))
G5 = tiers((0, 0), (1000, 10), (2000, 20))


@pytest.mark.parametrize(
    ("total", "bands", "edge", "amount"),
    [
        ("1500", G1, "lower", "675.00"),
        ("800", G1, "lower", "320.00"),
        ("1200", G1, "lower", "504.00"),
        ("1500", G2, "lower", "300.00"),
        ("125", G3, "lower", "18.75"),
        ("520", G4, "upper", "156.00"),
        ("500", G4, "upper", "150.00"),
        ("500", G4, "lower", "125.00"),
        ("0", G4, "upper", "0"),
        ("-100", G1, "lower", "-40.00"),
    ],
)
def test_a_retroactive_tier_counts_for_the_whole_total(total, bands, edge, amount):
    assert retroactive(D(total), bands, edge) == D(amount)


@pytest.mark.parametrize(
    ("total", "bands", "amount"),
    [
        ("1500", G2, "200.00"),
        ("325", G3, "51.25"),
        ("520", G4, "131.00"),
        ("500", G4, "125.00"),
        ("1248", G5, "24.80"),
        ("900", G5, "0"),
        ("-100", G1, "-40.00"),
    ],
)
def test_a_progressive_tier_counts_for_its_own_part(total, bands, amount):
    assert progressive(D(total), bands) == D(amount)


def test_tiers_may_be_given_in_any_order():
    assert retroactive(D(1500), G1[::-1]) == D(675)
    assert progressive(D(325), G3[::-1]) == D("51.25")


def test_at_least_one_tier_is_needed():
    with pytest.raises(ValueError, match="tier"):
        retroactive(D(1), [])


@given(
    st.integers(0, 400),
    st.dictionaries(st.integers(1, 300), st.integers(0, 60), max_size=4),
    st.integers(0, 60),
)
def test_progressive_agrees_with_counting_unit_by_unit(total, starts, first):
    bands = tiers((0, first), *starts.items())
    expected = D(0)
    for unit in range(total):
        reached = max(start for start in (0, *starts) if start <= unit)
        expected += D(starts[reached] if reached else first) / 100
    assert progressive(D(total), bands) == expected

"""What is typed to find a client, and what of it is in the index."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st
from salon_booking_engine import phones
from salon_booking_engine.phones import DialPlan

PLANS = {
    "TR": DialPlan("90", "0"),
    "AZ": DialPlan("994", "0"),
    "RU": DialPlan("7", "8"),
    "KZ": DialPlan("7", "8"),
    "UZ": DialPlan("998"),
    "GE": DialPlan("995", "0"),
    "UA": DialPlan("380", "0"),
    "US": DialPlan("1", "1"),
    "GB": DialPlan("44", "0"),
    "CA": DialPlan("1", "1"),
}


def finds(typed, number, *regions):
    patterns = phones.search_patterns(typed, [PLANS[region] for region in regions])
    return patterns is not None and (
        number.startswith(tuple(patterns.prefixes))
        or number.endswith(tuple(patterns.suffixes))
    )


def test_names_and_addresses_are_no_numbers():
    for text in (
        "Anna",
        "anna@example.com",
        "12 Main Street",
        "+",
        "123",
        "",
        "1+2345",
    ):
        assert phones.search_patterns(text) is None


def test_last_digits_find_a_number_whatever_its_country():
    assert finds("45 67", "994501234567")
    assert finds("0501234567", "994501234567", "TR", "AZ")


def test_a_number_begun_as_dialled_at_home_is_found():
    assert finds("050-12", "994501234567", "AZ")
    assert finds("8 912 34", "79123456789", "RU")
    assert not finds("050-13", "994501234567", "AZ")


def test_a_number_with_its_country_is_not_looked_for_at_the_end():
    assert not finds("+4567", "994501234567", "AZ")


def test_each_sample_is_found_by_what_was_typed(salon_data):
    path = salon_data / "phones" / "typed_cases.csv"
    with path.open(encoding="utf-8") as file:
        cases = [case for case in csv.DictReader(file) if case["valid"] == "True"]
    for case in cases:
        number = case["e164"].lstrip("+")
        assert finds(case["typed"], number, case["default_region"]), case


@given(st.sampled_from(sorted(PLANS)), st.integers(10**8, 10**9 - 1), st.data())
def test_both_ends_of_any_number_find_it(region, national, data):
    plan = PLANS[region]
    number = f"{plan.code}{national}"
    length = data.draw(st.integers(4, len(number)))
    assert finds(number[-length:], number, region)
    assert finds(f"+{number[:length]}", number, region)
    begun = f"{plan.trunk}{str(national)[: max(4, length - len(plan.code))]}"
    assert finds(begun, number, region)


@pytest.mark.parametrize(
    ("text", "name", "phone"),
    [
        ("Anna 050 123 45 67", "Anna", "050 123 45 67"),
        ("+994 (50) 123-45-67 Anna B.", "Anna B.", "+994 (50) 123-45-67"),
        ("Anna, 0501234567", "Anna", "0501234567"),
        ("0501234567", "", "0501234567"),
        ("Anna", "Anna", ""),
        ("Anna 2", "Anna 2", ""),
        ("Club 2024", "Club 2024", ""),
    ],
)
def test_a_name_and_a_number_are_taken_apart(text, name, phone):
    assert phones.split_name_and_phone(text) == (name, phone)

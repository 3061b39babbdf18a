from decimal import Decimal

import pytest
from salon_cash_engine.denominations import denominations
from salon_cash_engine.words import NAMES, capital, in_words, name_form


def digits(number, is_feminine):
    return f"{number}{'f' if is_feminine else ''}"


@pytest.mark.parametrize(
    ("number", "form"),
    [
        (0, "рублей"),
        (1, "рубль"),
        (2, "рубля"),
        (4, "рубля"),
        (5, "рублей"),
        (11, "рублей"),
        (12, "рублей"),
        (14, "рублей"),
        (21, "рубль"),
        (22, "рубля"),
        (25, "рублей"),
        (101, "рубль"),
        (111, "рублей"),
        (1002, "рубля"),
    ],
)
def test_russian_counts_in_three_forms(number, form):
    assert name_form("ru", NAMES["ru"]["RUB"].unit, number) == form


def test_english_counts_in_two():
    dollar = NAMES["en"]["USD"].unit
    assert [name_form("en", dollar, number) for number in (0, 1, 2, 21)] == [
        "dollars",
        "dollar",
        "dollars",
        "dollars",
    ]


def test_the_gender_of_the_money_is_asked_for():
    money = NAMES["ru"]["RUB"]
    assert in_words(2, 2, "ru", money, digits) == "2 рубля 2f копейки"
    assert in_words(1, 1, "uk", NAMES["uk"]["UAH"], digits) == "1f гривня 1f копійка"


def test_each_language_joins_in_its_way():
    assert in_words(2, 5, "tr", NAMES["tr"]["TRY"], digits) == "2lira5kuruş"
    assert in_words(2, 0, "tr", NAMES["tr"]["TRY"], digits) == "2lira"
    assert in_words(2, 0, "az", NAMES["az"]["AZN"], digits) == "2 manat, 0 qəpik"
    assert in_words(1, 1, "en", NAMES["en"]["USD"], digits) == "1 dollar, 1 cent"


def test_a_currency_without_cents_says_none():
    assert in_words(2, None, "en", NAMES["en"]["KZT"], digits) == "2 tenge"


def test_a_capital_i_keeps_its_dot_where_it_has_one():
    assert capital("iki", "tr") == "İki"
    assert capital("iki", "az") == "İki"
    assert capital("it", "en") == "It"
    assert capital("", "en") == ""


def test_every_language_names_the_same_currencies_in_enough_forms():
    assert len({frozenset(names) for names in NAMES.values()}) == 1
    for language, names in NAMES.items():
        forms = {"ru": 3, "uk": 3, "en": 2}.get(language, 1)
        for money in names.values():
            assert len(money.unit.forms) == len(money.cent.forms) == forms


@pytest.mark.parametrize("currency", ["EUR", "TRY", "AZN", "RUB", "XXX"])
def test_notes_and_coins_come_from_the_largest_down_and_once(currency):
    values = denominations(currency)
    assert values == sorted(set(values), reverse=True)
    assert all(value > 0 for value in values)


def test_an_unknown_currency_is_counted_in_steps_of_its_own_units():
    assert denominations("XXX", 0)[-3:] == [Decimal(5), Decimal(2), Decimal(1)]
    assert denominations("XXX", 2)[-1] == Decimal("0.01")

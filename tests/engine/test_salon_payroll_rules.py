from decimal import Decimal

import pytest
from salon_payroll_engine.rules import (
    AssistantRule,
    Missed,
    after_charge,
    fixed_share,
    greater_of,
    pay_with_overtime,
    share_of_fee,
    shares_with_assistant,
)

D = Decimal


@pytest.mark.parametrize(("taken", "amount"), [("before", "39"), ("after", "38")])
def test_g6_a_product_charge_is_taken_before_or_after_the_percentage(taken, amount):
    assert after_charge(D(80), D(50), D(2), taken) == D(amount)


def test_g7_a_fixed_commission_shrinks_with_the_part_of_the_price_paid():
    assert fixed_share(D(10), D(100), D(25)) == D("2.50")
    assert fixed_share(D(10), D(100), D(100)) == D(10)


def test_g7_a_fee_brings_the_same_part_of_fixed_amounts_and_percentages():
    fixed, percent = Missed(D(100), D(45), D(10)), Missed(D(50), D(45))
    assert share_of_fee([fixed], D(25), D(25), D(100)) == D("2.50")
    assert share_of_fee([percent], D(25), D(20), D(100)) == D("4.50")
    assert share_of_fee([fixed, percent], D(75), D(60), D(150)) == D(5) + D(9)
    assert share_of_fee([Missed(D(0), D(45))], D(5), D(5), D(0)) == 0


def test_a_fixed_commission_on_a_free_service_is_whole():
    assert fixed_share(D(10), D(0), D(0)) == D(10)


def test_g8_an_assistant_lowers_the_percentage_and_earns_a_fixed_amount():
    rule = AssistantRule(alone=D(10), assisted=D(8), assistant_fixed=D(5))
    assert shares_with_assistant(D(100), rule, has_assistant=True) == (D(8), D(5))
    assert shares_with_assistant(D(100), rule, has_assistant=False) == (D(10), D(0))


def test_g11_overtime_brings_half_of_the_average_hour():
    pay = pay_with_overtime(D(45), D(5), D(10), commission=D(800) * 25 / 100)
    assert pay == D("686.11")


@pytest.mark.parametrize(("commission", "pay"), [("225", "675"), ("300", "750")])
def test_enough_commission_frees_from_the_overtime_premium(commission, pay):
    assert pay_with_overtime(D(45), D(5), D(10), D(commission)) == D(pay)


def test_without_overtime_hours_there_is_no_premium():
    assert pay_with_overtime(D(40), D(0), D(10), D(20)) == D(420)
    assert pay_with_overtime(D(0), D(0), D(10), D(20)) == D(20)


def test_g12_the_greater_of_hourly_and_commission_depends_on_the_span():
    days = [(D(8) * 15, D(100)), (D(8) * 15, D(150))]
    assert greater_of(days, per="day") == D(270)
    assert greater_of(days, per="period") == D(250)
    assert greater_of([], per="day") == 0

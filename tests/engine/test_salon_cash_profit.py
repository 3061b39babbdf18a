import doctest

from salon_cash_engine import profit
from salon_cash_engine.profit import Entry, lay_out

SALES = Entry("income", 1, "400 Sales", (100, 80))
GOODS = Entry("expense_direct_cost", 2, "500 Goods", (-40, -20))
RENT = Entry("expense", 3, "610 Rent", (-30, -30))
WAGES = Entry("expense", 4, "600 Wages", (-20, -10))


def test_the_examples_are_true():
    assert not doctest.testmod(profit).failed


def test_accounts_stand_in_their_section_in_the_order_of_their_titles():
    lines = lay_out([RENT, WAGES, SALES])
    assert [line.title for line in lines if line.section == "expense"] == [
        "",
        "600 Wages",
        "610 Rent",
    ]


def test_each_result_sums_up_all_before_it():
    results = {
        line.section: line.amounts
        for line in lay_out([RENT, GOODS, WAGES, SALES])
        if line.kind == "result"
    }
    assert results == {"gross": (60, 60), "result": (10, 20)}


def test_costs_alone_are_a_loss():
    assert lay_out([RENT])[-1].amounts == (-30, -30)


def test_nothing_makes_no_lines():
    assert lay_out([]) == []

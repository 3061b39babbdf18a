"""The money of a day comes out whatever chart of accounts a company has."""

import pytest
from scenarios import CHARTS

each_chart = pytest.mark.parametrize(
    "chart",
    [
        pytest.param(chart, marks=pytest.mark.scenario("books", "host"))
        for chart in CHARTS
    ],
)


@each_chart
def test_every_ledger_agrees_with_its_account(story, chart):
    rows = story.facts[chart]["rows"]
    assert {"Till", "Client deposits", "Client balances", "Gift certificates"} <= set(
        rows
    )
    assert {name: row for name, row in rows.items() if row[2]} == {}


@each_chart
def test_the_day_is_closed_with_what_the_books_say(story, chart):
    facts = story.facts[chart]
    assert facts["day"] == "closed"
    assert facts["left"] == facts["drawer"] > 0
    assert facts["trial balance"] == 0


@each_chart
def test_income_and_fees_are_in_the_report(story, chart):
    facts = story.facts[chart]
    assert facts["revenue"] == facts["income"] == 300
    # Bill, tip and what was paid ahead by card, at one per cent.
    assert facts["fees"] == pytest.approx(
        {"generic_coa": 1.45, "tr": 1.5, "kz": 1.42}[chart]
    )


@each_chart
def test_profit_and_loss_ends_with_what_is_left_of_the_income(story, chart):
    sections = story.facts[chart]["profit"]
    result = sections.pop("result")
    gross = sections.pop("gross", None)
    assert sections["income"] == 300
    assert result == pytest.approx(sum(sections.values()))
    assert gross is None or gross <= 300


@each_chart
def test_nothing_warns(story, chart):
    assert [line for line in story.troubles if line.startswith(f"{chart}:")] == []

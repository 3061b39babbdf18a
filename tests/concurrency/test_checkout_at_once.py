"""Two clerks at the same visit: it is billed once, paid once, cancelled once."""

from pathlib import Path

import pytest

MONEY = Path(__file__).with_name("money.py")
#: A haircut of 40.00 with the tax of the generic chart of accounts.
BILLS = """
    SELECT line.salon_visit_id AS visit_id, count(DISTINCT move.id) AS bills,
           count(DISTINCT payment.id) AS payments,
           min(move.payment_state) AS payment_state
      FROM account_move_line line
      JOIN account_move move ON move.id = line.move_id AND move.state = 'posted'
 LEFT JOIN account_move__account_payment link ON link.invoice_id = move.id
 LEFT JOIN account_payment payment ON payment.id = link.payment_id
     WHERE line.salon_visit_id IS NOT NULL
     GROUP BY line.salon_visit_id"""
ORDERS = """
    SELECT salon_visit_id AS visit_id, count(DISTINCT order_id) AS orders
      FROM sale_order_line WHERE salon_visit_id IS NOT NULL GROUP BY salon_visit_id"""
VISITS = """
    SELECT visit.id, visit.state, visit.payment_state, appointment.state AS service,
           (SELECT count(*) FROM salon_occupancy taken
             WHERE taken.appointment_id = appointment.id) AS taken,
           (SELECT count(*) FROM salon_state_event event
             WHERE event.visit_id = visit.id) AS events
      FROM salon_visit visit JOIN salon_appointment appointment
        ON appointment.visit_id = visit.id"""
AMOUNT = 40
ROUNDS = 8


def test_a_visit_checked_out_by_several_clerks_at_once_is_billed_once(desk):
    with desk.own_salon("same_bill") as database:
        story = desk.play(
            database,
            "check_out_the_same_visit",
            clerks=4,
            visits=ROUNDS,
            amount=AMOUNT,
        )
        for number in range(ROUNDS):
            assert story.outcomes(round=number) == {"done": 1, "UserError": 3}
        for refused in story.find(outcome="UserError"):
            assert "nothing left to bill" in refused["message"]
        bills = desk.rows(database, BILLS)
        assert {bill["visit_id"] for bill in bills} == set(story.visits)
        assert all(bill["bills"] == bill["payments"] == 1 for bill in bills)
        assert all(row["orders"] == 1 for row in desk.rows(database, ORDERS))
        assert story.deadlocks == 0


def test_clerks_at_different_visits_all_get_their_bill(desk):
    with desk.own_salon("own_bills") as database:
        story = desk.play(
            database,
            "check_out_different_visits",
            clerks=4,
            visits=ROUNDS * 4,
            amount=AMOUNT,
        )
        assert story.outcomes() == {"done": ROUNDS * 4}
        bills = desk.rows(database, BILLS)
        assert len(bills) == ROUNDS * 4
        assert all(bill["bills"] == bill["payments"] == 1 for bill in bills)
        assert story.deadlocks == 0


def test_a_visit_is_either_cancelled_or_billed(desk):
    with desk.own_salon("cancel_or_bill") as database:
        story = desk.play(
            database,
            "cancel_while_another_checks_out",
            clerks=2,
            visits=ROUNDS,
            amount=AMOUNT,
        )
        assert set(story.outcomes()) <= {"done", "UserError", "AccessError"}
        billed = {bill["visit_id"] for bill in desk.rows(database, BILLS)}
        for visit in desk.rows(database, VISITS):
            is_billed = visit["id"] in billed
            assert (visit["service"], visit["state"]) == (
                ("done", "done") if is_billed else ("cancelled", "cancelled")
            )
            assert bool(visit["taken"]) == is_billed
        assert story.deadlocks == 0


@pytest.mark.parametrize("clerks", [2, 4])
def test_a_visit_cancelled_and_reopened_by_several_at_once_changes_once(desk, clerks):
    with desk.own_salon(f"reopen_{clerks}") as database:
        story = desk.play(
            database,
            "cancel_and_reopen_the_same_visit",
            clerks=clerks,
            visits=ROUNDS,
        )
        assert story.outcomes() == {"done": clerks * ROUNDS * 2}
        for visit in desk.rows(database, VISITS):
            assert visit["service"] == visit["state"] == "booked"
            assert visit["taken"] == 1
            # booked, cancelled, booked again: each was logged once
            assert visit["events"] == 3
        assert story.deadlocks == 0


def test_what_keeps_balances_is_made_once_by_whoever_needs_it_first(desk):
    with desk.own_salon("first_journal") as database:
        story = desk.play(database, "take_the_first_money_onto_a_balance", clerks=4)
        assert story.outcomes() == {"done": 8}
        for kind in ("balance", "barter"):
            assert len({entry["result"] for entry in story.find(kind=kind)}) == 1


def test_clerks_at_once_leave_no_more_on_the_tab_than_the_limit(desk):
    """One bill of 40.00 fits under 60.00, whoever of the family was served."""
    with desk.own_salon("limit") as database:
        desk.call(database, MONEY, "limit_debts", limit=60)
        story = desk.play(database, "leave_it_on_the_tab", clerks=2, rounds=6)
        for number in range(6):
            assert story.outcomes(round=number) == {"done": 1, "UserError": 1}
        for refused in story.find(outcome="UserError"):
            assert "would owe" in refused["message"]
        assert story.deadlocks == 0

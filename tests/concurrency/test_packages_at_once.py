"""The last credit of a family's package is used once, whoever asks at once."""

from pathlib import Path

from packages import ROUNDS

HERE = Path(__file__).resolve().parent
CLERKS = 4
CREDITS = """
    SELECT credit.id, credit.credits_left, package.amount_owed,
           (SELECT count(*) FROM salon_package_entry entry
             WHERE entry.credit_id = credit.id AND entry.kind = 'used') AS uses
      FROM salon_package_credit credit
      JOIN salon_package package ON package.id = credit.package_id"""
BILLED = """
    SELECT count(DISTINCT line.salon_visit_id) FROM account_move_line line
     WHERE line.salon_appointment_id IS NOT NULL AND line.parent_state = 'posted'"""


def test_the_last_credit_is_used_by_one_of_all_who_try_at_once(desk):
    with desk.own_salon("last_credit") as database:
        owned, _log = desk.call(database, HERE / "packages.py", "sell_last_credits")
        assert len(owned) == ROUNDS
        story = desk.play(
            database,
            "use_the_last_credit",
            clerks=CLERKS,
            visits=CLERKS * ROUNDS,
            owned=owned,
        )
        for number in range(ROUNDS):
            outcomes = story.outcomes(round=number)
            assert outcomes == {"done": 1, "UserError": CLERKS - 1}
        for refused in story.find(outcome="UserError"):
            assert "cannot be used" in refused["message"]
        for credit in desk.rows(database, CREDITS):
            assert (credit["credits_left"], credit["uses"]) == (0, 1)
            assert credit["amount_owed"] == 0
        assert desk.value(database, BILLED) == ROUNDS
        assert story.deadlocks == 0

"""Random programs of everything that happens at a till, by several clerks at once.

A short one on each run; `SALON_MONEY=500 ./salon test tests/concurrency -k money` does
as many steps as wanted, `SALON_SEED=random` makes other choices each time, and a number
repeats those of an earlier run. When
something is wrong the test prints what the clerks did, step by step.
"""

import os
import random
from collections import Counter
from pathlib import Path

from money import MONEY_IN_TILLS, TIPS, WEIGHTS

HERE = Path(__file__).resolve().parent
CLERKS = 4
STEPS = int(os.environ.get("SALON_MONEY", 60))
BATCH = 5
SEED = os.environ.get("SALON_SEED", "7")
if SEED == "random":
    SEED = str(random.randrange(10**6))
#: Every so many queries a process is killed; 1 takes four minutes.
KILLS = int(os.environ.get("SALON_KILLS", 40))


def test_after_any_program_of_several_clerks_the_books_are_true(desk):
    batches = -(-STEPS // (CLERKS * BATCH))
    with desk.own_salon("money") as database:
        desk.call(database, HERE / "money.py", "make_money")
        story = desk.play(
            database,
            "handle_money",
            clerks=CLERKS,
            seed=SEED,
            batches=batches,
            steps=BATCH,
        )
        check_story(desk, database, story, f"seed {SEED}")
        done = [e for e in story.find(outcome="done") if "note" in e]
        kinds = {e["note"]["step"] for e in done if e["result"] is not None}
        assert STEPS < 200 or kinds == WEIGHTS.keys(), "a kind of step never happened"


def test_accountants_and_desks_at_the_same_clients_do_not_stop_each_other(desk):
    """On the host's own screens, on bills that are being paid at the desk.

    All take their locks in one order, so nobody has to be thrown out of a deadlock.
    """
    with desk.own_salon("accountants") as database:
        desk.call(database, HERE / "money.py", "make_money", clients=2)
        desk.call(database, HERE / "money.py", "open_books")
        story = desk.play(
            database,
            "handle_money",
            clerks=4,
            accountants=2,
            seed=SEED,
            batches=-(-STEPS // (CLERKS * BATCH)),
            steps=BATCH,
        )
        check_story(desk, database, story, f"seed {SEED}")
        kinds = {e["note"]["step"] for e in story.find(outcome="done") if "note" in e}
        assert kinds >= {"pay_debts_together", "reconcile_anew", "post_anew"}
        assert story.deadlocks == 0


def test_a_process_killed_in_a_checkout_leaves_everything_or_nothing(desk):
    """After any query, and after the commit; sent again with its key there is one."""
    points = [*range(1, 1000, KILLS), *range(-3, 1)]
    with desk.own_salon("killed") as database:
        desk.call(database, HERE / "money.py", "make_money")
        story = desk.play(database, "check_out_and_be_killed", clerks=1, points=points)
        assert len(story.attempts) > 400 / KILLS
        for death in story.attempts:
            assert death["both"] == death["whole"], death
            assert death["left"] in ({}, death["whole"]), death
        first, last = story.attempts[0], story.attempts[-1]
        assert (first["query"], first["left"]) == (1, {})
        assert (last["query"], last["left"]) == (0, last["whole"])
        faults, _log = desk.call(database, HERE / "money.py", "find_faults")
        assert faults == []


def check_story(desk, database, story, seed):
    """Nobody met an error, the books are true, and the tills hold what was taken."""
    program = tell(story)
    print(f"{seed}\n{summary(story)}")  # noqa: T201
    assert not story.find(outcome="failed"), f"{seed}\n{program}"
    for look in story.find(looked=True):
        assert look["result"] == [], f"{seed}: {look['result']}\n{program}"
    tills = Counter()
    for entry in story.find(outcome="done"):
        for journal, amount in (
            (entry["result"] or {}).items() if "note" in entry else ()
        ):
            tills[journal] += round(amount * 100)
    tips = tills.pop("tips", 0)
    booked = {
        row["journal"]: round(row["amount"] * 100)
        for row in desk.rows(database, MONEY_IN_TILLS)
    }
    assert booked == {key: cents for key, cents in tills.items() if key in booked}
    assert not any(tills[key] for key in tills.keys() - booked.keys())
    assert round(desk.value(database, TIPS) * 100) == tips


def summary(story):
    """How often each step was done or refused, and with which words."""
    steps = Counter(
        (entry["note"].get("step"), entry["outcome"], entry.get("result") is not None)
        for entry in story.attempts
        if "note" in entry
    )
    words = Counter(
        entry["message"][:90]
        for entry in story.attempts
        if entry["outcome"] not in ("done", "failed")
    )
    return "\n".join(f"{count:4} {what}" for what, count in (steps + words).items())


def tell(story):
    """The program in the order in which its steps ended."""
    return "\n".join(
        f"{entry['clerk']} {entry['outcome']} {entry.get('note') or 'looked'} "
        f"{entry.get('result')} {entry.get('message', '')}"
        for entry in story.attempts
    )

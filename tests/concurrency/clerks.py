"""Several clerks at once, each a process with transactions of its own.

A program, run by the tests: it loads Odoo, forks the clerks, who all do the workload
that is asked for on standard input, and writes what happened to them into a file. Each
attempt goes through Odoo's `retrying`, as a request of the web client does.
"""

import json
import logging
import multiprocessing
import random
import sys
import time
import traceback
from datetime import timezone

from odoo import SUPERUSER_ID, api, sql_db
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tools import config

WORKLOADS = {}
#: Seconds a clerk waits for the others before the run is given up.
PATIENCE = 120


def workload(function):
    WORKLOADS[function.__name__] = function
    return function


class Clerk:
    """One process: what it does is logged with its outcome and its time."""

    def __init__(self, number, database, facts, barrier):
        from salon_setup import Salon

        self.number = number
        self.random = random.Random(number)
        self.registry = Registry(database)
        self.facts = facts
        self.barrier = barrier
        self.attempts = []
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            self.salon = Salon(env)
            logins = ("rush_desk", "rush_manager")
            users = env["res.users"].search([("login", "in", logins)])
            self.uid_by_login = {user.login: user.id for user in users}

    def wait_for_the_others(self):
        self.barrier.wait(PATIENCE)

    def attempt(self, operation, *, login="rush_desk", **noted):
        """Do `operation(env)` in a transaction as a request would; return its result.

        The result is None when it was refused.
        """
        tries = 0
        env = None

        def once():
            nonlocal tries
            tries += 1
            return operation(env)

        entry = {"clerk": self.number, **noted}
        start = time.monotonic()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, self.uid_by_login[login], {})
            try:
                entry |= {"outcome": "done", "result": retrying(once, env)}
            except UserError as error:
                cr.rollback()
                entry |= {"outcome": type(error).__name__, "message": str(error)}
                slots = getattr(error, "alternatives", ())
                entry["offered"] = [self.salon.minute_of(slot.start) for slot in slots]
            except Exception:
                cr.rollback()
                entry |= {"outcome": "failed", "message": traceback.format_exc()}
        entry |= {"seconds": time.monotonic() - start, "tries": tries}
        self.attempts.append(entry)
        return entry.get("result")

    def wish(self, *, days=1, services=("cut", "dry", "colour")):
        """A random wish on the quarter-hour grid between 8 and 20."""
        service = self.random.choice(services)
        person = self.random.randrange(len(self.salon.people))
        day = self.random.randrange(days)
        minute = 8 * 60 + 15 * self.random.randrange(12 * 4 - 5)
        return service, person, day, minute

    # --- what a clerk does, each in a transaction of its own ---

    def book(self, wishes, branch=0, **noted):
        return self.attempt(
            lambda env: self.salon.book(env, wishes, branch=branch),
            wishes=wishes,
            **noted,
        )

    def move(self, visit_id, person, minute):
        def operation(env):
            appointment = env["salon.visit"].browse(visit_id).appointment_ids
            start = appointment.start.replace(hour=minute // 60, minute=minute % 60)
            appointment.write({"staff_id": self.salon.people[person], "start": start})

        self.attempt(operation, moved=visit_id)

    def set_state(self, visit_id, state, **noted):
        self.attempt(
            lambda env: env["salon.visit"].browse(visit_id)._set_state(state), **noted
        )

    def drag(self, appointment_id, version, values, **noted):
        """Drop a block of the board; the answer is kept, also a refusal."""

        def operation(env):
            answer = env["salon.board"].change(appointment_id, values, version)
            return {key: answer.get(key) for key in ("ok", "stale", "why")}

        return self.attempt(operation, login="rush_manager", values=values, **noted)

    def join(self, event_id, **noted):
        def operation(env):
            event = env["salon.group.event"].browse(event_id)
            return env["salon.booking"]._join(event, env["res.partner"]).id

        return self.attempt(operation, joined=event_id, **noted)

    def change_class(self, event_id, number):
        def operation(env):
            event = env["salon.group.event"].browse(event_id)
            if number % 2:
                event.start = event.start.replace(minute=15 * (number // 2 % 4))
            else:
                event.capacity = 4 + number % 3 * 4

        self.attempt(operation, changed=event_id)

    def check_out(self, visit_id, amount, **noted):
        self.attempt(lambda env: self.salon.check_out(env, visit_id, amount), **noted)


@workload
def book_the_same_days(clerk, attempts, days):
    """Everybody books at random into the same days, with places that run out."""
    clerk.wait_for_the_others()
    for _ in range(attempts):
        clerk.book([clerk.wish(days=days, services=("cut", "dry", "colour", "wash"))])


@workload
def book_move_and_cancel(clerk, attempts, days):
    """As above, but now and then an own visit is moved or cancelled."""
    own = []
    clerk.wait_for_the_others()
    for _ in range(attempts):
        dice = clerk.random.random()
        wish = clerk.wish(days=days)
        if own and dice < 0.25:
            visit_id = own.pop(clerk.random.randrange(len(own)))
            clerk.set_state(visit_id, "cancelled", cancelled=visit_id)
        elif own and dice < 0.5:
            _service, person, _day, minute = wish
            clerk.move(clerk.random.choice(own), person, minute)
        elif booked := clerk.book([wish]):
            own.append(booked)


@workload
def rush_on_one_slot(clerk, rounds):
    """In each round everybody wants the very same time of the same person."""
    for number in range(rounds):
        day, minute = number // 60, 8 * 60 + 45 * (number // 5 % 12)
        clerk.wait_for_the_others()
        clerk.book([("cut", number % 5, day, minute)], round=number)


@workload
def wait_for_one_who_gives_up(clerk, rounds, branches):
    """The first has the time and lets it go again; all others stand behind him.

    In that moment each of them has a row that the others would have to wait for.
    """

    def operation(env):
        if clerk.number:
            time.sleep(0.5)
            return clerk.salon.book(env, [wish], branch=clerk.number % branches)
        clerk.salon.book(env, [wish])
        time.sleep(1.5)
        raise UserError("Not today.")

    for number in range(rounds):
        wish = ("cut", number % 5, number // 5, 12 * 60)
        clerk.wait_for_the_others()
        clerk.attempt(operation, round=number)


@workload
def book_visits_in_mixed_order(clerk, attempts, days):
    """Visits of four appointments with different people on different days."""
    clerk.wait_for_the_others()
    for _ in range(attempts):
        minute = 8 * 60 + 60 * clerk.random.randrange(11)
        clerk.book(
            [
                ("dry", person, clerk.random.randrange(days), minute)
                for person in clerk.random.sample(range(5), 4)
            ]
        )


@workload
def drag_the_same_block(clerk, parts):
    """In each round everybody sees the same block and drops it somewhere else."""

    def look(env, visit_id):
        row = env["salon.visit"].browse(visit_id).appointment_ids
        start = int(row.start.replace(tzinfo=timezone.utc).timestamp()) // 60
        return row.id, env["salon.board"]._versions(row)[str(row.id)], start

    for number, visit_id in enumerate(clerk.facts["visits"]):
        appointment, version, start = clerk.attempt(
            lambda env, visit_id=visit_id: look(env, visit_id), seen=number
        )
        # On a day of its own, so that rounds are not in each other's way.
        values = {"start": start + 24 * 60 * (30 + number) + 60 * clerk.number}
        if parts[clerk.number % len(parts)] == "staff":
            values = {"staff": clerk.salon.people[1 + clerk.number % 4]}
        clerk.wait_for_the_others()
        clerk.drag(appointment, version, values, round=number)
        clerk.wait_for_the_others()


@workload
def check_out_the_same_visit(clerk, amount):
    """In each round everybody presses "Check out" on the same visit."""
    for number, visit_id in enumerate(clerk.facts["visits"]):
        clerk.wait_for_the_others()
        clerk.check_out(visit_id, amount, round=number)


@workload
def check_out_different_visits(clerk, amount):
    """The end of a busy hour: everybody at a visit of their own, at the same time."""
    own = clerk.facts["visits"][clerk.number :: clerk.barrier.parties]
    for number, visit_id in enumerate(own):
        clerk.wait_for_the_others()
        clerk.check_out(visit_id, amount, round=number)


@workload
def leave_it_on_the_tab(clerk, rounds):
    """In each round everybody leaves a bill of the same payer open.

    In every second round the one half of them are visits of a child.
    """
    for number in range(rounds):
        client = 2 * number + (number % 2 and clerk.number % 2)
        wishes = [("cut", clerk.number, number, 10 * 60)]
        visit_id = clerk.attempt(
            lambda env, wishes=wishes, client=client: clerk.salon.book(
                env, wishes, client=client
            )
        )
        clerk.wait_for_the_others()
        clerk.attempt(
            lambda env, visit_id=visit_id: (
                env["salon.checkout"]
                ._checkout(env["salon.visit"].browse(visit_id))["invoice"]
                .id
            ),
            round=number,
        )


@workload
def take_the_first_money_onto_a_balance(clerk):
    """What keeps balances is made by whoever needs it first."""
    clerk.wait_for_the_others()
    for kind in ("balance", "barter"):
        clerk.attempt(
            lambda env, kind=kind: (
                getattr(env.company, f"_get_salon_{kind}_journal")().id
            ),
            kind=kind,
        )


@workload
def cancel_while_another_checks_out(clerk, amount):
    """Half of the clerks cancel what the other half check out."""
    for number, visit_id in enumerate(clerk.facts["visits"]):
        clerk.wait_for_the_others()
        if clerk.number % 2:
            clerk.set_state(visit_id, "cancelled", round=number)
        else:
            clerk.check_out(visit_id, amount, round=number)


@workload
def cancel_and_reopen_the_same_visit(clerk):
    """Everybody cancels the same visit at once, then everybody reopens it."""
    for number, visit_id in enumerate(clerk.facts["visits"]):
        for state in ("cancelled", "booked"):
            clerk.wait_for_the_others()
            clerk.set_state(visit_id, state, login="rush_manager", round=number)


@workload
def accept_what_is_offered(clerk, rounds, mode):
    """In each round a time is offered, and everybody accepts at once.

    In turn it is one offer, pressed by all; at once each has an offer of the own client
    for the same time.
    """
    for number in range(rounds):
        if clerk.number == 0:
            clerk.attempt(
                lambda env, number=number: clerk.salon.offer(
                    env, mode, number, 1 if mode == "in_turn" else clerk.barrier.parties
                ),
                prepared=number,
            )
        clerk.wait_for_the_others()
        clerk.attempt(
            lambda env, number=number: clerk.salon.accept(
                env, number, 0 if mode == "in_turn" else clerk.number
            ),
            round=number,
        )
        clerk.wait_for_the_others()


@workload
def join_the_same_class(clerk, attempts):
    """In each round everybody wants more places of one class than it has."""
    for number, event_id in enumerate(clerk.facts["classes"]):
        clerk.wait_for_the_others()
        for _ in range(attempts):
            clerk.join(event_id, round=number)


@workload
def join_and_leave_a_class(clerk, attempts):
    """Some join and leave again while one makes the class smaller, larger and later."""
    (event_id,) = clerk.facts["classes"]
    own = []
    clerk.wait_for_the_others()
    for number in range(attempts):
        if not clerk.number:
            clerk.change_class(event_id, number)
        elif own and clerk.random.random() < 0.4:
            clerk.set_state(own.pop(), "cancelled")
        elif joined := clerk.join(event_id):
            own.append(joined)


@workload
def use_the_last_credit(clerk, owned):
    """In each round everybody takes the same credit for a visit of their own."""
    for number, credit in enumerate(owned):
        clerk.wait_for_the_others()
        place = number * clerk.barrier.parties + clerk.number
        visit_id = clerk.facts["visits"][place]

        def operation(env, visit_id=visit_id, credit=credit):
            visit = env["salon.visit"].browse(visit_id)
            uses = {visit.appointment_ids.id: credit}
            env["salon.checkout"]._checkout(visit, options={"packages": uses})
            return True

        clerk.attempt(operation, round=number)


@workload
def handle_money(clerk, seed, batches, steps, accountants=0):
    """Everybody does what a till does, at random; the books are read in between.

    :param accountants: so many work on the host's screens, the others at the desk
    """
    from money import ACCOUNTING, DESK, Till, find_faults

    weights = ACCOUNTING if clerk.number < accountants else accountants and DESK
    till = Till(clerk.salon, random.Random(f"{seed}/{clerk.number}"), weights)
    for batch in range(batches):
        clerk.wait_for_the_others()
        for _ in range(steps):
            note = {}
            result = clerk.attempt(
                lambda env, note=note: till.step(env, note), note=note
            )
            till.remember(result is not None)
        clerk.wait_for_the_others()
        if not clerk.number:
            clerk.attempt(
                lambda env: find_faults(env(su=True)), batch=batch, looked=True
            )


@workload
def check_out_and_be_killed(clerk, points):
    """The process of each checkout is killed; the same is sent again by another one.

    :param points: after which query, counted from 1; negative from the end, 0 after
        the commit. The first checkout is not killed, it counts the queries.
    """
    from money import Doomed

    doomed = Doomed(clerk)
    total = doomed.count_queries()
    for point in points:
        query = point if point >= 0 else total + 1 + point
        if query <= total:
            died = {"outcome": "died", "seconds": 0, "tries": 1}
            clerk.attempts.append(died | doomed.check_out(query))


@workload
def queue_the_same(clerk):
    """Everybody tells of the same visits, in the same moment."""

    def operation(env):
        visits = env["salon.visit"].search(
            [("branch_id", "=", clerk.salon.branches[0])]
        )
        coming = visits.filtered(lambda visit: visit.state == "booked")
        return env["salon.messenger"]._queue("visit_booked", coming, "at once")

    clerk.wait_for_the_others()
    clerk.attempt(operation)


@workload
def send_messages(clerk, world):
    """Everybody sends what is due."""
    import postmen

    def operation(env):
        env = env(su=True)
        postmen.speak_to(env, world)
        env["salon.message.sender"]._run()

    clerk.wait_for_the_others()
    clerk.attempt(operation)


def _work(number, task, facts, barrier, queue):
    try:
        clerk = Clerk(number, task["database"], facts, barrier)
        WORKLOADS[task["workload"]](clerk, **task["parameters"])
        queue.put(clerk.attempts)
    except BaseException:
        barrier.abort()
        queue.put(traceback.format_exc())


def _prepare(task):
    """What is there before the clerks start: visits of one haircut each, classes."""
    from salon_setup import Salon

    visits = []
    with Registry(task["database"]).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        salon = Salon(env)
        for number in range(task["visits"]):
            day, minute = number // 10, 8 * 60 + 60 * (number % 10)
            visits.append(salon.book(env, [("cut", 0, day, minute)], client=number))
        classes = salon.plan_classes(env, task["classes"])
    return {"visits": visits, "classes": classes}


def _without_lock(database, which):
    claim = Registry(database)["salon.claim"]
    if which == "shared":
        # Only that which those who work in several branches need.
        claim._utc_days = lambda self, moments: frozenset()
    else:
        claim._lock_days = lambda self, days: None


def main():
    task = json.load(sys.stdin)
    config.parse_config(["-c", task["config"], "-d", task["database"]])
    # What goes wrong is told by the clerks.
    logging.getLogger("odoo").setLevel(logging.CRITICAL)
    facts = _prepare(task)
    if task["without_lock"]:
        _without_lock(task["database"], task["without_lock"])
    # The clerks inherit the loaded registry, but no connection.
    sql_db.close_all()
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(task["clerks"])
    queue = context.Queue()
    arguments = (task, facts, barrier, queue)
    clerks = [
        context.Process(target=_work, args=(number, *arguments))
        for number in range(task["clerks"])
    ]
    start = time.monotonic()
    for clerk in clerks:
        clerk.start()
    reports = [queue.get() for _ in clerks]
    for clerk in clerks:
        clerk.join()
    seconds = time.monotonic() - start
    if broken := [report for report in reports if isinstance(report, str)]:
        sys.exit("\n".join(broken))
    result = {"attempts": sum(reports, []), "seconds": seconds, **facts}
    with open(task["answer"], "w") as answer:
        json.dump(result, answer)


if __name__ == "__main__":
    main()

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_time, groupby

from ..engine import clock, queue, states
from ..engine.windows import ONE_DAY
from ..engine.wishes import ANY_ORDER, GIVEN, ServiceWish, VisitWish

#: Beside right now, so many minutes apart are the times that are promised.
STEP = 5
#: So many starts are tried for each guest where it is not sure that they can be had.
MOST_STARTS = 60


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody in the queue: how many came with him, how many have been taken."""

    key: object
    wish: VisitWish
    size: int
    seated: int


@dataclass(frozen=True, slots=True)
class Expectation:
    """When a guest will be taken (UTC minute) and by whom (employee ids)."""

    start: int
    staff: tuple[int, ...]


class Ways(NamedTuple):
    """How a wish can be served: as ``queue.Guest`` takes it, and the offer of each."""

    told: object
    offers: dict


class SalonWalkInQueue(models.AbstractModel):
    """Who takes which walk-in next, and when: free times from the search, shared out
    by ``engine.queue``.

    Places count as they are booked now, not as those before in the queue will need
    them: where chairs are fewer than people, a time may be a little too early.
    """

    _name = "salon.walk.in.queue"
    _description = "Queue of Walk-ins"

    @api.model
    def _tell(self, branches):
        """Let those who look at the queue of these branches ask for it again."""
        self.env["salon.board"]._tell_drawer(branches)

    # What can be expected

    @api.model
    def _expected(self, line):
        """When each guest of those who wait will be taken.

        :param line: all ``Waiting`` of some branches, in the order of the queue
        :return: ``{key: [Expectation, …]}``, one for each guest not yet taken
        """
        expected = {}
        for branch_id, members in groupby(line, key=lambda each: each.wish.branch):
            branch = self.env["salon.branch"].browse(branch_id)
            expected |= self._plan(branch, members)
        return expected

    @api.model
    def _expected_of(self, walk_ins):
        """The same of walk-ins as they are in the form, among all who wait."""
        asked = walk_ins.filtered(
            lambda each: each.state == "waiting" and each.branch_id and each.product_ids
        )
        if not asked:
            return {}
        edited = {each._origin.id or each.id: self._waiting_of(each) for each in asked}
        line = [
            edited.pop(each.key, each)
            for each in self._waiting(asked.branch_id._origin.ids)
        ]
        return self._expected([*line, *edited.values()])

    @api.model
    def _waiting_of(self, walk_in, has_client=True):
        return self._waits(
            walk_in.id,
            walk_in.branch_id._origin.id,
            walk_in.product_ids._origin.ids,
            walk_in.staff_id._origin.id,
            has_client and walk_in.client_id._origin.id,
            walk_in.party_size,
            walk_in.seated,
        )

    @api.model
    def _waiting(self, branch_ids):
        """Who waits in these branches, in order."""
        walk_ins = self.env["salon.walk.in"]
        walk_ins.flush_model()
        query = walk_ins._search(
            [("branch_id", "in", list(branch_ids)), ("state", "=", "waiting")],
            order=walk_ins._order,
        )
        rows = self.env.execute_query(query.select(*self._asked(query.table).values()))
        return [self._waits(*row) for row in rows]

    @api.model
    def _asked(self, alias):
        """The arguments of ``_waits`` as columns of a query."""
        field = self.env["salon.walk.in"]._fields["product_ids"]
        products = SQL(
            """ARRAY(SELECT product.id
                       FROM %(relation)s chosen
                       JOIN product_product product ON product.id = chosen.%(product)s
                      WHERE chosen.%(row)s = %(id)s AND product.active)""",
            relation=SQL.identifier(field.relation),
            product=SQL.identifier(field.column2),
            row=SQL.identifier(field.column1),
            id=SQL.identifier(alias, "id"),
        )
        names = "id branch_id product_ids staff_id client_id party_size seated"
        return {
            name: products if name == "product_ids" else SQL.identifier(alias, name)
            for name in names.split()
        }

    @api.model
    def _waits(self, key, branch, products, staff, client, size, seated):
        staff = (staff,) if staff else None
        return Waiting(
            key,
            VisitWish(
                branch,
                tuple(
                    ServiceWish(product, staff, is_requested=bool(staff))
                    for product in sorted(products)
                ),
                client=client or None,
                order=ANY_ORDER if len(products) > 1 else GIVEN,
                is_any_minute=True,
            ),
            max(size or 1, 1),
            seated or 0,
        )

    @api.model
    def _plan(self, branch, line):
        """The queue of one branch."""
        now = clock.to_minutes_ceil(fields.Datetime.now())
        known, loads = self._ways(branch, dict.fromkeys(one.wish for one in line), now)
        guests = [
            queue.Guest((one.key, number), known[one.wish].told)
            for one in line
            if one.wish in known
            for number in range(one.seated, one.size)
        ]
        expected = {}
        for (key, _number), way in queue.assign(guests, loads).items():
            if way:
                staff = tuple(dict.fromkeys(turn.staff for turn in way))
                expected.setdefault(key, []).append(
                    Expectation(queue.begin(way), staff)
                )
        return expected

    @api.model
    def _ways(self, branch, wishes, now):
        """Everything that can be had today from now on, in one search for all.

        :return: ``{wish: Ways}``, and what everybody has to do
        """
        today = clock.local(now, branch.tz).date()
        wishes = [wish for wish in wishes if wish.services]
        searches = self.env["salon.search"]._prepare_all(
            [(wish, None) for wish in wishes], today, today + ONE_DAY
        )
        live = {
            wish: search
            for wish, search in zip(wishes, searches, strict=True)
            if search
        }
        people = {staff for search in live.values() for staff in search.ground.people}
        return (
            {wish: self._ways_of(search, now) for wish, search in live.items()},
            self._loads(branch, people, now) if people else {},
        )

    @api.model
    def _ways_of(self, search, now):
        """The soonest that is left by those before, with whoever's turn it is."""
        availability, planner = self.env["salon.availability"], search.planner
        horizon, ends = search.horizon, self._ends_of_day(search)
        self.env["salon.ranking"]._open(search)
        suits = search.within & horizon.free(
            (start, start + horizon.cell)
            for start in range(now, max(ends.values(), default=now))
            if start == now or not start % STEP
        )
        # Who works past midnight begins later than the others.
        for step in search.steps:
            for option in step.options:
                key = step.product, option.staff
                before = horizon.free([(now, ends[option.staff])])
                planner.openings[key] = planner.openings.get(key, -1) & before
        # With one look at all, no guest is looked for where nothing can be had.
        search = replace(search, within=suits)
        if not availability._candidates(search):
            return Ways((), {})
        offers = {}

        def told(promised):
            left = replace(
                search,
                planner=planner.without(
                    {
                        staff: horizon.taken((turn.start, turn.stop) for turn in turns)
                        for staff, turns in promised.turns.items()
                    },
                    lambda staff, _start: promised.fairness_of(staff),
                ),
            )
            for start in availability._candidates(left)[:MOST_STARTS]:
                placed = availability._plan(left, start)
                if not placed:
                    continue
                way = tuple(
                    self._turn(one.option, one.start)
                    for one in sorted(placed, key=lambda one: one.start)
                )
                if all(turn.start < ends[turn.staff] for turn in way):
                    offers[way] = availability._offer(left, placed)
                    yield way
                    return

        return Ways(told, offers)

    @api.model
    def _turn(self, option, start):
        """Whoever tidies up longer than the service lasts is taken until then."""
        print_ = option.footprint
        stop = start + max(print_.length, print_.staff_stop)
        return queue.Turn(option.staff, start, stop)

    @api.model
    def _ends_of_day(self, search):
        """Until when each person begins something today, in UTC minutes.

        Who works past midnight is there until the end of that shift.
        """
        midnight, cell = search.days[1], search.horizon.cell
        before = (midnight - search.horizon.origin) // cell - 1
        ends = {}
        for staff, mask in search.open.items():
            rest = mask >> before
            # How many cells in a row are open, from the last one before midnight on.
            run = (rest ^ (rest + 1)).bit_length() - 1
            ends[staff] = midnight + max(run - 1, 0) * cell
        return ends

    @api.model
    def _loads(self, branch, staff, now):
        """What everybody has to do today, and when she last took somebody."""
        first, last = clock.day_bounds(clock.local(now, branch.tz).date(), branch.tz)
        until = clock.to_utc(now)
        domain = [
            ("staff_id", "in", list(staff)),
            ("state", "in", tuple(states.OCCUPYING)),
            ("start", ">=", clock.to_utc(first)),
            ("start", "<", clock.to_utc(last)),
        ]
        # sudo: salon.appointment - how busy a colleague is, in other branches, too
        appointments = self.env["salon.appointment"].sudo()
        minutes, last_begun = defaultdict(int), defaultdict(int)
        # A class lasts once, however many take part.
        for person, event, total, longest, starts in appointments._read_group(
            domain,
            ["staff_id", "group_event_id"],
            ["duration_minutes:sum", "duration_minutes:max", "start:array_agg"],
        ):
            minutes[person.id] += longest if event else total
            begun = (clock.to_minutes(start) for start in starts if start <= until)
            last_begun[person.id] = max(last_begun[person.id], *begun, 0)
        return {
            person: queue.Load(count, last_begun[person])
            for person, count in minutes.items()
        }

    @api.model
    def _names(self, staff):
        # sudo: hr.employee - the names of colleagues
        people = self.env["hr.employee"].sudo().browse(staff)
        people.fetch(["name"])
        return {person.id: person.name for person in people}

    @api.model
    def _label(self, moment, branch):
        if not moment:
            return False
        return format_time(self.env, moment, tz=branch.tz, time_format="short")

    # What is done

    @api.model
    def _start(self, walk_in):
        """Book what is free now for the next guest of a walk-in and begin it.

        Of those who can begin now the least busy takes him. Whoever writes the row of
        the walk-in first has the guest: the other clerk's transaction is repeated by
        the host and finds him taken.

        :raises UserError: nobody is free, with the reason and when somebody will be
        """
        walk_in.check_access("write")
        walk_in._check_waiting()
        guest = walk_in.seated + 1
        if self.env.context.get("salon_walk_in_guest", guest) != guest:
            raise UserError(
                self.env._(
                    "This guest of %(name)s has just been taken by a colleague.",
                    name=walk_in.display_name,
                )
            )
        expected = walk_in.expected_at
        self._take(walk_in, guest)
        wish = self._waiting_of(walk_in, has_client=guest == 1).wish
        now = clock.to_minutes_ceil(fields.Datetime.now())
        offer = self._offer_now(walk_in.branch_id, wish, now)
        if not offer:
            raise UserError(self._why_not(walk_in, wish, now, expected))
        visit = self.env["salon.booking"]._book_offer(
            replace(wish, is_any_minute=False),
            offer,
            source="walk_in",
            note=self._note(walk_in),
        )
        # sudo: salon.visit - where it comes from is kept by the system
        visit.sudo().write({"walk_in_id": walk_in.id, "walk_in_guest": guest})
        self._begin(walk_in, visit)
        return self._told(walk_in, visit)

    @api.model
    def _take(self, walk_in, guest):
        values = {"seated": guest}
        if guest >= walk_in.party_size:
            values |= {"state": "started", "ended_at": fields.Datetime.now()}
        # sudo: salon.walk.in - the way of a guest is kept by the system
        walk_in.sudo().write(values)
        walk_in.flush_recordset()

    @api.model
    def _offer_now(self, branch, wish, now):
        known, loads = self._ways(branch, [wish], now)
        if wish not in known:
            return None
        ways = known[wish]
        way = queue.assign([queue.Guest("now", ways.told)], loads)["now"]
        return ways.offers[way] if way and queue.begin(way) == now else None

    @api.model
    def _why_not(self, walk_in, wish, now, expected):
        refusals = self.env["salon.availability"]._explain(wish, now)
        texts = [
            self.env._("Nobody can take %(name)s now.", name=walk_in.display_name),
            *self.env["salon.refusal"]._texts(refusals, walk_in.branch_id),
        ]
        if expected:
            texts.append(
                self.env._(
                    "Expected at %(time)s.",
                    time=self._label(expected, walk_in.branch_id),
                )
            )
        return " ".join(texts)

    @api.model
    def _note(self, walk_in):
        """Whoever left no more than a first name is called by it."""
        name = False if walk_in.client_id else walk_in.name
        return ": ".join(filter(None, (name, walk_in.note))) or False

    @api.model
    def _begin(self, walk_in, visit):
        """He has been here for a while; the first service begins now."""
        appointments = visit.appointment_ids.sorted("start")
        appointments._set_state("arrived")
        # sudo: salon.appointment - the stamps are kept by the system
        appointments.sudo().write({"arrived_at": walk_in.arrived_at})
        appointments[:1]._set_state("in_service")

    @api.model
    def _told(self, walk_in, visit):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(staff)s takes %(name)s.",
                    staff=visit.staff_names,
                    name=walk_in.display_name,
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

from dataclasses import dataclass, replace

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_time

from ..engine import clock, queue, states
from ..engine.windows import ONE_DAY
from ..engine.wishes import ANY_ORDER, GIVEN, Offer, Part, ServiceWish, VisitWish
from .salon_board_live import MESSAGE, SUBCHANNEL

#: Beside right now, so many minutes apart are the times that are promised.
STEP = 5
#: Visits of several services are planned one by one: so many starts are tried.
MOST_STARTS = 60


@dataclass(frozen=True, slots=True)
class Expectation:
    """When a guest will be taken (UTC minute) and by whom."""

    start: int
    names: str
    offer: Offer


class SalonWalkInQueue(models.AbstractModel):
    """Who takes which walk-in next, and when: free times from the search, shared out
    by ``engine.queue``.

    Places count as they are booked now, not as those before in the queue will need
    them: where chairs are fewer than people, a time may be a little too early.
    """

    _name = "salon.walk.in.queue"
    _description = "Queue of Walk-ins"

    # rpc: reads with the rights of the user, who must be one of the desk
    @api.model
    def waiting(self, branch_ids):
        """Who waits in these branches, in order, for the drawer of the board."""
        walk_ins = self.env["salon.walk.in"].search(
            [("branch_id", "in", branch_ids), ("state", "=", "waiting")]
        )

        def minute(moment):
            return clock.to_minutes(moment) if moment else False

        return [
            {
                "id": walk_in.id,
                "branch": walk_in.branch_id.id,
                "name": walk_in.display_name,
                "client": walk_in.client_id.id,
                "services": ", ".join(walk_in.product_ids.mapped("name")),
                "staff": walk_in.staff_id.name or "",
                "size": walk_in.party_size,
                "seated": walk_in.seated,
                "arrived": minute(walk_in.arrived_at),
                "waited": walk_in.wait_minutes,
                "level": "long" if walk_in.is_long_wait else "ok",
                "promised": minute(walk_in.promised_at),
                "expected": minute(walk_in.expected_at),
                "with": walk_in.expected_staff or "",
                "can_start": walk_in.can_start,
            }
            for walk_in in walk_ins
        ]

    @api.model
    def _tell(self, branches):
        """Let those who look at the queue of these branches ask for it again."""
        clients = self.env["salon.clients"]
        for branch in branches:
            today = fields.Date.to_string(clients._today(branch))
            self.env["bus.bus"]._sendone(
                (branch, SUBCHANNEL),
                MESSAGE,
                {"branch": branch.id, "days": [today], "visits": []},
            )

    # What can be expected

    @api.model
    def _plan_of(self, walk_ins):
        """When each guest of these walk-ins will be taken, by all who wait with them.

        :return: ``{id: [Expectation, …]}``, one for each guest not yet taken
        """
        expected = {}
        for branch in walk_ins.branch_id._origin:
            asked = walk_ins.filtered(
                lambda each, branch=branch: (
                    each.branch_id._origin == branch
                    and each.state == "waiting"
                    and each.product_ids
                )
            )
            if asked:
                expected |= self._plan(branch, asked)
        return expected

    @api.model
    def _plan(self, branch, asked):
        """The queue of a branch with those asked for as they are in the form."""
        now = clock.to_minutes_ceil(fields.Datetime.now())
        waiting = self.env["salon.walk.in"].search(
            [("branch_id", "=", branch.id), ("state", "=", "waiting")]
        )
        edited = {each._origin.id: each for each in asked if each._origin}
        line = [edited.get(each.id, each) for each in waiting]
        line += [each for each in asked if each._origin not in waiting]
        known, offers, guests = {}, {}, []
        for walk_in in line:
            wish = self._wish(walk_in)
            if wish not in known:
                known[wish] = self._ways(branch, wish, now)
            for number in range(walk_in.seated, max(walk_in.party_size, 1)):
                key = walk_in.id, number
                offers[key] = known[wish]
                guests.append(queue.Guest(key, list(known[wish])))
        staff = {turn.staff for ways in known.values() for way in ways for turn in way}
        chosen = queue.assign(guests, self._loads(branch, staff, now))
        names = self._names(staff)
        expected = {}
        for (walk_in_id, number), way in chosen.items():
            if way:
                expected.setdefault(walk_in_id, []).append(
                    Expectation(
                        queue.begin(way),
                        ", ".join(dict.fromkeys(names[turn.staff] for turn in way)),
                        offers[walk_in_id, number][way],
                    )
                )
        return expected

    @api.model
    def _wish(self, walk_in, has_client=True):
        staff = tuple(walk_in.staff_id._origin.ids) or None
        products = walk_in.product_ids._origin
        client = walk_in.client_id._origin.id if has_client else None
        return VisitWish(
            walk_in.branch_id._origin.id,
            tuple(
                ServiceWish(product.id, staff, is_requested=bool(staff))
                for product in products
            ),
            client=client or None,
            order=ANY_ORDER if len(products) > 1 else GIVEN,
            is_any_minute=True,
        )

    @api.model
    def _ways(self, branch, wish, now):
        """Everything that can be had today from now on: ``{engine Way: Offer}``."""
        today = clock.local(now, branch.tz).date()
        search = self.env["salon.search"]._prepare(wish, today, today + ONE_DAY)
        if search is None:
            return {}
        ends = self._ends_of_day(search)

        def suits(start):
            return start == now or start > now and not start % STEP

        if len(search.steps) > 1:
            ways = self._ways_of_visit(
                search,
                lambda start: suits(start) and start < max(ends.values(), default=0),
            )
            return {
                way: offer
                for way, offer in ways.items()
                if all(turn.start < ends[turn.staff] for turn in way)
            }
        ways = {}
        (step,) = search.steps
        prints = {option.staff: option.footprint for option in step.options}
        found = self.env["salon.availability"]._free_starts(search)
        for staff, starts in found.items():
            length, busy = prints[staff].length, prints[staff].staff_stop
            for start in filter(suits, starts):
                if start >= ends[staff]:
                    break
                part = Part(step.product, staff, start, start + length)
                turn = queue.Turn(staff, start, start + max(length, busy))
                ways[turn,] = Offer(start, part.stop, (part,))
        return ways

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
    def _ways_of_visit(self, search, suits):
        """Visits of several services, each with the best people for its start."""
        availability = self.env["salon.availability"]
        self.env["salon.ranking"]._prefer(search)
        starts = list(filter(suits, availability._starts(search)))
        ways = {}
        for start in starts[:MOST_STARTS]:
            placed = availability._plan(search, start)
            if placed:
                offer = availability._offer(search, placed)
                turns = tuple(
                    queue.Turn(part.staff, part.start, part.stop)
                    for part in offer.parts
                )
                ways[turns] = offer
        return ways

    @api.model
    def _loads(self, branch, staff, now):
        """What everybody has to do today, and when she last took somebody."""
        first, last = clock.day_bounds(clock.local(now, branch.tz).date(), branch.tz)
        domain = [
            ("staff_id", "in", list(staff)),
            ("state", "in", tuple(states.OCCUPYING)),
            ("start", ">=", clock.to_utc(first)),
            ("start", "<", clock.to_utc(last)),
        ]
        # sudo: salon.appointment - how busy a colleague is, in other branches, too
        appointments = self.env["salon.appointment"].sudo()
        minutes = dict(
            appointments._read_group(domain, ["staff_id"], ["duration_minutes:sum"])
        )
        begun = dict(
            appointments._read_group(
                [*domain, ("start", "<=", clock.to_utc(now))],
                ["staff_id"],
                ["start:max"],
            )
        )
        return {
            person.id: queue.Load(
                count, clock.to_minutes(begun[person]) if person in begun else 0
            )
            for person, count in minutes.items()
        }

    @api.model
    def _names(self, staff):
        # sudo: hr.employee - the names of colleagues
        people = self.env["hr.employee"].sudo().browse(staff)
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
        wish = self._wish(walk_in, has_client=guest == 1)
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
        ways = {
            way: offer
            for way, offer in self._ways(branch, wish, now).items()
            if queue.begin(way) == now
        }
        staff = {turn.staff for way in ways for turn in way}
        guest = queue.Guest("now", list(ways))
        way = queue.assign([guest], self._loads(branch, staff, now))["now"]
        return ways[way] if way else None

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

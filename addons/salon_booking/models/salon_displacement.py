import contextlib
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_date, format_time

from ..engine import clock, states
from ..engine.displaced import Taken, outside
from ..engine.intervals import merge
from ..engine.nearest import choose
from ..exceptions import SlotTaken

#: Rows that are still somebody's business or decision; one per appointment.
LIVE = ("open", "kept")
#: How many times are proposed, and within how many days of the old one.
PROPOSALS, PROPOSAL_DAYS = 3, 14
#: What it costs a client, in minutes of distance, to be served by somebody else: much
#: where the person was asked for by name.
OTHER_PERSON, OTHER_THAN_ASKED = 4 * 60, 7 * 24 * 60
#: Appointments looked at before the nightly check commits.
BATCH = 500


class SalonDisplacement(models.Model):
    """A booking whose person or place is not there any more at that time.

    Rows come from whatever closes time (leave, shift, opening hours, an archived
    person) and from the nightly check, which compares all that is booked with all that
    is open. They close by themselves when the booking or the closing goes away.
    """

    _name = "salon.displacement"
    _description = "Affected Booking"
    _inherit = ["salon.guarded.mixin"]
    _order = "start, id"
    _rec_name = "visit_id"
    _guarded_fields = frozenset(
        {
            "appointment_id",
            "staff_id",
            "start",
            "reason",
            "origin",
            "found_at",
            "state",
            "closed_at",
            "closed_user_id",
            "keep_reason",
        }
    )

    appointment_id = fields.Many2one(
        "salon.appointment", required=True, index=True, ondelete="cascade"
    )
    visit_id = fields.Many2one(
        related="appointment_id.visit_id", store=True, index=True
    )
    branch_id = fields.Many2one(
        related="appointment_id.branch_id", store=True, index=True
    )
    company_id = fields.Many2one(related="appointment_id.company_id", store=True)
    client_id = fields.Many2one(
        related="appointment_id.client_id", store=True, index=True
    )
    client_phone = fields.Char(
        related="client_id.phone", groups="salon_booking.group_salon_receptionist"
    )
    product_id = fields.Many2one(related="appointment_id.product_id", store=True)
    staff_id = fields.Many2one(
        "hr.employee", "With", index=True, help="Who was to do it."
    )
    start = fields.Datetime("Booked For", required=True)
    moment = fields.Char(
        "Booked for",
        compute="_compute_moment",
        help="Day and time on the clock of the branch.",
    )
    is_lead = fields.Boolean(
        "First of the Visit",
        compute="_compute_of_visit",
        search="_search_is_lead",
        help="Services of one visit are settled together; the first stands for all.",
    )
    service_names = fields.Char("Services", compute="_compute_of_visit")
    reasons = fields.Char(compute="_compute_of_visit")
    reason = fields.Char(required=True)
    origin = fields.Selection(
        [("hours", "Not open or working"), ("right", "May not do it any more")],
        default="hours",
        required=True,
    )
    found_at = fields.Datetime(
        "Found", required=True, default=fields.Datetime.now, index=True
    )
    state = fields.Selection(
        [
            ("open", "To be moved"),
            ("moved", "Moved"),
            ("kept", "Kept"),
            ("cancelled", "Cancelled"),
            ("gone", "Not affected any more"),
        ],
        default="open",
        required=True,
        index=True,
    )
    keep_reason = fields.Char(help="Why it stays although nobody is there by plan.")
    closed_at = fields.Datetime("Settled")
    closed_user_id = fields.Many2one("res.users", "Settled by")
    notify_client = fields.Boolean(
        "Tell the client",
        default=True,
        help="Send the client an e-mail, in the client's own language, when the visit "
        "is moved or cancelled here.",
    )
    proposals = fields.Json(
        compute="_compute_proposals",
        help="The next times that can be had, as the widget shows them.",
    )

    _appointment_live_unique = models.UniqueIndex(
        "(appointment_id) WHERE state IN ('open', 'kept')",
        "This booking is already in the list.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        self.env["salon.board"]._tell_drawer(rows.branch_id)
        return rows

    def write(self, vals):
        result = super().write(vals)
        self.env["salon.board"]._tell_drawer(self.branch_id)
        return result

    @api.depends("start", "branch_id.tz")
    @api.depends_context("lang")
    def _compute_moment(self):
        for row in self:
            row.moment = row.start and row.visit_id._get_moment_label(
                row.start, row.branch_id.tz
            )

    @api.depends("state", "visit_id", "product_id", "reason")
    def _compute_of_visit(self):
        waiting = self.filtered(lambda row: row.state == "open")
        by_visit = waiting._origin._get_of_visits().grouped("visit_id")
        for row in self:
            same = by_visit.get(row.visit_id._origin) if row in waiting else row
            same = same or row
            row.is_lead = row._origin == same[0]._origin
            row.service_names = ", ".join(
                dict.fromkeys(filter(None, same.product_id.mapped("name")))
            )
            row.reasons = "; ".join(
                dict.fromkeys(one.reason for one in same if one.reason)
            )

    @api.model
    def _search_is_lead(self, operator, value):
        if operator != "in":
            return NotImplemented
        later = SQL(
            """(SELECT row.id FROM salon_displacement row
                  JOIN salon_displacement earlier
                    ON earlier.visit_id = row.visit_id AND earlier.state = 'open'
                   AND (earlier.start, earlier.id) < (row.start, row.id)
                 WHERE row.state = 'open')"""
        )
        self.flush_model(["visit_id", "start", "state"])
        is_later = fields.Domain("id", "in", later)
        return fields.Domain.OR(~is_later if wanted else is_later for wanted in value)

    def _get_of_visits(self):
        """These, and whatever else is open of the same visits: one decision for all."""
        return self.search(
            [("visit_id", "in", self.visit_id.ids), ("state", "=", "open")]
        )

    @api.depends("visit_id", "product_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = " · ".join(
                filter(None, (row.visit_id.display_name, row.product_id.name))
            )

    # --- finding ---

    @api.model
    def _detect(self, cuts, cause, branch=None):
        """List the bookings that lie in time which is closed now.

        Who takes part in a class is served by whom and where the class takes.
        Three queries, whatever the number of bookings.

        :param cuts: ``{resource id: [(start, stop)]}`` in UTC minutes
        :param cause: what closed it, as text; may be empty
        :param branch: only bookings of this salon.branch
        :return: salon.displacement, the new rows in sudo
        """
        stretches = [
            (resource, clock.to_utc(start), clock.to_utc(stop))
            for resource, intervals in cuts.items()
            for start, stop in merge(intervals)
        ]
        if not stretches:
            return self.browse()
        self.env["salon.occupancy"].flush_model()
        self.env["salon.appointment"].flush_model(["group_event_id", "state"])
        resources, starts, stops = zip(*stretches, strict=True)
        self.env.cr.execute(
            """SELECT DISTINCT ON (booked) booked, resource_id
                 FROM (SELECT COALESCE(taken.appointment_id, member.id) AS booked,
                              taken.resource_id, taken.start
                         FROM unnest(%s::int[], %s::timestamp[], %s::timestamp[])
                              AS cut (resource_id, start, stop)
                         JOIN salon_occupancy taken
                           ON taken.resource_id = cut.resource_id
                          AND taken.start < cut.stop AND taken.stop > cut.start
                    LEFT JOIN salon_appointment member
                           ON member.group_event_id = taken.group_event_id
                        WHERE taken.stop > %s
                          AND (%s IS NULL OR taken.branch_id = %s)) AS hit
                WHERE booked IS NOT NULL
             ORDER BY booked, start""",
            [
                list(resources),
                list(starts),
                list(stops),
                fields.Datetime.now(),
                branch and branch.id,
                branch and branch.id,
            ],
        )
        hit = dict(self.env.cr.fetchall())
        names = self._resource_names(set(hit.values()))
        return self._record(
            {
                appointment_id: (
                    "hours",
                    self.env._(
                        "%(who)s: %(cause)s", who=names[resource_id], cause=cause
                    )
                    if cause and cause != names[resource_id]
                    else self.env._("%(who)s is not there.", who=names[resource_id]),
                )
                for appointment_id, resource_id in hit.items()
            }
        )

    @api.model
    def _record(self, hits):
        """Add a row for each booking that has no live one yet, in one statement.

        :param hits: ``{appointment id: (origin, reason)}``
        :return: the new rows in sudo
        """
        # sudo: salon.displacement - kept by the system, whoever closed the time
        rows = self.sudo()
        if not hits:
            return rows
        self.env["salon.appointment"].flush_model()
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """INSERT INTO salon_displacement
                          (appointment_id, visit_id, branch_id, company_id, client_id,
                           product_id, staff_id, start, reason, origin, found_at, state,
                           notify_client, create_uid, create_date, write_uid,
                           write_date)
                   SELECT booked.id, booked.visit_id, booked.branch_id,
                          booked.company_id, booked.client_id, booked.product_id,
                          booked.staff_id, booked.start, hit.reason, hit.origin,
                          %(now)s, 'open', TRUE, %(user)s, %(now)s, %(user)s, %(now)s
                     FROM (VALUES %(hits)s) AS hit (id, origin, reason)
                     JOIN salon_appointment booked ON booked.id = hit.id
                    WHERE booked.state IN ('booked', 'confirmed')
                      AND booked.start > %(now)s
                    ORDER BY booked.id
                   ON CONFLICT (appointment_id) WHERE state IN ('open', 'kept')
                   DO NOTHING
                   RETURNING id""",
                now=fields.Datetime.now(),
                user=self.env.uid,
                hits=SQL(", ").join(
                    SQL("%s", (id_, *hit)) for id_, hit in sorted(hits.items())
                ),
            )
        )
        return rows.browse(id_ for (id_,) in self.env.cr.fetchall())

    @api.model
    def _find_affected(self, appointments):
        """Why bookings cannot stand as they are: ``{id: (origin, reason)}``."""
        # sudo: salon.appointment - whoever closes time need not see what is booked
        appointments = appointments.sudo()
        return {
            **{
                id_: ("right", why)
                for id_, why in self._find_unlicensed(appointments).items()
            },
            **{
                id_: ("hours", why)
                for id_, why in self._find_outside(appointments).items()
            },
            **{
                id_: ("hours", why)
                for id_, why in self._find_unplaced(appointments).items()
            },
        }

    @api.model
    def _find_unlicensed(self, appointments):
        """Bookings with somebody who may not do it then: ``{id: reason}``."""
        staffed = appointments.filtered("staff_id")
        if not staffed:
            return {}
        days = {
            appointment: clock.local(
                clock.to_minutes(appointment.start), appointment.branch_id.tz
            ).date()
            for appointment in staffed
        }
        blocked = self.env["salon.licence"]._blocked(
            staffed.staff_id,
            staffed.product_id.product_tmpl_id,
            min(days.values()),
            max(days.values()),
        )
        return {
            appointment.id: self.env._(
                "%(who)s may not do “%(service)s” then: a licence is missing or has "
                "expired.",
                who=appointment.staff_id.name,
                service=appointment.product_id.name,
            )
            for appointment, day in days.items()
            if any(
                first <= day <= last
                for first, last in blocked.get(
                    (
                        appointment.staff_id.id,
                        appointment.product_id.product_tmpl_id.id,
                    ),
                    (),
                )
            )
        }

    @api.model
    def _find_outside(self, appointments):
        """Bookings that do not lie in open time: ``{appointment id: reason}``.

        A fixed number of queries per branch.
        """
        hits = {}
        for branch, members in appointments.grouped("branch_id").items():
            taken = self._taken(members)
            if not taken:
                continue
            windows = self._windows(
                branch,
                {each.resource for each in taken},
                min(each.start for each in taken),
                max(each.stop for each in taken),
            )
            found = outside(taken, windows)
            names = self._resource_names({each.resource for each in found.values()})
            hits.update(
                {
                    id_: self.env._(
                        "%(who)s is not there from %(start)s to %(stop)s.",
                        who=names[each.resource],
                        start=self._get_time_label(each.start, branch.tz),
                        stop=self._get_time_label(each.stop, branch.tz),
                    )
                    for id_, each in found.items()
                }
            )
        return hits

    @api.model
    def _find_unplaced(self, appointments):
        """Bookings on a unit that their place does not have: ``{id: reason}``."""
        self.env["salon.facility"].flush_model(["capacity"])
        self.env["salon.occupancy"].flush_model()
        self.env.cr.execute(
            """SELECT DISTINCT ON (taken.appointment_id)
                      taken.appointment_id, place.name, place.capacity
                 FROM salon_occupancy taken
                 JOIN salon_facility place ON place.resource_id = taken.resource_id
                WHERE taken.appointment_id = ANY(%s) AND taken.unit > place.capacity
             ORDER BY taken.appointment_id, taken.start""",
            [appointments.ids],
        )
        return {
            id_: self.env._(
                "%(place)s serves fewer clients at once now (%(capacity)s).",
                place=name,
                capacity=capacity,
            )
            for id_, name, capacity in self.env.cr.fetchall()
        }

    @api.model
    def _get_time_label(self, minutes, zone):
        wall = clock.local(minutes, zone).time()
        return format_time(self.env, wall, time_format="short")

    @api.model
    def _taken(self, appointments):
        self.env["salon.occupancy"].flush_model()
        self.env["salon.appointment"].flush_model(["group_event_id"])
        self.env.cr.execute(
            """SELECT appointment_id, resource_id, start, stop
                 FROM salon_occupancy WHERE appointment_id = ANY(%(ids)s)
                UNION ALL
               SELECT member.id, taken.resource_id, taken.start, taken.stop
                 FROM salon_appointment member
                 JOIN salon_occupancy taken
                   ON taken.group_event_id = member.group_event_id
                WHERE member.id = ANY(%(ids)s)""",
            {"ids": appointments.ids},
        )
        return [
            Taken(id_, resource, clock.to_minutes(start), clock.to_minutes_ceil(stop))
            for id_, resource, start, stop in self.env.cr.fetchall()
        ]

    @api.model
    def _windows(self, branch, resource_ids, first, last):
        """When these people and places are there: ``{resource id: intervals}``."""
        return self.env["salon.availability"]._windows(
            branch.id, list(resource_ids), first, last
        )

    @api.model
    def _resource_names(self, resource_ids):
        # sudo: resource.resource - clerks see no resources, only their names
        resources = self.env["resource.resource"].sudo().browse(resource_ids)
        return {resource.id: resource.name for resource in resources}

    @api.model
    def _check_all(self):
        """Compare everything booked from now on with what is open (nightly)."""
        cron = self.env["ir.cron"]
        appointments = self.env["salon.appointment"].search(
            [
                ("state", "in", (states.BOOKED, states.CONFIRMED)),
                ("start", ">", fields.Datetime.now()),
                ("visit_id.is_history", "=", False),
            ],
            order="branch_id, start, id",
        )
        left = len(appointments)
        for place in range(0, left, BATCH):
            batch = appointments[place : place + BATCH]
            self._check(batch)
            if not cron._commit_progress(len(batch), remaining=left - place):
                break

    @api.model
    def _check(self, appointments):
        """Open rows for what is affected, close rows for what is not."""
        hits = self._find_affected(appointments)
        permitted = appointments.filtered("overlap_reason")
        rows = self._record(
            {id_: hit for id_, hit in hits.items() if id_ not in permitted._ids}
        )
        # sudo: salon.displacement - kept by the system
        self.sudo().search(
            [("appointment_id", "in", appointments.ids), ("state", "=", "open")]
        )._settle(hits)
        return rows

    def _settle(self, hits):
        """Close open rows that are in no hit; tell the others' reason anew."""
        self.filtered(lambda row: row.appointment_id.id not in hits)._close("gone")
        for row in self.filtered(lambda row: row.appointment_id.id in hits):
            origin, reason = hits[row.appointment_id.id]
            if origin != row.origin:
                row.write({"origin": origin, "reason": reason})

    @api.model
    def _recheck(self, resource_ids, first=None, last=None):
        """Time was opened again: close the rows that are not affected any more."""
        resources, event = list(resource_ids), "appointment_id.group_event_id"
        domain = [
            ("state", "=", "open"),
            "|",
            "|",
            ("appointment_id.occupancy_ids.resource_id", "in", resources),
            (f"{event}.staff_ids.resource_id", "in", resources),
            (f"{event}.facility_id.resource_id", "in", resources),
        ]
        if first is not None:
            domain.append(("appointment_id.stop", ">", clock.to_utc(first)))
        if last is not None:
            domain.append(("appointment_id.start", "<", clock.to_utc(last)))
        # sudo: salon.displacement - whoever opens time need not see bookings
        rows = self.sudo().search(domain)
        if rows:
            rows._settle(self._find_affected(rows.appointment_id))

    @api.model
    def _on_capacity_changed(self, facilities):
        """Places serve more or fewer at once: seat elsewhere who has none any more.

        Whom no other place takes is listed.
        """
        if not facilities:
            return
        self._recheck(facilities.resource_id.ids)
        # sudo: salon.appointment - whoever keeps places need not see what is booked
        affected = (
            self.env["salon.appointment"]
            .sudo()
            .search(
                [
                    ("occupancy_ids.resource_id", "in", facilities.resource_id.ids),
                    ("state", "in", (states.BOOKED, states.CONFIRMED)),
                    ("start", ">", fields.Datetime.now()),
                ],
                order="start, id",
            )
        )
        unplaced = affected.browse(list(self._find_unplaced(affected)))
        for visit in unplaced.visit_id:
            with contextlib.suppress(SlotTaken), self.env.cr.savepoint():
                self.env["salon.booking"]._reoccupy(unplaced & visit.appointment_ids)
        self._check(unplaced)._announce()

    @api.model
    def _on_rights_changed(self, staff):
        """Somebody's licences changed: look at what is booked with these people."""
        # sudo: salon.appointment - whoever keeps licences need not see what is booked
        appointments = (
            self.env["salon.appointment"]
            .sudo()
            .search(
                [
                    ("staff_id", "in", staff.ids),
                    ("state", "in", (states.BOOKED, states.CONFIRMED)),
                    ("start", ">", fields.Datetime.now()),
                ]
            )
        )
        self._check(appointments)._announce()

    @api.model
    def _on_moved(self, appointments):
        """Bookings have another time or person: are they still affected?"""
        # sudo: salon.displacement - kept by the system, whoever moves a booking
        rows = self.sudo().search(
            [("appointment_id", "in", appointments.ids), ("state", "in", LIVE)]
        )
        if not rows:
            return
        hits = self._find_affected(rows.appointment_id)
        for row in rows:
            booked = row.appointment_id
            if (booked.start, booked.staff_id) == (row.start, row.staff_id):
                if booked.id not in hits and row.state == "open":
                    row._close("gone")
            elif booked.id in hits and row.state == "open":
                row.write(
                    {
                        "start": booked.start,
                        "staff_id": booked.staff_id.id,
                        "origin": hits[booked.id][0],
                        "reason": hits[booked.id][1],
                    }
                )
            else:
                row._close("moved")

    @api.model
    def _on_state_change(self, appointments):
        # sudo: salon.displacement - kept by the system, whoever moves a booking
        rows = self.sudo().search(
            [("appointment_id", "in", appointments.ids), ("state", "in", LIVE)]
        )
        lost = rows.filtered(lambda row: row.appointment_id.state in states.LOST)
        lost._close("cancelled")
        (rows - lost).filtered(
            lambda row: (
                row.state == "open"
                and row.appointment_id.state not in (states.BOOKED, states.CONFIRMED)
            )
        )._close("gone")

    def _announce(self):
        """Tell whoever closed the time, and the managers of each branch, what it hits.

        One message per branch, whatever the number of rows.
        """
        for branch, rows in self.grouped("branch_id").items():
            text = self.env._(
                "Bookings to be moved in %(branch)s: %(count)s (%(reason)s). They are "
                "listed with other times under Front Desk › To Be Moved.",
                count=len(rows),
                branch=branch.name,
                reason=rows[0].reason,
            )
            # Sent by the host after the commit.
            self.env.user.partner_id._bus_send(
                "simple_notification",
                {"type": "warning", "message": text, "sticky": True},
            )
            managers = self._managers(branch) - self.env.user
            if managers:
                self.env["mail.thread"].message_notify(
                    partner_ids=managers.partner_id.ids,
                    subject=self.env._("Bookings to be moved"),
                    body=text,
                    force_send=False,
                )

    @api.model
    def _managers(self, branch):
        """Managers named for the branch; without any, those of all branches."""
        # sudo: res.users - only who is to be told
        managers = (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    (
                        "all_group_ids",
                        "in",
                        self.env.ref("salon_booking.group_salon_manager").id,
                    ),
                    ("company_ids", "in", branch.company_id.id),
                    ("share", "=", False),
                ]
            )
        )
        named = managers.filtered(lambda user: branch in user.salon_branch_ids)
        return named or managers.filtered(lambda user: not user.salon_branch_ids)

    def _close(self, state, **values):
        if self:
            # sudo: salon.displacement - kept by the system
            self.sudo().write(
                {
                    "state": state,
                    "closed_at": fields.Datetime.now(),
                    "closed_user_id": self.env.uid,
                    **values,
                }
            )

    # --- what can be had instead ---

    @api.depends("state", "start")
    @api.depends_context("lang")
    def _compute_proposals(self):
        offers = self.filtered(lambda row: row.state == "open")._find_proposals()
        names = self._staff_names(offers)
        for row in self:
            row.proposals = [
                row._prepare_proposal(offer, names) for offer in offers.get(row.id, ())
            ]

    def _find_proposals(self):
        """The nearest offers of each row: ``{row id: [Offer]}``.

        A fixed number of queries for all rows of a branch.
        """
        found = {}
        for branch, rows in self.grouped("branch_id").items():
            found |= rows._find_proposals_in(branch)
        return {row_id: offers for row_id, offers in found.items() if offers}

    def _find_proposals_in(self, branch):
        today = clock.local(clock.to_minutes(fields.Datetime.now()), branch.tz).date()
        span = timedelta(days=PROPOSAL_DAYS)
        days = [
            clock.local(clock.to_minutes(row.start), branch.tz).date() for row in self
        ]
        wishes = {row: row._get_wishes() for row in self}
        asked = [
            (row, wish, row.visit_id.appointment_ids)
            for row in self
            for wish in wishes[row]
        ]
        offers = defaultdict(list)
        near = self.env["salon.availability"]._find_near(
            [
                (wish, own, row._get_wished(), row._get_price())
                for row, wish, own in asked
            ],
            max(min(days) - span, today),
            max(days) + span,
            PROPOSAL_DAYS * clock.DAY,
            PROPOSALS,
        )
        for (row, _wish, _own), more in zip(asked, near, strict=True):
            offers[row] += more
        return {
            row.id: choose(offers[row], row._get_price(), PROPOSALS) for row in self
        }

    def _get_wishes(self):
        """The whole visit, by the same people and by anybody who can do it."""
        self.ensure_one()
        live = self.visit_id._get_live_appointments()
        # Who takes part in a class moves with it.
        if not live or self.appointment_id.group_event_id:
            return []
        anybody = self.visit_id._get_wish(live, dict.fromkeys(live.ids))
        return list(dict.fromkeys([self.visit_id._get_wish(live), anybody]))

    def _get_wished(self):
        """The UTC minute at which the visit begins as it is booked."""
        live = self.visit_id._get_live_appointments()
        return clock.to_minutes(min(live.mapped("start"), default=self.start))

    def _get_price(self):
        """What an offer costs the client: near in time, with the same people."""
        wished = self._get_wished()
        cost = {
            appointment.product_id.id: (
                appointment.staff_id.id,
                OTHER_THAN_ASKED if appointment.is_requested else OTHER_PERSON,
            )
            for appointment in self.visit_id._get_live_appointments()
        }

        def price(offer):
            people = sum(
                cost[part.product][1]
                for part in offer.parts
                if part.product in cost and part.staff != cost[part.product][0]
            )
            return abs(offer.start - wished) + people

        return price

    @api.model
    def _staff_names(self, offers):
        # sudo: hr.employee - names are said to clients
        staff = (
            self.env["hr.employee"]
            .sudo()
            .browse(
                {
                    part.staff
                    for own in offers.values()
                    for one in own
                    for part in one.parts
                }
            )
        )
        return {person.id: person.name for person in staff}

    def _prepare_proposal(self, offer, names):
        zone = self.branch_id.tz
        wall = clock.local(offer.start, zone)
        day = format_date(self.env, wall, date_format="EEE d MMM")
        staff = dict.fromkeys(part.staff for part in offer.parts)
        return {
            "start": offer.start,
            "staff": [part.staff for part in offer.parts],
            "label": f"{day}, {self._get_time_label(offer.start, zone)}",
            "who": ", ".join(names[person] or "" for person in staff),
        }

    # rpc: salon.booking checks rights and that the time can still be had
    def action_take(self, start, staff_ids):
        """Move the whole visit to one of the times proposed.

        :param start: UTC minutes, as in ``proposals``
        :param staff_ids: who does each service, as in ``proposals``
        """
        self.ensure_one()
        self._check_open()
        visit = self.visit_id
        visit.check_access("write")
        day = clock.local(start, self.branch_id.tz).date()
        search = self.env["salon.availability"]._find_offers
        offer = next(
            (
                offer
                for wish in self._get_wishes()
                for offer in search(wish, day, day, without=visit.appointment_ids)
                if offer.start == start
                and [part.staff for part in offer.parts] == list(staff_ids)
            ),
            None,
        )
        if offer is None:
            raise SlotTaken(
                self.env._("This time is not free any more. Please choose another one.")
            )
        self.env["salon.series"]._move_to(visit, offer)
        return self._tell_client("mail_template_visit_moved")

    def _tell_client(self, template_name):
        """Write to the client where wished; what the desk has to know comes back."""
        wished = self.filtered("notify_client").visit_id
        (self.visit_id - wished)._spare_client()
        missing = wished._notify_client(template_name) if wished else wished
        if missing:
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "warning",
                    "message": self.env._(
                        "%(clients)s: no e-mail address. Please call.",
                        clients=", ".join(
                            visit.client_id.name or visit.name for visit in missing
                        ),
                    ),
                },
            }
        return True

    def _check_open(self):
        for row in self:
            if row.state != "open":
                raise UserError(
                    self.env._(
                        "%(visit)s is settled already: %(state)s.",
                        visit=row.visit_id.display_name,
                        state=dict(
                            self._fields["state"]._description_selection(self.env)
                        )[row.state],
                    )
                )

    def _keep(self, reason):
        """Let the bookings stay where they are; needs the right to squeeze in."""
        self.check_access("write")
        self._check_open()
        if not self.env.su and not self.env.user.has_group(
            "salon_booking.group_salon_squeeze_in"
        ):
            raise AccessError(
                self.env._(
                    "You may not keep %(visit)s outside of working hours. Move it or "
                    "ask somebody with the right to squeeze in.",
                    visit=self[:1].visit_id.display_name,
                )
            )
        self._close("kept", keep_reason=reason)
        for visit in self.visit_id:
            visit._message_log(
                body=self.env._(
                    "Kept at its time although affected: %(reason)s", reason=reason
                )
            )

    # rpc: only opens a dialog; what it does checks rights
    def action_keep(self):
        return self.env["salon.displacement.settle"]._open(self, "keep")

    # rpc: only opens a dialog; what it does checks rights
    def action_cancel(self):
        return self.env["salon.displacement.settle"]._open(self, "cancel")

    # rpc: only opens a dialog; what it does checks rights
    def action_move(self):
        self.ensure_one()
        return self.env["salon.move.wizard"]._open(self.visit_id)

    # rpc: leads to a record that is read with the rights of the user
    def action_open_visit(self):
        self.ensure_one()
        return self.appointment_id.action_open_visit()

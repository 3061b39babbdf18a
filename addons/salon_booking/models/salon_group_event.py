from contextlib import contextmanager
from datetime import timedelta

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo import Command, api, fields, models
from odoo.exceptions import (
    AccessError,
    ConcurrencyError,
    UserError,
    ValidationError,
)
from odoo.tools import SQL, format_datetime

from ..engine import clock, states
from ..engine.wishes import Part
from ..exceptions import SlotTaken

#: A change of one of these moves the event and everybody who takes part.
MOVING_FIELDS = frozenset(
    {
        "branch_id",
        "start",
        "stop",
        "minutes",
        "staff_ids",
        "facility_id",
        "product_id",
    }
)
COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})

#: What the desk may do to the people of an event: choose them, never change them.
LINKING = frozenset({Command.LINK, Command.UNLINK, Command.SET, Command.CLEAR})


class SalonGroupEvent(models.Model):
    """One date of a group service: a class, a workshop, a course.

    Its people and its room are taken by the event; whoever takes part has a visit with
    an appointment that takes one of the numbered places and nobody's time.
    """

    _name = "salon.group.event"
    _description = "Group Event"
    _inherit = ["salon.guarded.mixin", "mail.thread"]
    _order = "start desc, id desc"
    _check_company_auto = True
    _guarded_fields = frozenset({"state", "cancel_reason", "series_id"})

    name = fields.Char(
        compute="_compute_name", store=True, readonly=False, precompute=True
    )
    product_id = fields.Many2one(
        "product.product",
        "Service",
        required=True,
        index=True,
        check_company=True,
        domain="[('is_salon_group_service', '=', True)]",
    )
    branch_id = fields.Many2one(
        "salon.branch",
        required=True,
        index=True,
        default=lambda self: self.env["salon.visit"]._default_branch_id(),
    )
    company_id = fields.Many2one(
        related="branch_id.company_id", store=True, precompute=True
    )
    staff_ids = fields.Many2many(
        "hr.employee",
        string="Held by",
        check_company=True,
        domain="[('is_salon_staff', '=', True), ('salon_branch_ids', 'in', branch_id)]",
        help="Their time is taken. The first one is credited with what participants "
        "pay.",
    )
    facility_id = fields.Many2one(
        "salon.facility",
        "Place",
        check_company=True,
        domain="[('branch_id', '=', branch_id)]",
        help="Taken as a whole, with all of its places.",
    )
    start = fields.Datetime(required=True, index=True, tracking=True)
    minutes = fields.Integer(
        compute="_compute_minutes",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    stop = fields.Datetime(
        compute="_compute_stop", inverse="_inverse_stop", store=True, precompute=True
    )
    capacity = fields.Integer(
        "Places",
        compute="_compute_capacity",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
    )
    seat_limit = fields.Integer(
        compute="_compute_seat_limit",
        store=True,
        precompute=True,
        help="The highest number that a place may have; none when cancelled.",
    )
    state = fields.Selection(
        [("planned", "Planned"), ("done", "Done"), ("cancelled", "Cancelled")],
        default="planned",
        required=True,
        index=True,
        copy=False,
        tracking=True,
    )
    cancel_reason = fields.Char(copy=False)
    series_id = fields.Many2one(
        "salon.group.event",
        "Repeats",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        help="The first event of a series.",
    )
    appointment_ids = fields.One2many(
        "salon.appointment", "group_event_id", "Participants"
    )
    seats_taken = fields.Integer("Taken", compute="_compute_seats")
    seats_left = fields.Integer(
        "Places Left", compute="_compute_seats", search="_search_seats_left"
    )
    is_full = fields.Boolean(compute="_compute_seats")
    notify_clients = fields.Boolean(
        "Tell Participants",
        default=True,
        help="When the event gets another time, send everybody who takes part an "
        "e-mail in the own language.",
    )
    note = fields.Text(help="Seen by the whole team, never by the clients.")

    _capacity_sensible = models.Constraint(
        "CHECK (capacity BETWEEN 1 AND 500)",
        "A group event has between 1 and 500 places.",
    )
    _minutes_positive = models.Constraint(
        "CHECK (minutes BETWEEN 1 AND 1440)",
        "A group event lasts between a minute and a day.",
    )
    _seat_limit_unique = models.Constraint(
        "UNIQUE (seat_limit, id)", "Appointments refer to the places of an event."
    )
    _branch_start = models.Index("(branch_id, start)")

    @api.depends("product_id")
    def _compute_name(self):
        for event in self:
            event.name = event.product_id.name

    @api.depends("product_id")
    def _compute_minutes(self):
        for event in self:
            event.minutes = event.product_id.salon_duration_minutes or 60

    @api.depends("product_id")
    def _compute_capacity(self):
        for event in self:
            event.capacity = event.product_id.salon_group_capacity or 1

    @api.depends("start", "minutes")
    def _compute_stop(self):
        for event in self:
            event.stop = event.start and event.start + timedelta(minutes=event.minutes)

    def _inverse_stop(self):
        for event in self:
            event.minutes = (event.stop - event.start) // timedelta(minutes=1)

    @api.depends("capacity", "state")
    def _compute_seat_limit(self):
        for event in self:
            event.seat_limit = 0 if event.state == "cancelled" else event.capacity

    @api.depends("appointment_ids.seat", "seat_limit")
    def _compute_seats(self):
        # sudo: salon.appointment - how many places are taken is no secret, by whom is
        taken = dict(
            self.env["salon.appointment"]
            .sudo()
            ._read_group(
                [("group_event_id", "in", self.ids), ("seat", ">", 0)],
                ["group_event_id"],
                ["__count"],
            )
        )
        for event in self:
            event.seats_taken = taken.get(event._origin, 0)
            event.seats_left = event.seat_limit - event.seats_taken
            event.is_full = event.seats_left <= 0

    def _search_seats_left(self, operator, value):
        if operator not in COMPARISONS:
            return NotImplemented
        self.env["salon.appointment"].flush_model(["group_event_id", "seat"])
        self.flush_model(["seat_limit"])
        found = self.env.execute_query(
            SQL(
                """SELECT e.id
                     FROM salon_group_event e
                LEFT JOIN salon_appointment a
                       ON a.group_event_id = e.id AND a.seat > 0
                 GROUP BY e.id, e.seat_limit
                   HAVING e.seat_limit - count(a.id) %s %s""",
                SQL(operator),
                value,
            )
        )
        return [("id", "in", [event_id for (event_id,) in found])]

    @api.depends("name", "start")
    @api.depends_context("tz", "lang")
    def _compute_display_name(self):
        for event in self:
            moment = event.start and format_datetime(
                self.env, event.start, tz=event.branch_id.tz, dt_format="short"
            )
            event.display_name = " · ".join(filter(None, [event.name, moment]))

    @api.constrains("start")
    def _check_within_reach(self):
        days = {event.start.date() for event in self if event.start}
        self.env["salon.reach"]._check_days(*days)

    @api.constrains("product_id")
    def _check_product_is_group_service(self):
        for event in self:
            if not event.product_id.is_salon_group_service:
                raise ValidationError(
                    self.env._(
                        "%(product)s is no group service. Tick “Group Service” on its "
                        "form or book it as an ordinary appointment.",
                        product=event.product_id.display_name,
                    )
                )

    @api.constrains("branch_id", "facility_id")
    def _check_facility_of_branch(self):
        for event in self:
            # sudo: salon.facility - whoever moves an event need not see the place
            place = event.facility_id.sudo()
            if place and place.branch_id != event.branch_id:
                raise ValidationError(
                    self.env._(
                        "%(place)s is in another branch than %(event)s. Choose a place "
                        "in %(branch)s.",
                        place=place.name,
                        event=event.display_name,
                        branch=event.branch_id.name,
                    )
                )

    def _check_staff_of_branch(self):
        """After a change of people or branch: who helps out has a shift there."""
        # sudo: hr.employee, salon.shift - where somebody works is no secret to the desk
        for event in self.sudo():
            for person in event.staff_ids:
                if event.branch_id not in person.salon_branch_ids and not (
                    event.env["salon.shift"].search_count(
                        [
                            ("staff_id", "=", person.id),
                            ("branch_id", "=", event.branch_id.id),
                            ("kind", "=", "work"),
                            ("is_published", "=", True),
                            ("start", "<=", event.start),
                            ("stop", ">", event.start),
                        ],
                        limit=1,
                    )
                ):
                    raise ValidationError(
                        self.env._(
                            "%(person)s does not work in %(branch)s, so %(event)s "
                            "cannot be held by %(person)s. Choose somebody of this "
                            "branch, or plan a shift there.",
                            person=person.name,
                            branch=event.branch_id.name,
                            event=event.display_name,
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        staff = [vals.pop("staff_ids", False) for vals in vals_list]
        events = super().create(vals_list)
        for event, commands in zip(events, staff, strict=True):
            event._write_staff(commands)
        self.env["salon.booking"]._take_event_time(events)
        return events

    def write(self, vals):
        if "product_id" in vals or "branch_id" in vals:
            self._check_no_participants(vals)
        moved = MOVING_FIELDS & vals.keys()
        if moved or "capacity" in vals:
            self._check_planned()
        if not moved:
            with self._seats_as_seen():
                if "capacity" in vals:
                    self._make_room_for(vals["capacity"])
                result = super().write(vals)
                # Whoever joins refers to the limit, so the table must know it.
                self.flush_recordset(["seat_limit"])
            return result
        if "capacity" in vals:
            with self._seats_as_seen():
                self._make_room_for(vals["capacity"])
        booking = self.env["salon.booking"]
        days_before = booking._event_days(self)
        self.appointment_ids._lock_visits()
        starts = {event: event.start for event in self}
        vals = dict(vals)
        staff = vals.pop("staff_ids", False)
        result = super().write(vals)
        self._write_staff(staff)
        if "branch_id" in vals:
            # The rules were asked before the change only.
            self.check_access("write")
            self._check_staff_of_branch()
        booking._retake_event_time(self, days_before)
        now = fields.Datetime.now()
        self.filtered(
            lambda event: (
                event.notify_clients
                and event.start != starts[event]
                and event.start > now
            )
        )._tell_participants()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_participants(self):
        for event in self:
            # sudo: salon.appointment - also those that the user does not see
            if event.sudo().appointment_ids:
                raise UserError(
                    self.env._(
                        "%(event)s has or had participants and cannot be deleted. "
                        "Cancel it instead.",
                        event=event.display_name,
                    )
                )

    def unlink(self):
        booking = self.env["salon.booking"]
        freed = booking._event_days(self)
        booking._give_back(self)
        result = super().unlink()
        self.env["salon.appointment"]._tell_freed(freed)
        return result

    def copy_data(self, default=None):
        """A copy is for another day: at the same place and time it would clash."""
        default = default or {}
        copied = []
        for event, vals in zip(self, super().copy_data(default), strict=True):
            if "start" not in default:
                vals["start"] = event.start + timedelta(days=7)
            if "staff_ids" not in default:
                # The host copies only links to what the user may read.
                vals["staff_ids"] = [Command.set(event.staff_ids.ids)]
            copied.append(vals)
        return copied

    def _write_staff(self, commands):
        if not commands:
            return
        if any(not isinstance(command, int) for command in commands) and any(
            command[0] not in LINKING for command in commands
        ):
            raise AccessError(
                self.env._(
                    "%(fields)s of “%(model)s” are kept by the system and cannot be "
                    "set by hand.",
                    fields="staff_ids",
                    model=self._description,
                )
            )
        # sudo: hr.employee - links only; the desk has no personnel rights
        super(SalonGroupEvent, self.sudo()).write({"staff_ids": commands})
        self._check_staff_of_branch()

    def _check_planned(self):
        for event in self:
            if event.state != "planned":
                raise UserError(
                    self.env._(
                        "%(event)s is %(state)s and cannot be changed. Plan a new one.",
                        event=event.display_name,
                        state=event._state_label(),
                    )
                )

    def _check_no_participants(self, vals):
        for event in self:
            changed = any(
                name in vals and vals[name] != event[name].id
                for name in ("product_id", "branch_id")
            )
            if changed and event.seats_taken:
                raise UserError(
                    self.env._(
                        "%(event)s has participants, so its service and branch stay. "
                        "Cancel it and plan a new one.",
                        event=event.display_name,
                    )
                )

    @contextmanager
    def _seats_as_seen(self):
        """Begin anew where somebody took a seat that this transaction cannot see."""
        try:
            yield
        except (CheckViolation, UniqueViolation) as error:
            if error.diag.table_name != "salon_appointment":
                raise
            raise ConcurrencyError("somebody joins at this moment") from error

    def _make_room_for(self, capacity):
        """Before a cut: participants sit on the numbers that remain."""
        for event in self:
            if capacity >= event.capacity:
                continue
            if event.seats_taken > capacity:
                raise UserError(
                    self.env._(
                        "%(event)s has %(taken)s participants and cannot be cut to "
                        "%(capacity)s places. Cancel some participants first.",
                        event=event.display_name,
                        taken=event.seats_taken,
                        capacity=capacity,
                    )
                )
            # sudo: salon.appointment - seat numbers are kept by the system
            seated = event.sudo().appointment_ids.filtered("seat")
            kept = {member.seat for member in seated if member.seat <= capacity}
            free = (seat for seat in range(1, capacity + 1) if seat not in kept)
            for member in seated.filtered(lambda member: member.seat > capacity):
                member.seat = next(free)
            seated.flush_recordset(["seat"])

    def _state_label(self):
        self.ensure_one()
        return dict(self._fields["state"]._description_selection(self.env))[self.state]

    def _get_participants(self):
        """Appointments of those who hold a place."""
        return self.appointment_ids.filtered(lambda a: a.state not in states.LOST)

    def _tell_participants(self, participants=None):
        """Write to those who take part where and when it is now, or that it is not.

        :param participants: appointments just cancelled; None for those there are
        :return: visits whose client has no address to write to
        """
        # sudo: salon.visit - also of those that the user does not see
        events = self.sudo()
        if participants is None:
            participants = events._get_participants()
        visits = participants.sudo().visit_id
        # Who comes for something else reads what is left.
        lost = visits.filtered(lambda visit: visit.state in states.LOST)
        missing = lost._notify_client("mail_template_visit_cancelled")
        missing |= (visits - lost)._notify_client("mail_template_visit_moved")
        for event in events:
            names = [
                member.client_id.name or self.env._("Walk-in")
                for member in participants
                if member.group_event_id == event and member.visit_id in missing
            ]
            if names:
                event.message_post(
                    body=self.env._(
                        "%(clients)s: no e-mail address. Please call.",
                        clients=", ".join(names),
                    )
                )
        return missing

    def _get_credited_staff(self):
        """Who is credited with what the participants pay."""
        self.ensure_one()
        return self.staff_ids[:1]

    @api.model
    def _find(self, branch, product, start, staff_id=None):
        """The planned event of a service at this moment, or UserError.

        :param staff_id: who holds it, where several take place at once
        """
        events = self.search(
            [
                ("branch_id", "=", branch.id),
                ("product_id", "=", product.id),
                ("start", "=", start),
                ("state", "=", "planned"),
            ]
        )
        if not events:
            raise UserError(
                self.env._(
                    "“%(service)s” takes place at planned times only. Choose one of "
                    "its group events or plan a new one.",
                    service=product.display_name,
                )
            )
        if staff_id:
            held = events.filtered(
                lambda event: event._get_credited_staff().id == staff_id
            )
            events = held or events
        return events.filtered(lambda event: not event.is_full)[:1] or events[0]

    def _find_others(self, limit=3):
        """Events of the same service with places left, the nearest first."""
        self.ensure_one()
        others = self.search(
            [
                ("id", "!=", self.id),
                ("product_id", "=", self.product_id.id),
                ("branch_id", "=", self.branch_id.id),
                ("state", "=", "planned"),
                ("start", ">=", fields.Datetime.now()),
                ("seats_left", ">", 0),
            ]
        )
        return others.sorted(lambda event: (abs(event.start - self.start), event.id))[
            :limit
        ]

    def _prepare_place_values(self):
        """What an appointment takes over from its event."""
        self.ensure_one()
        return {
            "group_event_id": self.id,
            "product_id": self.product_id.id,
            "staff_id": self._get_credited_staff().id,
            "start": self.start,
            "duration_minutes": self.minutes,
        }

    def _as_part(self):
        """The event as ``engine.wishes.Part``."""
        self.ensure_one()
        return Part(
            self.product_id.id,
            self._get_credited_staff().id,
            clock.to_minutes(self.start),
            clock.to_minutes_ceil(self.stop),
        )

    def _set_state(self, state, reason=None):
        # sudo: salon.group.event - kept by the system; callers check rights and moves
        self.sudo().write({"state": state, "cancel_reason": reason})

    def _cancel(self, reason):
        """Cancel the events with all who take part, and free people and places.

        :return: the appointments of those who took part
        """
        self.check_access("write")
        self._check_planned()
        self.appointment_ids._lock_visits()
        participants = self._get_participants()
        participants._set_state("cancelled", reason)
        self._set_state("cancelled", reason)
        self.flush_recordset()
        booking = self.env["salon.booking"]
        booking._give_back(self)
        self.env["salon.appointment"]._tell_freed(booking._event_days(self))
        return participants

    def action_done(self):
        """Close the event: who was there is done, who never came stays open."""
        self.check_access("write")
        for event in self:
            event._check_planned()
            if event.start > fields.Datetime.now():
                raise UserError(
                    self.env._(
                        "%(event)s has not begun yet. Cancel it if it does not take "
                        "place.",
                        event=event.display_name,
                    )
                )
        self._get_participants().filtered(
            lambda a: a.state in (states.ARRIVED, states.IN_SERVICE)
        )._set_state("done")
        self._set_state("done")

    def action_cancel(self):
        return self.env["salon.group.cancel.wizard"]._open(self)

    def action_join(self):
        """Ask who takes part."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add a participant"),
            "res_model": "salon.group.join.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_event_id": self.id},
        }

    def action_repeat(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Repeat"),
            "res_model": "salon.group.repeat.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_event_id": self.id},
        }

    def action_view_visits(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "salon_booking.salon_visit_action"
        )
        return {
            **action,
            "domain": [("appointment_ids.group_event_id", "=", self.id)],
            "context": {},
        }

    def _repeat(self, starts):
        """Plan the same event at other times.

        :param starts: UTC minutes
        :return: the new events, and the starts at which something was taken
        """
        self.ensure_one()
        self.check_access("write")
        planned, clashing = self.browse(), []
        for start in starts:
            try:
                with self.env.cr.savepoint():
                    planned |= self.copy({"start": clock.to_utc(start)})
            except SlotTaken:
                clashing.append(start)
        # sudo: salon.group.event - kept by the system
        (self | planned).sudo().series_id = self.series_id or self
        return planned, clashing

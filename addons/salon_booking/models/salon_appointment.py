from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..engine import clock, states
from ..exceptions import SlotTaken
from ..services.salon_booking import LATER

#: What begins further from its time was started by mistake, or on another day.
MOST_EARLY_OR_LATE = timedelta(hours=4)

STATES = [
    ("booked", "Booked"),
    ("confirmed", "Confirmed"),
    ("arrived", "Arrived"),
    ("in_service", "In service"),
    ("done", "Done"),
    ("cancelled", "Cancelled"),
    ("no_show", "No-show"),
]

#: A change of one of these moves, frees or takes time.
OCCUPYING_FIELDS = frozenset(
    {
        "start",
        "stop",
        "duration_minutes",
        "staff_id",
        "product_id",
        "overlap_reason",
        "facility_ids",
        "phase_staff",
    }
)
#: What whoever serves writes on an own appointment; time, person, service and price
#: are the desk's.
TEAM_FIELDS = frozenset({"state", "cancel_reason"})


class SalonAppointment(models.Model):
    _name = "salon.appointment"
    _description = "Salon Appointment"
    _inherit = ["salon.team.mixin", "salon.guarded.mixin"]
    _order = "start, sequence, id"
    _check_company_auto = True
    _guarded_fields = frozenset({"overlap_user_id", *states.STAMPS.values()})

    visit_id = fields.Many2one(
        "salon.visit", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    branch_id = fields.Many2one(
        related="visit_id.branch_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="visit_id.company_id", store=True, precompute=True
    )
    client_id = fields.Many2one(
        related="visit_id.client_id", store=True, index=True, precompute=True
    )
    product_id = fields.Many2one(
        "product.product",
        "Service",
        required=True,
        index=True,
        check_company=True,
        domain="[('is_salon_service', '=', True)]",
    )
    category_id = fields.Many2one(
        related="product_id.categ_id",
        string="Service Category",
        store=True,
        precompute=True,
    )
    staff_id = fields.Many2one(
        "hr.employee",
        "Staff Member",
        index=True,
        check_company=True,
        domain="[('is_salon_staff', '=', True)]",
        help="Empty: nobody yet; the appointment waits in the unassigned column.",
    )
    staff_user_id = fields.Many2one(
        "res.users",
        compute="_compute_staff_user_id",
        store=True,
        compute_sudo=True,
        precompute=True,
        index=True,
    )
    is_requested = fields.Boolean(
        "Asked for by Name", help="The client wants this person and nobody else."
    )
    start = fields.Datetime(required=True, index=True)
    duration_minutes = fields.Integer(
        "Minutes",
        compute="_compute_duration_minutes",
        store=True,
        readonly=False,
        precompute=True,
    )
    stop = fields.Datetime(
        compute="_compute_stop", inverse="_inverse_stop", store=True, precompute=True
    )
    state = fields.Selection(
        STATES, default="booked", required=True, index=True, copy=False
    )
    price = fields.Monetary(
        compute="_compute_price",
        store=True,
        readonly=False,
        precompute=True,
        help="Unit price as on the price list, before the taxes of the bill.",
    )
    # Stored: amounts of many are rounded without a look at each company.
    currency_id = fields.Many2one(
        related="company_id.currency_id", store=True, precompute=True
    )
    occupancy_ids = fields.One2many("salon.occupancy", "appointment_id", "Takes")
    facility_names = fields.Char("Place", compute="_compute_facility_names")
    overlap_reason = fields.Char(
        copy=False,
        help="Why this appointment may overlap others; needs the right to squeeze in.",
    )
    overlap_user_id = fields.Many2one("res.users", "Overlap by", copy=False)
    confirmed_at = fields.Datetime(copy=False)
    arrived_at = fields.Datetime(copy=False)
    started_at = fields.Datetime(copy=False)
    done_at = fields.Datetime(copy=False)
    cancelled_at = fields.Datetime(copy=False)
    no_show_at = fields.Datetime(copy=False)
    cancel_reason = fields.Char(copy=False)
    cancel_notice_days = fields.Integer(
        "Notice (days)",
        compute="_compute_cancel_notice_days",
        store=True,
        aggregator="avg",
        help="Whole days between cancelling and the appointment, by the calendar of "
        "the branch. Negative when it was cancelled afterwards.",
    )
    event_ids = fields.One2many("salon.state.event", "appointment_id", "History")
    sale_line_ids = fields.One2many("sale.order.line", "salon_appointment_id")
    invoice_line_ids = fields.One2many("account.move.line", "salon_appointment_id")
    is_billed = fields.Boolean(compute="_compute_amount_invoiced", store=True)
    amount_invoiced = fields.Monetary(
        compute="_compute_amount_invoiced",
        store=True,
        help="On posted invoices, net of tax; credit notes taken off.",
    )

    _stop_after_start = models.Constraint(
        "CHECK (start < stop)", "An appointment lasts at least one minute."
    )
    _minutes_sensible = models.Constraint(
        "CHECK (duration_minutes <= 1440)", "An appointment lasts a day at most."
    )
    _staff_start = models.Index("(staff_id, start)")
    _branch_start = models.Index("(branch_id, start)")

    @api.depends("staff_id.user_id")
    def _compute_staff_user_id(self):
        for appointment in self:
            appointment.staff_user_id = appointment.staff_id.user_id

    @api.depends("product_id", "staff_id", "client_id")
    def _compute_duration_minutes(self):
        terms = self._find_terms()
        for appointment in self:
            if appointment._is_agreed():
                appointment.duration_minutes = appointment._origin.duration_minutes
                continue
            appointment.duration_minutes = terms[appointment._terms_key()][0]

    @api.onchange("product_id")
    def _onchange_product_id(self):
        """In the form of a visit, a service more follows those before."""
        visit = self.visit_id
        if self.start or not self.product_id:
            return
        before = (
            visit._origin.appointment_ids | visit.appointment_ids - self
        ).filtered(lambda a: a.stop and a.state not in states.LOST)
        self.start = max(before.mapped("stop"), default=visit.start)

    @api.depends("start", "duration_minutes")
    def _compute_stop(self):
        for appointment in self:
            appointment.stop = appointment.start and appointment.start + timedelta(
                minutes=appointment.duration_minutes
            )

    def _inverse_stop(self):
        for appointment in self:
            length = appointment.stop - appointment.start
            appointment.duration_minutes = length // timedelta(minutes=1)

    @api.depends("product_id", "staff_id", "client_id")
    def _compute_price(self):
        terms = self._find_terms()
        for appointment in self:
            if appointment._is_agreed():
                appointment.price = appointment._origin.price
                continue
            _minutes, price, has_variants = terms[appointment._terms_key()]
            appointment.price = self._price_of(
                appointment.product_id, price, has_variants
            )

    def _is_agreed(self):
        """In a form, another client alone changes no minutes and price of a booking."""
        return bool(
            self._origin
            and self != self._origin
            and self.product_id._origin == self._origin.product_id
            and self.staff_id._origin == self._origin.staff_id
        )

    def _find_terms(self):
        return self.env["salon.catalog"]._terms(
            appointment._terms_key() for appointment in self
        )

    def _terms_key(self):
        """What minutes and price depend on; 0 for nobody."""
        return (
            self.product_id.product_tmpl_id._origin.id or 0,
            self.staff_id._origin.id or 0,
            self.client_id._origin.id or 0,
        )

    @api.depends("occupancy_ids")
    def _compute_facility_names(self):
        for appointment in self:
            # sudo: resource.resource - clerks see no resources, only their names
            resources = appointment.sudo().occupancy_ids.resource_id
            appointment.facility_names = ", ".join(
                resources.filtered(
                    lambda resource: resource.resource_type == "material"
                ).mapped("name")
            )

    @api.depends("cancelled_at", "start", "branch_id.tz")
    def _compute_cancel_notice_days(self):
        for appointment in self:
            if not appointment.cancelled_at or not appointment.start:
                appointment._assign_changed(cancel_notice_days=0)
                continue
            zone = appointment.branch_id.tz
            booked_for = clock.local(clock.to_minutes(appointment.start), zone)
            cancelled = clock.local(clock.to_minutes(appointment.cancelled_at), zone)
            appointment.cancel_notice_days = (booked_for.date() - cancelled.date()).days

    @api.depends(
        "invoice_line_ids.parent_state",
        "invoice_line_ids.balance",
        "invoice_line_ids.quantity",
    )
    def _compute_amount_invoiced(self):
        # sudo: account.move.line - the desk has no accounting rights
        on_bills = self.sudo().filtered("invoice_line_ids")
        for appointment in self - on_bills:
            appointment._assign_changed(amount_invoiced=0, is_billed=False)
        for appointment in on_bills:
            lines = appointment.invoice_line_ids.filtered(
                lambda line: line.parent_state == "posted"
            )
            amount = -sum(lines.mapped("balance"))
            quantity = sum(
                -line.quantity
                if line.move_id.move_type == "out_refund"
                else line.quantity
                for line in lines
            )
            # A credit note over a part of the price leaves the service on the bill.
            still_paid = not appointment.currency_id.is_zero(amount)
            appointment._assign_changed(
                amount_invoiced=amount, is_billed=quantity > 0 or still_paid
            )

    @api.depends("client_id", "product_id")
    @api.depends_context("uid")
    def _compute_display_name(self):
        for appointment in self:
            appointment.display_name = " · ".join(
                filter(
                    None,
                    [
                        appointment.client_id._get_salon_name()
                        or self.env._("Walk-in"),
                        appointment.product_id.name,
                    ],
                )
            )

    @api.constrains("product_id")
    def _check_product_is_salon_service(self):
        # sudo: product.product - what it is, not what it costs
        for appointment in self.sudo():
            if not appointment.product_id.product_tmpl_id.is_salon_service:
                raise ValidationError(
                    self.env._(
                        "%(product)s is no salon service, so it cannot be booked. Tick "
                        "“Salon Service” on its form or sell it at checkout.",
                        product=appointment.product_id.display_name,
                    )
                )

    @api.constrains("start")
    def _check_start_within_reach(self):
        planned = self.filtered(lambda one: one.start and not one.visit_id.is_history)
        days = {appointment.start.date() for appointment in planned}
        self.env["salon.reach"]._check_days(*days)

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        later = self._pop_later_states(vals_list)
        appointments = super().create(vals_list)
        appointments._check_overlap_right()
        appointments._log_state({})
        self.env["salon.booking"]._occupy(appointments)
        self.env["salon.board"]._tell_appointments(appointments)
        for appointment, state in zip(appointments, later, strict=True):
            if state:
                appointment._set_state(state)
        return appointments

    @api.model
    def _pop_later_states(self, vals_list):
        """All start as booked and move on by the table; history is as it was."""
        visits = self.env["salon.visit"].browse(
            vals.get("visit_id") for vals in vals_list
        )
        return [
            None if visit.is_history else vals.pop("state", None)
            for visit, vals in zip(visits, vals_list, strict=True)
        ]

    def write(self, vals):
        vals = dict(vals)
        if "product_id" in vals:
            # Another service has other phases and needs other places.
            vals = {"facility_ids": [Command.clear()], "phase_staff": False, **vals}
        if "visit_id" in vals and not self.env.su:
            self._check_stays_in_visit(vals["visit_id"])
        if "overlap_reason" not in vals and self._leave_permitted_overlap(vals):
            vals["overlap_reason"] = False
        # However a state is set (form, kanban, RPC), it goes through the table.
        state = vals.pop("state", None)
        moved = OCCUPYING_FIELDS & vals.keys()
        booking = self.env["salon.booking"]
        days_before = booking._days(self) if moved else frozenset()
        # The booking service takes the time of several of them at once.
        is_later = self.env.context.get("salon_take_time") is LATER
        freed = self._freed_days() if moved and not is_later else frozenset()
        if moved:
            self._check_movable(moved)
            self._check_not_begun(vals.get("start"))
            self._lock_visits()
        board = self.env["salon.board"]
        board._tell_appointments(self)
        result = super().write(vals) if vals else True
        if moved:
            board._tell_appointments(self)
            # Start and stop reach the database together: its check compares them.
            self.mapped("stop")
        if "overlap_reason" in vals:
            self._check_overlap_right()
        if moved and not is_later:
            booking._reoccupy(self, days_before)
            self._tell_freed(freed)
        if state:
            self._set_state(state, vals.get("cancel_reason"))
        return result

    @api.model
    def _get_team_fields(self):
        return TEAM_FIELDS

    @api.model
    def _get_allowed_fields(self):
        # The booking service moves what its caller may move.
        if self.env.context.get("salon_take_time") is LATER:
            return None
        return super()._get_allowed_fields()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_happened(self):
        for appointment in self:
            if appointment.state not in ("booked", "confirmed", "cancelled"):
                raise UserError(
                    self.env._(
                        "%(appointment)s is %(state)s and cannot be deleted. Cancel it "
                        "instead.",
                        appointment=appointment.display_name,
                        state=appointment._state_label(),
                    )
                )
            # sudo: sale.order.line - the desk has no rights on orders
            if appointment.sudo().sale_line_ids or appointment.is_billed:
                raise UserError(
                    self.env._(
                        "%(appointment)s is on a bill and cannot be deleted. Refund "
                        "the bill and cancel the appointment instead.",
                        appointment=appointment.display_name,
                    )
                )

    def unlink(self):
        freed = self._free_before_unlink()
        result = super().unlink()
        self._tell_freed(freed)
        return result

    def _free_before_unlink(self):
        """Give the time back under its lock, and say on which days."""
        self.check_access("unlink")
        freed = self._freed_days()
        self.env["salon.booking"]._lock_days(freed)
        self.env["salon.board"]._tell_appointments(self)
        return freed

    @api.model
    def _tell_freed(self, days):
        """Something became free on these (branch id, local day)."""
        # Locks of people in several branches are no days of a branch.
        days = {(branch, day) for branch, day in days if branch > 0}
        if days:
            self.env["salon.block"]._fill_up(days)
            self.env["salon.waitlist"]._record_days(days)

    def _freed_days(self):
        """The (branch id, local day) that lose something when these move or go."""
        return self.env["salon.booking"]._days(
            self.filtered(
                lambda appointment: (
                    appointment.state in states.OCCUPYING
                    and not appointment.visit_id.is_history
                )
            )
        )

    def _check_stays_in_visit(self, visit_id):
        """A bill and the rules hang on the visit."""
        for appointment in self:
            if appointment.visit_id.id != visit_id:
                raise UserError(
                    self.env._(
                        "%(appointment)s belongs to %(visit)s. Cancel it there and "
                        "book it in the other visit.",
                        appointment=appointment.display_name,
                        visit=appointment.visit_id.display_name,
                    )
                )

    def _leave_permitted_overlap(self, vals):
        """Whether one goes from where it may overlap: elsewhere it has to be free.

        An overlap is permitted for a time and a person. What kept the permission would
        take nothing in its new place, and somebody else would be booked over it.
        """
        return any(
            name in vals
            and appointment.overlap_reason
            and appointment._fields[name].convert_to_cache(vals[name], appointment)
            != appointment._fields[name].convert_to_cache(
                appointment[name], appointment
            )
            for appointment in self
            for name in ("start", "staff_id")
        )

    def _check_movable(self, changed):
        for appointment in self:
            if appointment.is_billed and {"product_id", "staff_id"} & changed:
                raise UserError(
                    self.env._(
                        "%(appointment)s is on a bill, so its service and staff member "
                        "stay. Refund the bill first.",
                        appointment=appointment.display_name,
                    )
                )
            if appointment.state in states.LOST:
                raise UserError(
                    self.env._(
                        "%(appointment)s is %(state)s and cannot be changed. Reopen it "
                        "first.",
                        appointment=appointment.display_name,
                        state=appointment._state_label(),
                    )
                )

    def _check_not_begun(self, start):
        """What has begun can be put right, but does not lie in the future.

        Undo may put it there again: somebody began before the time.
        """
        if not start or self.env.su:
            return
        if fields.Datetime.to_datetime(start) <= fields.Datetime.now():
            return
        for appointment in self:
            if appointment.started_at and appointment.state in (
                states.IN_SERVICE,
                states.DONE,
            ):
                raise UserError(
                    self.env._(
                        "%(appointment)s has begun already, so it cannot be moved to a "
                        "later time. Take that back first, or book a new visit.",
                        appointment=appointment.display_name,
                    )
                )

    def _check_overlap_right(self):
        """Overlaps are a right, recorded with who and why."""
        overlapping = self.filtered("overlap_reason")
        if not overlapping:
            return
        if not self.env.su and not self.env.user.has_group(
            "salon_booking.group_salon_squeeze_in"
        ):
            raise AccessError(
                self.env._(
                    "You may not let %(appointment)s overlap others. Choose a free "
                    "time or ask somebody with the right to squeeze in.",
                    appointment=overlapping[0].display_name,
                )
            )
        # sudo: salon.appointment - kept by the system
        overlapping.sudo().overlap_user_id = self.env.user

    def _state_label(self):
        self.ensure_one()
        return dict(self._fields["state"]._description_selection(self.env))[self.state]

    def _set_state(self, state, reason=None):
        """Move to ``state`` by the table of moves, or raise UserError.

        Already being there is no move: it changes nothing and is not logged.
        """
        previous = {
            appointment.id: appointment.state
            for appointment in self
            if appointment.state != state
        }
        moving = self.browse(previous)
        if not moving:
            return
        moving.check_access("write")
        moving._check_move_allowed(state)
        moving._lock_visits()
        now = fields.Datetime.now()
        values = {"state": state}
        if stamp := states.STAMPS.get(state):
            values[stamp] = now
        if state in states.LOST:
            values["cancel_reason"] = reason
        # sudo: salon.appointment - right and move are checked above; the stamps are
        # kept by the system
        super(SalonAppointment, moving.sudo()).write(values)
        moving._clear_stamps(previous, state)
        moving._log_state(previous, reason)
        booking = self.env["salon.booking"]
        if state in states.LOST:
            booking._release(moving)
        else:
            booking._occupy(moving.filtered(lambda a: previous[a.id] in states.LOST))
        live = moving.filtered(lambda appointment: not appointment.visit_id.is_history)
        self.env["salon.board"]._tell_appointments(live)
        if live:
            live._after_state_change({id_: previous[id_] for id_ in live.ids})

    def _take_back_state(self, previous):
        """Put states and their moments back as they were before one's last move.

        :param previous: ``{appointment id as text: {"state", and the moments}}``
        """
        may_undo = self.env.su or self.env.user.has_group(
            "salon_booking.group_salon_undo"
        )
        self._lock_visits()
        reached = {appointment.id: appointment.state for appointment in self}
        booking = self.env["salon.booking"]
        for appointment in self:
            before = previous[str(appointment.id)]
            appointment._check_not_billed(before["state"])
            if appointment.state in states.FINAL and not may_undo:
                appointment._check_move_allowed(before["state"])
            values = {
                name: fields.Datetime.to_datetime(value) if value else False
                for name, value in before.items()
                if name in states.STAMPS.values()
            }
            values["state"] = before["state"]
            if before["state"] not in states.LOST:
                values["cancel_reason"] = False
            # sudo: salon.appointment - the move back is checked above; the stamps are
            # kept by the system
            super(SalonAppointment, appointment.sudo()).write(values)
        back = self.filtered(lambda a: a.state != reached[a.id])
        back._log_state(reached)
        booking._release(back.filtered(lambda a: a.state in states.LOST))
        booking._occupy(
            back.filtered(
                lambda a: reached[a.id] in states.LOST and a.state not in states.LOST
            )
        )
        self.env["salon.board"]._tell_appointments(back)
        if live := back.filtered(lambda a: not a.visit_id.is_history):
            live._after_state_change({id_: reached[id_] for id_ in live.ids})

    def _lock_visits(self):
        """Take the visits before their appointments, as the checkout does.

        In the other order somebody who cancels and somebody who bills would wait for
        each other until the database ends one of them.
        """
        # Nobody else sees what this transaction has just made.
        now = self.env.cr.now()
        self.env["salon.checkout"]._lock(
            self.visit_id.filtered(lambda visit: visit.create_date != now)
        )

    def _check_move_allowed(self, state):
        may_undo = self.env.su or self.env.user.has_group(
            "salon_booking.group_salon_undo"
        )
        labels = dict(self._fields["state"]._description_selection(self.env))
        for appointment in self:
            if states.is_allowed(appointment.state, state, may_undo):
                appointment._check_not_billed(state)
                continue
            if states.is_allowed(appointment.state, state, may_undo=True):
                raise AccessError(
                    self.env._(
                        "%(appointment)s is %(current)s. Taking that back needs the "
                        "right to undo; ask your manager.",
                        appointment=appointment.display_name,
                        current=labels[appointment.state],
                    )
                )
            raise UserError(
                self.env._(
                    "%(appointment)s is %(current)s and cannot become %(wanted)s.",
                    appointment=appointment.display_name,
                    current=labels[appointment.state],
                    wanted=labels[state],
                )
            )

    def _check_not_billed(self, state):
        """What is on a bill was done; a refund takes both back."""
        if self.state == states.DONE and state != states.DONE and self.is_billed:
            raise UserError(
                self.env._(
                    "%(appointment)s is on a bill. Refund it with “Reopen the Visit”.",
                    appointment=self.display_name,
                )
            )

    def _clear_stamps(self, previous, state):
        """An undone state has no moment any more; the history keeps it."""
        for old in set(previous.values()):
            stamp = states.STAMPS.get(old)
            if not stamp or state not in states.UNDO_MOVES.get(old, ()):
                continue
            undone = self.filtered(lambda a, old=old: previous[a.id] == old)
            # sudo: salon.appointment - the stamps are kept by the system
            super(SalonAppointment, undone.sudo()).write({stamp: False})

    def _log_state(self, previous, reason=None):
        # sudo: salon.state.event - nobody may write the history by hand
        self.env["salon.state.event"].sudo().create(
            [
                {
                    "visit_id": appointment.visit_id.id,
                    "appointment_id": appointment.id,
                    "previous": previous.get(appointment.id),
                    "state": appointment.state,
                    "user_id": self.env.uid,
                    "reason": reason,
                }
                for appointment in self
                if not appointment.visit_id.is_history
            ]
        )

    def _after_state_change(self, previous):
        """Hook: called in the same transaction, never for imported history.

        :param previous: ``{appointment id: state before}``
        """
        lost = self.filtered(
            lambda appointment: (
                appointment.state in states.LOST
                and previous[appointment.id] in states.OCCUPYING
            )
        )
        self._tell_freed(self.env["salon.booking"]._days(lost))
        self._move_to_real_start(previous)

    def _move_to_real_start(self, previous):
        """Where the branch wants it, what has begun stands where it really began.

        If the person is not free then, it stays where it was planned.
        """
        for appointment in self.filtered(
            lambda one: (
                one.state == states.IN_SERVICE
                and previous[one.id] not in (states.DONE, *states.LOST)
                and one.branch_id.moves_to_real_start
                and not one.group_event_id
            )
        ):
            began = appointment.started_at.replace(second=0, microsecond=0)
            if began == appointment.start:
                continue
            if abs(began - appointment.start) > MOST_EARLY_OR_LATE:
                continue
            try:
                with self.env.cr.savepoint():
                    self.env["salon.booking"]._place(
                        appointment, {appointment: {"start": began}}
                    )
                    appointment.flush_recordset()
            except SlotTaken:
                appointment.invalidate_recordset(["start", "stop"])

    def action_confirm(self):
        self._set_state("confirmed")

    def action_arrive(self):
        self._set_state("arrived")

    def action_start(self):
        self._set_state("in_service")

    def action_done(self):
        self._set_state("done")

    def action_no_show(self):
        self._set_state("no_show")

    def action_cancel(self):
        """Ask for the reason first."""
        return self.env["salon.cancel.wizard"]._open(self)

    def action_reopen(self):
        """Take back done, cancelled or no-show; needs the right to undo."""
        self.filtered(lambda a: a.state == "done")._set_state("in_service")
        self.filtered(lambda a: a.state in states.LOST)._set_state("booked")

    def action_open_visit(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "salon.visit",
            "res_id": self.visit_id.id,
            "views": [(False, "form")],
        }

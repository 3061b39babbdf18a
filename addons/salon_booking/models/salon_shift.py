from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, format_date, format_duration, ormcache

from ..engine import clock
from ..engine.windows import ONE_DAY, break_bounds, shift_bounds

#: What of a shift decides when somebody can be booked.
SOURCES = frozenset(
    "branch_id break_ids business_date is_published kind staff_id start stop time_from "
    "time_to".split()
)
#: Fields on the wall clock that follow when only UTC moments are given.
WALL = ("business_date", "time_from", "time_to")


def minutes_of(hours):
    """Whole minutes of a time of day as the host keeps it: 9.5 is 9:30."""
    return round((hours or 0) * 60)


class SalonShift(models.Model):
    """One stretch of work of one person on one business day, or a day off.

    A person with any published shift on a business day works these and nothing else
    on that day, in every branch; the weekly calendar counts for the other days.
    """

    _name = "salon.shift"
    _description = "Salon Shift"
    _inherit = ["salon.own.mixin"]
    _order = "business_date, start, staff_id, id"
    _check_company_auto = True

    staff_id = fields.Many2one(
        "hr.employee",
        "Staff Member",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        domain="[('is_salon_staff', '=', True)]",
    )
    branch_id = fields.Many2one(
        "salon.branch",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env["salon.visit"]._default_branch_id(),
    )
    company_id = fields.Many2one(
        related="branch_id.company_id", store=True, index=True, precompute=True
    )
    kind = fields.Selection(
        [("work", "Work"), ("off", "Day off")],
        default="work",
        required=True,
        help="A day off says that the person does not work on that day although the "
        "weekly hours would.",
    )
    business_date = fields.Date(
        "Day",
        required=True,
        index=True,
        default=lambda self: fields.Date.context_today(self),
        help="A shift past midnight belongs to the day on which it starts.",
    )
    time_from = fields.Float(
        "From",
        default=9,
        required=True,
        aggregator=None,
        help="On the clock of the branch.",
    )
    time_to = fields.Float(
        "To",
        default=17,
        required=True,
        aggregator=None,
        help="On the clock of the branch. The same as the start or earlier: "
        "on the next day.",
    )
    start = fields.Datetime(
        compute="_compute_start_stop",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    stop = fields.Datetime(
        compute="_compute_start_stop",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    break_ids = fields.One2many("salon.shift.break", "shift_id", "Breaks", copy=True)
    planned_hours = fields.Float(
        compute="_compute_planned_hours",
        store=True,
        help="From start to end without breaks; as long as the clocks really run.",
    )
    is_published = fields.Boolean(
        "Published",
        default=True,
        help="Only published shifts are seen by the team and can be booked. A draft "
        "changes nothing yet.",
    )
    note = fields.Char()

    # Deferrable, as with another zone of a branch all its shifts move at once, each to
    # where another one was.
    _no_overlap = models.Constraint(
        """EXCLUDE USING gist (
            int4range(staff_id, staff_id, '[]') WITH =,
            tsrange(start, stop, '[)') WITH &&
        ) WHERE (kind = 'work') DEFERRABLE INITIALLY IMMEDIATE""",
        "This person already has a shift at that time. Change that one, or choose "
        "other hours.",
    )
    _one_day_off = models.UniqueIndex(
        "(staff_id, business_date) WHERE kind = 'off'",
        "This person already has that day off.",
    )
    _stop_after_start = models.Constraint(
        "CHECK (start < stop)",
        "A shift lasts at least a minute; on a night when the clocks change, the hours "
        "typed may not exist.",
    )
    _hours_of_a_day = models.Constraint(
        "CHECK (time_from >= 0 AND time_from < 24 AND time_to >= 0 AND time_to <= 24)",
        "Hours of a shift are between 0:00 and 24:00.",
    )
    _branch_date = models.Index("(branch_id, business_date)")
    _staff_date = models.Index("(staff_id, business_date)")
    _past_midnight = models.Index("(time_to) WHERE time_to <= time_from")

    @api.depends("kind", *WALL, "branch_id.tz")
    def _compute_start_stop(self):
        for shift in self:
            if not shift.business_date:
                shift.start = shift.stop = False
                continue
            is_off = shift.kind == "off"
            start, stop = shift_bounds(
                shift.business_date,
                0 if is_off else minutes_of(shift.time_from),
                0 if is_off else minutes_of(shift.time_to),
                shift.branch_id.tz or "UTC",
            )
            shift.start, shift.stop = clock.to_utc(start), clock.to_utc(stop)

    @api.depends("kind", "start", "stop", "break_ids.start", "break_ids.stop")
    def _compute_planned_hours(self):
        for shift in self:
            stretches = [(shift, 1), *((pause, -1) for pause in shift.break_ids)]
            shift.planned_hours = (shift.kind == "work") * sum(
                sign * (stretch.stop - stretch.start).total_seconds() / 3600
                for stretch, sign in stretches
                if stretch.start and stretch.stop
            )

    @api.depends("staff_id", "kind", "is_published", *WALL)
    @api.depends_context("lang", "salon_short_names")
    def _compute_display_name(self):
        # On a calendar the place of a shift says its day and hours.
        is_short = self.env.context.get("salon_short_names")
        for shift in self:
            values = {
                "staff": shift.staff_id.display_name,
                "day": format_date(self.env, shift.business_date),
                "start": format_duration(shift.time_from),
                "stop": format_duration(shift.time_to),
            }
            if is_short and shift.kind == "off":
                shift.display_name = self.env._("%(staff)s: off", **values)
            elif is_short and not shift.is_published:
                shift.display_name = self.env._("%(staff)s (draft)", **values)
            elif is_short:
                shift.display_name = values["staff"]
            elif shift.kind == "off":
                shift.display_name = self.env._("%(staff)s: %(day)s off", **values)
            else:
                shift.display_name = self.env._(
                    "%(staff)s: %(day)s, %(start)s – %(stop)s", **values
                )

    @api.constrains("business_date")
    def _check_within_reach(self):
        self.env["salon.reach"]._check_days(*self.mapped("business_date"))

    @api.constrains("kind", "staff_id", "business_date")
    def _check_off_alone(self):
        """A day off beside work on the same day would say nothing."""
        # sudo: salon.shift - the plan of another branch is in the way, too
        shifts = self.sudo().search(
            [
                ("staff_id", "in", self.staff_id.ids),
                ("business_date", "in", self.mapped("business_date")),
            ]
        )
        for (staff, day), same in shifts.grouped(
            lambda shift: (shift.staff_id, shift.business_date)
        ).items():
            if len(set(same.mapped("kind"))) > 1:
                raise ValidationError(
                    self.env._(
                        "%(staff)s has both work and a day off on %(day)s. Delete one "
                        "of them first.",
                        staff=staff.display_name,
                        day=format_date(self.env, day),
                    )
                )

    @api.constrains("kind", *WALL, "branch_id", "break_ids")
    def _check_breaks(self):
        self.break_ids._check_inside()

    @api.model
    def default_get(self, fields):
        # A stretch drawn on the calendar comes as two moments.
        return self._with_wall(super().default_get(fields))

    @api.model_create_multi
    def create(self, vals_list):
        with self.env["salon.hours"]._collected():
            shifts = super().create([self._with_wall(vals) for vals in vals_list])
            shifts._hours_changed()
        return shifts

    def write(self, vals):
        if not SOURCES & vals.keys():
            return super().write(vals)
        with self.env["salon.hours"]._collected():
            self._hours_changed()
            if {"start", "stop"} & vals.keys():
                for shift in self:
                    # Dragged on a calendar: each keeps what was not given.
                    moved = {"start": shift.start, "stop": shift.stop, **vals}
                    moved = shift._with_wall(moved, shift.branch_id.id)
                    super(SalonShift, shift).write(moved)
            else:
                super().write(vals)
            self._hours_changed()
        return True

    def unlink(self):
        with self.env["salon.hours"]._collected():
            self._hours_changed()
            return super().unlink()

    def _hours_changed(self):
        """Windows, and the business day of visits at night, follow the plan."""
        shifts = self.filtered("is_published")
        if not shifts:
            return
        dates = shifts.mapped("business_date")
        # sudo: hr.employee - only the ids of resources are read
        resources = shifts.sudo().staff_id.resource_id
        self.env["salon.hours"]._changed(
            resources.ids,
            first=min(dates) - ONE_DAY,
            last=max(dates) + ONE_DAY,
            origin=self.env._("Shifts"),
        )
        for shift in shifts:
            if shift.kind == "work" and shift.time_to <= shift.time_from:
                if shift.time_to > self._latest_morning():
                    self.env.registry.clear_cache()
                self.env["salon.hours"]._night_changed(
                    shift.staff_id, shift.start, shift.stop
                )

    @api.model
    @ormcache()
    def _latest_morning(self):
        """When the longest of all shifts past midnight ends, in hours; 0: none does.

        Most salons have none, and then a moment belongs to its own day.
        """
        self.flush_model(["time_from", "time_to"])
        [(latest,)] = self.env.execute_query(
            SQL("SELECT MAX(time_to) FROM salon_shift WHERE time_to <= time_from")
        )
        return latest or 0

    @api.model
    def _with_wall(self, vals, branch_id=None):
        """Add what the clock shows to values that only have UTC moments."""
        if not vals.get("start") or not vals.get("stop"):
            return vals
        branch = self.env["salon.branch"].browse(vals.get("branch_id") or branch_id)
        branch = branch or self.env["salon.visit"]._default_branch_id()
        start, stop = (
            clock.local(
                clock.to_minutes(fields.Datetime.to_datetime(vals[name])), branch.tz
            )
            for name in ("start", "stop")
        )
        return {
            **vals,
            "business_date": vals.get("business_date") or start.date(),
            "time_from": start.hour + start.minute / 60,
            "time_to": stop.hour + stop.minute / 60,
        }

    @api.model
    def _plan(self, plans):
        """Create many shifts with breaks in one go, e.g. a generated roster.

        :param plans: values of shifts; in ``breaks`` a list of ``(from, to)`` in hours
            on the clock of the branch
        :return: the shifts, in the same order
        """
        vals_list = []
        for plan in plans:
            vals = {name: value for name, value in plan.items() if name != "breaks"}
            if plan.get("breaks"):
                vals["break_ids"] = [
                    Command.create({"time_from": hour_from, "time_to": hour_to})
                    for hour_from, hour_to in plan["breaks"]
                ]
            vals_list.append(vals)
        return self.create(vals_list)

    # rpc: the right to write shifts
    def action_publish(self):
        """Let the team see these shifts and clients book them."""
        self.check_access("write")
        self.is_published = True


class SalonShiftBreak(models.Model):
    """A pause inside of a shift: nobody is booked then."""

    _name = "salon.shift.break"
    _description = "Break in a Salon Shift"
    _inherit = ["salon.own.mixin"]
    _order = "start, id"

    shift_id = fields.Many2one(
        "salon.shift", required=True, index=True, ondelete="cascade"
    )
    time_from = fields.Float("From", default=13, required=True, aggregator=None)
    time_to = fields.Float("To", default=13.5, required=True, aggregator=None)
    start = fields.Datetime(
        compute="_compute_start_stop", store=True, required=True, precompute=True
    )
    stop = fields.Datetime(
        compute="_compute_start_stop", store=True, required=True, precompute=True
    )

    _stop_after_start = models.Constraint(
        "CHECK (start < stop)", "A break lasts at least a minute."
    )
    _hours_of_a_day = models.Constraint(
        "CHECK (time_from >= 0 AND time_from < 24 AND time_to >= 0 AND time_to <= 24)",
        "Hours of a break are between 0:00 and 24:00.",
    )

    @api.depends(
        "time_from",
        "time_to",
        "shift_id.business_date",
        "shift_id.time_from",
        "shift_id.branch_id.tz",
    )
    def _compute_start_stop(self):
        for pause in self:
            shift = pause.shift_id
            if not shift.business_date:
                pause.start = pause.stop = False
                continue
            start, stop = break_bounds(
                shift.business_date,
                minutes_of(shift.time_from),
                minutes_of(pause.time_from),
                minutes_of(pause.time_to),
                shift.branch_id.tz or "UTC",
            )
            pause.start, pause.stop = clock.to_utc(start), clock.to_utc(stop)

    @api.model_create_multi
    def create(self, vals_list):
        with self.env["salon.hours"]._collected():
            pauses = super().create(vals_list)
            pauses.shift_id._hours_changed()
        return pauses

    def write(self, vals):
        with self.env["salon.hours"]._collected():
            self.shift_id._hours_changed()
            result = super().write(vals)
            self.shift_id._hours_changed()
        return result

    def unlink(self):
        with self.env["salon.hours"]._collected():
            self.shift_id._hours_changed()
            return super().unlink()

    @api.depends("time_from", "time_to")
    def _compute_display_name(self):
        for pause in self:
            pause.display_name = (
                f"{format_duration(pause.time_from)} – {format_duration(pause.time_to)}"
            )

    @api.constrains("time_from", "time_to", "shift_id")
    def _check_inside(self):
        for pause in self:
            shift = pause.shift_id
            if shift.kind == "work" and not (
                shift.start <= pause.start and pause.stop <= shift.stop
            ):
                raise ValidationError(
                    self.env._(
                        "The break %(break)s is not inside of the shift “%(shift)s”. "
                        "Move the break, or delete it.",
                        **{"break": pause.display_name},
                        shift=shift.display_name,
                    )
                )

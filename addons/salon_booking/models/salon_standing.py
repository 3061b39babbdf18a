from datetime import timedelta

from babel.dates import get_day_names

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date, format_time
from odoo.tools.misc import babel_locale_parse, get_lang

from ..engine import clock, recurrence, states
from ..engine.wishes import ServiceWish, VisitWish

#: Fields of the days as the host's widget ``week_days`` knows them, from Monday on.
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: The longest series that is booked at once: two years of weeks.
MOST_DATES = 104
#: Of a month, as ``engine.recurrence`` counts.
LAST_WEEK = 4
#: Days after which a series that nobody booked is thrown away.
DRAFT_DAYS = 7


class SalonStanding(models.Model):
    """A standing appointment: the same services on dates that come back.

    As a draft it lists all its dates with what speaks against each one; booking makes
    the visits in one go. Without an end it is booked some weeks ahead by a cron.
    """

    _name = "salon.standing"
    _description = "Standing Appointment"
    _inherit = ["salon.guarded.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True
    _guarded_fields = frozenset({"state", "previous_id", "planned_until"})

    branch_id = fields.Many2one(
        "salon.branch",
        required=True,
        index=True,
        default=lambda self: self.env["salon.visit"]._default_branch_id(),
    )
    company_id = fields.Many2one(
        related="branch_id.company_id", store=True, precompute=True
    )
    client_id = fields.Many2one(
        "res.partner", required=True, index=True, check_company=True, tracking=True
    )
    line_ids = fields.One2many("salon.standing.line", "standing_id", copy=True)
    date_start = fields.Date(
        "First Date",
        required=True,
        default=lambda self: self._default_date_start(),
        tracking=True,
    )
    hour = fields.Float(
        "At",
        required=True,
        default=10.0,
        tracking=True,
        help="On the clock of the branch; it stays the same when clocks change.",
    )
    every = fields.Integer(required=True, default=4, tracking=True)
    unit = fields.Selection(
        [
            (recurrence.DAY, "Days"),
            (recurrence.WEEK, "Weeks"),
            (recurrence.MONTH, "Months"),
        ],
        required=True,
        default=recurrence.WEEK,
        tracking=True,
        help="Months keep the weekday of the first date: the second Tuesday, the last "
        "Friday.",
    )
    mon = fields.Boolean("Monday")
    tue = fields.Boolean("Tuesday")
    wed = fields.Boolean("Wednesday")
    thu = fields.Boolean("Thursday")
    fri = fields.Boolean("Friday")
    sat = fields.Boolean("Saturday")
    sun = fields.Boolean("Sunday")
    end_kind = fields.Selection(
        [
            ("count", "After a number of times"),
            ("until", "On a date"),
            ("never", "Without end"),
        ],
        "Ends",
        required=True,
        default="count",
        tracking=True,
    )
    count = fields.Integer("Times", default=12, tracking=True)
    date_until = fields.Date("Until", tracking=True)
    ahead_weeks = fields.Integer(
        "Booked Ahead (weeks)",
        default=12,
        required=True,
        help="A series without end is booked so many weeks ahead, every night.",
    )
    note = fields.Text(help="Put on each visit; seen by the team only.")
    overlap_reason = fields.Char(
        help="Why dates of this series may overlap other bookings."
    )
    state = fields.Selection(
        [("draft", "Draft"), ("active", "Booked"), ("ended", "Ended")],
        default="draft",
        required=True,
        index=True,
        copy=False,
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user,
        help="Is asked when a date of a series without end is not free.",
    )
    previous_id = fields.Many2one(
        "salon.standing",
        "Continues",
        copy=False,
        index="btree_not_null",
        help="The series whose later visits this one takes over.",
    )
    planned_until = fields.Date(
        "Booked Until", copy=False, help="The last date that was looked at."
    )
    date_ids = fields.One2many("salon.standing.date", "standing_id", copy=False)
    visit_ids = fields.One2many("salon.visit", "standing_id")
    visit_count = fields.Integer(compute="_compute_counts")
    conflict_count = fields.Integer(
        "Dates to Settle", compute="_compute_counts", search="_search_conflict_count"
    )
    has_pending_dates = fields.Boolean(compute="_compute_counts")
    rule_text = fields.Char("Comes Back", compute="_compute_rule_text")
    service_names = fields.Char("Services", compute="_compute_service_names")

    _every_sensible = models.Constraint(
        "CHECK (every BETWEEN 1 AND 99)",
        "A series comes back every 1 to 99 days, weeks or months.",
    )
    _hour_sensible = models.Constraint(
        "CHECK (hour >= 0 AND hour < 24)", "The time of a series is 0:00 to 23:59."
    )
    _count_sensible = models.Constraint(
        "CHECK (end_kind != 'count' OR count BETWEEN 1 AND 104)",
        "A series has 1 to 104 dates.",
    )
    _until_given = models.Constraint(
        "CHECK (end_kind != 'until' OR date_until >= date_start)",
        "A series ends on a date after its first one.",
    )
    _ahead_sensible = models.Constraint(
        "CHECK (ahead_weeks BETWEEN 1 AND 52)",
        "A series without end is booked 1 to 52 weeks ahead.",
    )

    @api.model
    def _default_date_start(self):
        return fields.Date.context_today(self)

    @api.depends("visit_ids", "date_ids.state")
    def _compute_counts(self):
        visits = dict(
            self.env["salon.visit"]._read_group(
                [("standing_id", "in", self.ids)], ["standing_id"], ["__count"]
            )
        )
        for standing in self:
            standing.visit_count = visits.get(standing._origin, 0)
            standing.conflict_count = len(
                standing.date_ids.filtered(lambda date: date.state == "conflict")
            )
            standing.has_pending_dates = any(
                date.state not in ("booked", "skipped") for date in standing.date_ids
            )

    @api.model
    def _search_conflict_count(self, operator, value):
        """Only whether there are any: ``> 0`` and ``= 0``."""
        having = [("date_ids", "any", [("state", "=", "conflict")])]
        if (operator, value) == (">", 0):
            return having
        if operator in ("=", "in") and value in (0, [0], (0,)):
            return ["!", *having]
        return NotImplemented

    @api.depends("line_ids.product_id")
    def _compute_service_names(self):
        for standing in self:
            standing.service_names = ", ".join(
                line.product_id.name for line in standing.line_ids if line.product_id
            )

    @api.depends("every", "unit", "hour", *WEEKDAYS)
    @api.depends_context("lang")
    def _compute_rule_text(self):
        for standing in self:
            standing.rule_text = standing._get_rule_text()

    def _get_rule_text(self):
        wall = clock.to_utc(round(self.hour * 60)).time() if self.hour < 24 else False
        time = wall and format_time(self.env, wall, time_format="short")
        values = {"every": self.every, "time": time or ""}
        if self.unit == recurrence.DAY:
            return self.env._("every %(every)s days at %(time)s", **values)
        if self.unit == recurrence.MONTH:
            return self.env._("every %(every)s months at %(time)s", **values)
        locale = babel_locale_parse(get_lang(self.env).code)
        names = get_day_names("abbreviated", locale=locale)
        values["days"] = ", ".join(
            names[number] for number in sorted(self._get_weekdays())
        )
        if self.every == 1:
            return self.env._("every week on %(days)s at %(time)s", **values)
        return self.env._("every %(every)s weeks on %(days)s at %(time)s", **values)

    @api.depends("client_id", "rule_text")
    @api.depends_context("uid")
    def _compute_display_name(self):
        for standing in self:
            name = standing.client_id._get_salon_name()
            standing.display_name = f"{name} · {standing.rule_text or ''}"

    @api.onchange("date_start")
    def _onchange_date_start(self):
        """The days of the week follow the first date while none other is chosen."""
        chosen = [day for day in WEEKDAYS if self[day]]
        if self.date_start and len(chosen) <= 1:
            for number, day in enumerate(WEEKDAYS):
                self[day] = number == self.date_start.weekday()

    @api.constrains("line_ids")
    def _check_has_services(self):
        for standing in self:
            if not standing.line_ids:
                raise ValidationError(
                    self.env._(
                        "The standing appointment of %(client)s has no service. Add "
                        "at least one.",
                        client=standing.client_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        standings = super().create(vals_list)
        for standing in standings:
            # Seen in the form as it is meant: on the day of the first date.
            if not any(standing[day] for day in WEEKDAYS):
                standing[WEEKDAYS[standing.date_start.weekday()]] = True
        return standings

    def write(self, vals):
        fixed = {"branch_id", "client_id", "date_start", "hour", "every", "unit"}
        if (fixed | set(WEEKDAYS)) & vals.keys():
            booked = self.filtered(lambda standing: standing.state != "draft")
            if booked and not self.env.su:
                raise UserError(
                    self.env._(
                        "%(series)s is booked. Use “Change series” to change this and "
                        "following dates.",
                        series=booked[0].display_name,
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        booked = self.filtered(lambda standing: standing.state != "draft")
        if booked:
            raise UserError(
                self.env._(
                    "%(series)s is booked and cannot be deleted. Cancel it instead.",
                    series=booked[0].display_name,
                )
            )

    # --- what it means ---

    def _get_weekdays(self):
        chosen = {number for number, day in enumerate(WEEKDAYS) if self[day]}
        if not chosen and self.date_start:
            chosen = {self.date_start.weekday()}
        return frozenset(chosen)

    def _get_rule(self):
        self.ensure_one()
        return recurrence.Rule(
            self.unit,
            self.every,
            self._get_weekdays(),
            self.date_until if self.end_kind == "until" else None,
            self.count if self.end_kind == "count" else None,
            self._get_week_of_month(),
        )

    def _get_week_of_month(self):
        """Which one of its weekday a monthly series means; 4 is the last.

        The last Friday that a changed series takes over may be a fourth one.
        """
        if self.unit != recurrence.MONTH:
            return None
        before = self.previous_id
        if (
            before
            and before._get_week_of_month() == LAST_WEEK
            and before.date_start.weekday() == self.date_start.weekday()
            and recurrence.is_last_of_month(self.date_start)
        ):
            return LAST_WEEK
        return recurrence.week_of(self.date_start)

    def _get_occurrences(self, after=None):
        """Its dates as ``engine.recurrence.Occurrence``, the cap and the end kept.

        :param after: only dates later than this one
        """
        self.ensure_one()
        wall = round(self.hour * 60)
        last = None
        if self.end_kind == "never":
            today = fields.Date.context_today(self)
            last = max(self.date_start, today) + timedelta(weeks=self.ahead_weeks)
        found = []
        for day in recurrence.days(self._get_rule(), self.date_start):
            if (last and day > last) or len(found) == MOST_DATES:
                break
            if not after or day > after:
                found.append(recurrence.at_wall(day, wall, self.branch_id.tz))
        return found

    def _get_wish(self, any_staff=False):
        self.ensure_one()
        return VisitWish(
            branch=self.branch_id.id,
            client=self.client_id.id,
            services=tuple(
                ServiceWish(
                    product=line.product_id.id,
                    staff=None if any_staff else tuple(line.staff_id.ids) or None,
                    minutes=line.duration_minutes or None,
                    is_requested=bool(line.staff_id),
                )
                for line in self.line_ids
            ),
        )

    def _get_future_visits(self, day=None):
        """Visits of the series that have not begun, from a date of the series on."""
        now = fields.Datetime.now()
        return self.visit_ids.filtered(
            lambda visit: (
                visit.state in (states.BOOKED, states.CONFIRMED)
                and visit.start > now
                and (not day or visit.standing_date >= day)
            )
        ).sorted("standing_date")

    # --- actions ---

    # rpc: salon.series writes with the rights of the user
    def action_plan(self):
        """List the dates with what speaks against each; nothing is booked."""
        self.ensure_one()
        self.check_access("write")
        self.env["salon.series"]._plan(self)

    # rpc: salon.series books with the rights of the user
    def action_book(self):
        """Book every date of the list, all or none."""
        self.ensure_one()
        self.check_access("write")
        visits = self.env["salon.series"]._book(self)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Visits booked: %(count)s.", count=len(visits)),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # rpc: only opens a dialog; what it does checks rights
    def action_change(self):
        self.ensure_one()
        return self.env["salon.standing.change"]._open(self)

    # rpc: leads to records that are read with the rights of the user
    def action_view_visits(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "salon_booking.salon_visit_action"
        )
        return {**action, "domain": [("standing_id", "=", self.id)], "context": {}}

    @api.model
    def _extend_all(self):
        """Book series without end further ahead (nightly)."""
        cron = self.env["ir.cron"]
        standings = self.search([("state", "=", "active"), ("end_kind", "=", "never")])
        cron._commit_progress(remaining=len(standings))
        for standing in standings:
            self.env["salon.series"]._extend(standing)
            if not cron._commit_progress(1):
                break

    @api.autovacuum
    def _gc_drafts(self):
        before = fields.Datetime.now() - timedelta(days=DRAFT_DAYS)
        self.search(
            [("state", "=", "draft"), ("write_date", "<", before)], limit=1000
        ).unlink()


class SalonStandingLine(models.Model):
    _name = "salon.standing.line"
    _description = "Service of a Standing Appointment"
    _inherit = ["salon.own.mixin"]
    _order = "standing_id, sequence, id"
    _check_company_auto = True

    standing_id = fields.Many2one(
        "salon.standing", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="standing_id.company_id")
    branch_id = fields.Many2one(related="standing_id.branch_id")
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        "product.product",
        "Service",
        required=True,
        check_company=True,
        domain="[('is_salon_service', '=', True)]",
    )
    staff_id = fields.Many2one(
        "hr.employee",
        "With",
        check_company=True,
        domain="[('is_salon_staff', '=', True), ('salon_branch_ids', 'in', branch_id)]",
        help="Empty: anybody who can do it.",
    )
    duration_minutes = fields.Integer(
        "Minutes", help="0: what the person needs for it."
    )

    _minutes_sensible = models.Constraint(
        "CHECK (duration_minutes IS NULL OR duration_minutes BETWEEN 0 AND 1440)",
        "A service lasts at most a day.",
    )


class SalonStandingDate(models.Model):
    """One date of a series: free, in conflict, or how the conflict is solved."""

    _name = "salon.standing.date"
    _description = "Date of a Standing Appointment"
    _inherit = ["salon.guarded.mixin"]
    _order = "standing_id, date"
    _rec_name = "date"
    _guarded_fields = frozenset(
        {"date", "start", "is_shifted", "reason", "offer", "proposals", "visit_id"}
    )

    standing_id = fields.Many2one(
        "salon.standing", required=True, index=True, ondelete="cascade"
    )
    branch_id = fields.Many2one(related="standing_id.branch_id", store=True)
    company_id = fields.Many2one(related="standing_id.company_id", store=True)
    date = fields.Date(required=True)
    start = fields.Datetime(required=True, help="What the rule gives.")
    is_shifted = fields.Boolean(
        help="The clock skips this time on this day; it was moved forward."
    )
    state = fields.Selection(
        [
            ("free", "Free"),
            ("conflict", "Not free"),
            ("chosen", "Other time"),
            ("squeeze", "Squeezed in"),
            ("skipped", "Left out"),
            ("booked", "Booked"),
        ],
        required=True,
        default="conflict",
    )
    reason = fields.Char("Why")
    offer = fields.Json(help="What will be booked: service, person, start, stop.")
    proposals = fields.Json("Instead", help="The nearest times that can be had.")
    visit_id = fields.Many2one("salon.visit", ondelete="set null")
    moment = fields.Char("When", compute="_compute_moment")

    _standing_date_unique = models.UniqueIndex(
        "(standing_id, date)", "This date is in the series already."
    )

    @api.depends("start", "offer")
    @api.depends_context("lang")
    def _compute_moment(self):
        for date in self:
            zone = date.branch_id.tz or "UTC"
            starts = [part["start"] for part in date.offer or ()]
            minute = min(starts) if starts else clock.to_minutes(date.start)
            wall = clock.local(minute, zone)
            day = format_date(self.env, wall, date_format="EEE d MMM y")
            time = format_time(self.env, wall.time(), time_format="short")
            date.moment = f"{day}, {time}"

    def _settle(self, state, offer=None):
        for date in self:
            if date.state == "booked":
                raise UserError(
                    self.env._(
                        "%(date)s is booked. Open the visit to change it.",
                        date=date.moment,
                    )
                )
        self.standing_id.check_access("write")
        # sudo: salon.standing.date - kept by the system; the right to the series is
        # checked above
        self.sudo().write({"state": state, "offer": offer})

    # rpc: _settle checks the right to the series
    def action_take(self, start, staff_ids):
        """Take one of the times proposed for this date.

        :param start: UTC minutes, as in ``proposals``
        :param staff_ids: who does each service, as in ``proposals``
        """
        self.ensure_one()
        for proposal in self.proposals or ():
            if proposal["start"] == start and proposal["staff"] == list(staff_ids):
                self._settle("chosen", proposal["parts"])
                return
        raise UserError(
            self.env._("This time was not proposed. Press “Show dates” again.")
        )

    # rpc: _settle checks the right to the series
    def action_skip(self):
        self._settle("skipped")

    # rpc: _settle checks the right to the series, booking the right to squeeze in
    def action_squeeze(self):
        for date in self:
            date._settle("squeeze", self.env["salon.series"]._get_exact_parts(date))

    # rpc: _settle checks the right to the series
    def action_undo(self):
        """Take a decision about this date back."""
        self._settle("conflict")

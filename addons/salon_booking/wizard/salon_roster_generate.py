from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

EDITED = [("keep", "Leave them as they are"), ("replace", "Replace them")]
#: So far a roster is made in one go.
MOST_DAYS = 400


class SalonRosterGenerate(models.TransientModel):
    """Make shifts for months from the patterns of a branch's people."""

    _name = "salon.roster.generate"
    _description = "Make Shifts from Patterns"

    branch_id = fields.Many2one(
        "salon.branch",
        required=True,
        default=lambda self: self.env["salon.visit"]._default_branch_id(),
    )
    staff_ids = fields.Many2many(
        "hr.employee.public",
        string="Who",
        domain="[('is_salon_staff', '=', True), ('salon_branch_ids', 'in', branch_id)]",
        help="Empty: everybody with a pattern in the branch.",
    )
    assignment_ids = fields.Many2many(
        "salon.roster.assignment",
        string="Rosters",
        readonly=True,
        help="Those that were marked, in whatever branches.",
    )
    pattern_id = fields.Many2one(
        "salon.roster.pattern",
        "New Pattern",
        help="Given to these people from the first day on, in place of the one they "
        "have. Empty: as they have.",
    )
    date_from = fields.Date(
        "From",
        required=True,
        default=lambda self: fields.Date.context_today(self) + timedelta(days=1),
    )
    date_until = fields.Date(
        "Until",
        required=True,
        default=lambda self: (
            fields.Date.context_today(self) + relativedelta(months=3, day=1, days=-1)
        ),
    )
    edited = fields.Selection(
        EDITED,
        "Days Changed by Hand",
        required=True,
        default="keep",
    )
    is_published = fields.Boolean(
        "Publish at Once", help="Off: the shifts are drafts until you publish them."
    )

    # rpc: managers only by access rights; shifts are written with the user's rights
    def action_generate(self):
        self.ensure_one()
        self.env["salon.shift"].check_access("create")
        if not 0 <= (self.date_until - self.date_from).days < MOST_DAYS:
            raise UserError(
                self.env._(
                    "A roster is made for 1 to %(days)s days at once. Choose other "
                    "dates.",
                    days=MOST_DAYS,
                )
            )
        made = self.env["salon.roster"]._generate(
            self._get_assignments(),
            self.date_from,
            self.date_until,
            self.edited,
            self.is_published,
        )
        return self._show(made, self.date_from, self.date_until)

    def _get_staff(self):
        """Managers choose from the directory, not from the personnel files."""
        return self.env["hr.employee"].browse(self.staff_ids.ids)

    def _get_assignments(self):
        assignments = self.env["salon.roster.assignment"]
        if self.pattern_id and self.assignment_ids:
            for branch, marked in self.assignment_ids.grouped("branch_id").items():
                assignments |= assignments._assign(
                    marked.staff_id, branch, self.pattern_id, self.date_from
                )
            return assignments
        if self.pattern_id:
            if not self.staff_ids:
                raise UserError(
                    self.env._(
                        "Say who is to work by “%(pattern)s”.",
                        pattern=self.pattern_id.name,
                    )
                )
            return assignments._assign(
                self._get_staff(), self.branch_id, self.pattern_id, self.date_from
            )
        domain = [
            ("staff_id.active", "=", True),
            ("date_from", "<=", self.date_until),
            "|",
            ("date_until", "=", False),
            ("date_until", ">=", self.date_from),
        ]
        if self.assignment_ids:
            domain.append(("id", "in", self.assignment_ids.ids))
        else:
            domain.append(("branch_id", "=", self.branch_id.id))
        if self.staff_ids:
            domain.append(("staff_id", "in", self.staff_ids.ids))
        found = assignments.search(domain)
        if not found:
            raise UserError(
                self.env._(
                    "Nobody chosen works by a pattern in %(branch)s on these days. "
                    "Choose a new pattern here, or assign one under Rosters.",
                    branch=", ".join(
                        (self.assignment_ids.branch_id or self.branch_id).mapped("name")
                    ),
                )
            )
        return found

    @api.model
    def _show(self, made, first, last):
        """The shifts of these days, and how many days were left as they are.

        Who asks from the roster itself, by ``salon_stay`` in the context, stays there.
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "salon_booking.salon_shift_action"
        )
        staff_ids = {staff for staff, _day in made.kept} | set(made.shifts.staff_id.ids)
        action = {
            **action,
            "view_mode": "list,calendar,form",
            "views": [(False, "list"), (False, "calendar"), (False, "form")],
            "domain": [
                ("staff_id", "in", list(staff_ids)),
                ("business_date", ">=", first),
                ("business_date", "<=", last),
            ],
            "context": {"search_default_group_staff": 1},
        }
        if self.env.context.get("salon_stay"):
            action = {"type": "ir.actions.act_window_close"}
        kept = len(set(made.kept))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if kept else "success",
                "sticky": bool(kept),
                "message": self.env._(
                    "%(shifts)s shifts made; %(kept)s days left as they were.",
                    shifts=len(made.shifts),
                    kept=kept,
                ),
                "next": action,
            },
        }


class SalonRosterCopy(models.TransientModel):
    """Repeat one week in the weeks after it."""

    _name = "salon.roster.copy"
    _description = "Copy a Week of Shifts"

    branch_id = fields.Many2one(
        "salon.branch",
        required=True,
        default=lambda self: self.env["salon.visit"]._default_branch_id(),
    )
    staff_ids = fields.Many2many(
        "hr.employee.public",
        string="Who",
        domain="[('is_salon_staff', '=', True), ('salon_branch_ids', 'in', branch_id)]",
        help="Empty: everybody with shifts in that week.",
    )
    day = fields.Date(
        "Week of",
        required=True,
        default=lambda self: fields.Date.context_today(self),
        help="Any day of the week to copy; it runs from Monday to Sunday.",
    )
    weeks = fields.Integer(
        "Following Weeks",
        default=1,
        required=True,
        help="Into how many weeks after it.",
    )
    edited = fields.Selection(
        EDITED,
        "Days That Have Shifts",
        required=True,
        default="keep",
        help="Days on which a pattern made the shifts always follow the copied week.",
    )

    _weeks_sensible = models.Constraint(
        "CHECK (weeks BETWEEN 1 AND 52)", "A week is copied into 1 to 52 weeks."
    )

    # rpc: managers only by access rights; shifts are written with the user's rights
    def action_copy(self):
        self.ensure_one()
        self.env["salon.shift"].check_access("create")
        monday = self.day - timedelta(days=self.day.weekday())
        made = self.env["salon.roster"]._copy_week(
            self.branch_id,
            monday,
            self.weeks,
            self.env["hr.employee"].browse(self.staff_ids.ids),
            self.edited,
        )
        return self.env["salon.roster.generate"]._show(
            made,
            monday + timedelta(weeks=1),
            monday + timedelta(weeks=self.weeks + 1, days=-1),
        )

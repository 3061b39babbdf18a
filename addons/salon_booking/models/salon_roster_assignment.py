from datetime import timedelta

from odoo import api, fields, models

#: People of one cron batch, each some months of days at most.
BATCH = 50


class SalonRosterAssignment(models.Model):
    """Who works by which pattern, where and from when to when."""

    _name = "salon.roster.assignment"
    _description = "Salon Roster of a Staff Member"
    _inherit = ["salon.guarded.mixin"]
    _order = "staff_id, date_from, id"
    _check_company_auto = True
    _guarded_fields = frozenset({"generated_until"})

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
    company_id = fields.Many2one(related="branch_id.company_id", store=True)
    pattern_id = fields.Many2one(
        "salon.roster.pattern", required=True, index=True, ondelete="restrict"
    )
    date_from = fields.Date(
        "From", required=True, default=lambda self: fields.Date.context_today(self)
    )
    date_until = fields.Date("Until", help="The last day. Empty: until further notice.")
    anchor = fields.Date(
        "Cycle Begins",
        compute="_compute_anchor",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="A day of week A, or the first day on. Two people with different days "
        "take turns.",
    )
    weeks_ahead = fields.Integer(
        help="Every night shifts are made for so many weeks ahead. 0: only by hand.",
    )
    is_published_ahead = fields.Boolean(
        "Publish at Once", help="Shifts made at night need no look before they count."
    )
    generated_until = fields.Date("Made Until", readonly=True, copy=False)
    shift_ids = fields.One2many("salon.shift", "assignment_id")

    _until_after_from = models.Constraint(
        "CHECK (date_from <= date_until)", "A roster does not end before it begins."
    )
    _weeks_ahead_sensible = models.Constraint(
        "CHECK (weeks_ahead BETWEEN 0 AND 52)",
        "Rosters are made up to 52 weeks ahead.",
    )
    _one_at_a_time = models.Constraint(
        """EXCLUDE USING gist (
            int4range(staff_id, staff_id, '[]') WITH =,
            int4range(branch_id, branch_id, '[]') WITH =,
            daterange(date_from, date_until, '[]') WITH &&
        )""",
        "This person already has a roster in the branch for a part of these days. End "
        "that one first.",
    )

    @api.depends("date_from", "pattern_id")
    def _compute_anchor(self):
        for assignment in self:
            if not assignment.anchor:
                assignment.anchor = assignment.date_from

    @api.depends("staff_id", "pattern_id")
    def _compute_display_name(self):
        for assignment in self:
            assignment.display_name = (
                f"{assignment.staff_id.name or ''}: {assignment.pattern_id.name or ''}"
            )

    def action_generate(self):
        """Ask for how long and what becomes of days changed by hand."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Make Shifts"),
            "res_model": "salon.roster.generate",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_branch_id": self.branch_id[:1].id,
                "default_assignment_ids": self.ids,
            },
        }

    def action_view_shifts(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "salon.shift",
            "view_mode": "list,form",
            "domain": [("assignment_id", "=", self.id)],
            "context": {
                "default_staff_id": self.staff_id.id,
                "default_branch_id": self.branch_id.id,
            },
        }

    @api.model
    def _cron_generate(self):
        """Keep rosters made as far ahead as their assignments say."""
        today = fields.Date.context_today(self)
        due = self.search(
            [
                ("weeks_ahead", ">", 0),
                ("staff_id.active", "=", True),
                "|",
                ("date_until", "=", False),
                ("date_until", ">=", today),
            ]
        ).filtered(lambda assignment: assignment._get_missing_days(today))
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(due))
        for number in range(0, len(due), BATCH):
            batch = due[number : number + BATCH]
            for is_published, members in batch.grouped("is_published_ahead").items():
                for days, same in members.grouped(
                    lambda assignment: assignment._get_missing_days(today)
                ).items():
                    self.env["salon.roster"]._generate(
                        same, *days, is_published=is_published
                    )
            if not cron._commit_progress(len(batch)):
                break

    def _get_missing_days(self, today):
        """First and last day that are to be made, or None."""
        self.ensure_one()
        first = max(today, self.date_from)
        if self.generated_until:
            first = max(first, self.generated_until + timedelta(days=1))
        last = today + timedelta(weeks=self.weeks_ahead)
        if self.date_until:
            last = min(last, self.date_until)
        return (first, last) if first <= last else None

    @api.model
    def _assign(self, staff, branch, pattern, day):
        """Let people work by a pattern from a day on; what they had ends before it.

        What would begin later goes: the new pattern holds until further notice.
        """
        before = self.search(
            [
                ("staff_id", "in", staff.ids),
                ("branch_id", "=", branch.id),
                "|",
                ("date_until", "=", False),
                ("date_until", ">=", day),
            ]
        )
        before.filtered(lambda assignment: assignment.date_from >= day).unlink()
        before.exists().write({"date_until": day - timedelta(days=1)})
        # The constraint looks when the new ones come in.
        before.flush_model()
        return self.create(
            [
                {
                    "staff_id": person.id,
                    "branch_id": branch.id,
                    "pattern_id": pattern.id,
                    "date_from": day,
                }
                for person in staff
            ]
        )

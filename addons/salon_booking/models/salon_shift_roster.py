from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_date, format_duration

#: A change of one of these makes a shift from a pattern one made by hand.
PLANNED_FIELDS = frozenset(
    {
        "staff_id",
        "branch_id",
        "kind",
        "business_date",
        "time_from",
        "time_to",
        "start",
        "stop",
        "break_ids",
    }
)


class SalonShift(models.Model):
    """Where a shift comes from, why somebody is off, and telling the team."""

    _inherit = "salon.shift"

    assignment_id = fields.Many2one(
        "salon.roster.assignment",
        "Roster",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        copy=False,
        help="Empty: made by hand.",
    )
    is_edited = fields.Boolean(
        "Changed by Hand",
        readonly=True,
        copy=False,
        help="No longer as the pattern says; kept when the roster is made anew.",
    )
    reason_id = fields.Many2one(
        "salon.absence.reason",
        "Absence Reason",
        index="btree_not_null",
        ondelete="restrict",
        groups="salon_booking.group_salon_manager",
        help="Why it is a day off; only managers see it.",
    )

    _reason_only_off = models.Constraint(
        "CHECK (kind = 'off' OR reason_id IS NULL)",
        "Only a day off has a reason of absence.",
    )

    def write(self, vals):
        if PLANNED_FIELDS & vals.keys():
            vals = {"is_edited": True, **vals}
        if vals.get("kind") == "work":
            vals = {**vals, "reason_id": False}
        drafts = self.filtered(lambda shift: not shift.is_published)
        result = super().write(vals)
        if vals.get("is_published") and drafts:
            drafts._after_publish()
        return result

    @api.onchange("kind")
    def _onchange_kind(self):
        if self.kind == "work" and self._has_field_access(
            self._fields["reason_id"], "write"
        ):
            self.reason_id = False

    # rpc: the right to write shifts, and managers only
    def action_unpublish(self):
        """Take shifts back to drafts: the weekly hours count again meanwhile."""
        self.check_access("write")
        if not self.env.user.has_group("salon_booking.group_salon_manager"):
            raise AccessError(
                self.env._(
                    "Only a branch manager takes back a published roster. Ask yours."
                )
            )
        self.is_published = False

    # rpc: the right to write shifts is checked in the dialog
    def action_substitute(self):
        """Find somebody who takes over the shift."""
        self.ensure_one()
        return self.env["salon.shift.substitute"]._open(self)

    def _after_publish(self):
        """Hook: these drafts were published; same transaction, rights of the user."""
        self._note_published()

    def _note_published(self):
        """Tell each person with a user once, whatever the number of shifts."""
        # sudo: hr.employee - who of the team has a user is no secret
        for staff, shifts in self.sudo().grouped("staff_id").items():
            user = staff.user_id
            if not user.active or user == self.env.user:
                continue
            note = self.with_context(lang=user.lang)
            days = sorted(set(shifts.mapped("business_date")))
            body = note.env._(
                "Your roster from %(first)s to %(last)s is published: %(hours)s hours "
                "on %(days)s days.",
                first=format_date(note.env, days[0]),
                last=format_date(note.env, days[-1]),
                hours=format_duration(sum(shifts.mapped("planned_hours"))),
                days=len(
                    set(
                        shifts.filtered(lambda shift: shift.kind == "work").mapped(
                            "business_date"
                        )
                    )
                ),
            )
            note.env["mail.thread"].message_notify(
                partner_ids=user.partner_id.ids,
                subject=note.env._("Your roster is published"),
                body=body,
            )

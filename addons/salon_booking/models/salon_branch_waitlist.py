from odoo import api, fields, models

from ..engine.waitlist import Terms


class SalonBranch(models.Model):
    """How a branch offers what becomes free."""

    _inherit = "salon.branch"

    waitlist_is_automatic = fields.Boolean(
        "Offer by Itself",
        default=True,
        help="What becomes free is offered to the waitlist at once. Off: the desk "
        "offers by hand.",
    )
    waitlist_mode = fields.Selection(
        [
            ("in_turn", "In turn: one client at a time"),
            ("at_once", "All at once: the first who accepts"),
        ],
        "Who Is Asked",
        default="in_turn",
        required=True,
        help="In turn, the time is held for the client who is asked, and nobody else "
        "can book it meanwhile. All at once, everybody is told and nothing is held.",
    )
    waitlist_hold_minutes = fields.Integer(
        "Time to Answer",
        default=30,
        required=True,
        help="Minutes from the message on; then the next one is asked.",
    )
    waitlist_daily_limit = fields.Integer(
        "Offers per Client and Day", default=3, help="0: as many as there are."
    )
    waitlist_quiet_from = fields.Float(
        "Quiet From",
        default=20,
        help="No message leaves in the quiet hours, by the clock of the branch. Two "
        "equal times: no quiet hours.",
    )
    waitlist_quiet_to = fields.Float("Quiet Until", default=9)
    waitlist_notice_minutes = fields.Integer(
        "Minimum Notice",
        default=60,
        help="Minutes between the message and the visit; what begins sooner is not "
        "offered.",
    )
    waitlist_entry_ids = fields.One2many(
        "salon.waitlist.entry",
        "branch_id",
        groups="salon_booking.group_salon_receptionist",
    )
    waitlist_count = fields.Integer(
        "Waiting", compute="_compute_waitlist_count", compute_sudo=False
    )
    staff_may_block = fields.Boolean(
        "Team Blocks Own Time",
        help="Stylists may block personal time of their own; otherwise only the desk "
        "and managers block.",
    )

    _waitlist_hold_sensible = models.Constraint(
        "CHECK (waitlist_hold_minutes BETWEEN 1 AND 1440)",
        "Clients have between 1 minute and 24 hours to answer an offer.",
    )
    _waitlist_numbers_positive = models.Constraint(
        "CHECK (waitlist_daily_limit >= 0 AND waitlist_notice_minutes >= 0)",
        "The limit of offers and the minimum notice are 0 or more.",
    )
    _waitlist_quiet_in_day = models.Constraint(
        "CHECK (waitlist_quiet_from >= 0 AND waitlist_quiet_from < 24"
        " AND waitlist_quiet_to >= 0 AND waitlist_quiet_to < 24)",
        "Quiet hours begin and end between 0:00 and 23:59.",
    )

    @api.depends("waitlist_entry_ids.state")
    @api.depends_context("uid")
    def _compute_waitlist_count(self):
        entries = self.env["salon.waitlist.entry"]
        counts = {}
        if entries.has_access("read"):
            counts = dict(
                entries._read_group(
                    [
                        ("branch_id", "in", self.ids),
                        ("state", "in", ("waiting", "offered")),
                    ],
                    ["branch_id"],
                    ["__count"],
                )
            )
        for branch in self:
            branch.waitlist_count = counts.get(branch, 0)

    def _get_waitlist_terms(self):
        """The rules of the branch as the engine knows them."""
        self.ensure_one()
        return Terms(
            zone=self.tz,
            mode=self.waitlist_mode,
            daily_limit=self.waitlist_daily_limit,
            quiet_from=round(self.waitlist_quiet_from * 60) % 1440,
            quiet_to=round(self.waitlist_quiet_to * 60) % 1440,
            notice=self.waitlist_notice_minutes,
        )

    def action_view_waitlist(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "salon_booking.salon_waitlist_entry_action"
        )
        return {**action, "domain": [("branch_id", "=", self.id)]}

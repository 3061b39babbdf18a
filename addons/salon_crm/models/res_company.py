from odoo import fields, models
from odoo.tools import SQL

from ..engine import status

POLICY_FIELDS = (
    "salon_new_days",
    "salon_regular_visits",
    "salon_lost_rule",
    "salon_lost_days",
    "salon_lost_intervals",
    "salon_default_interval_days",
    "salon_overdue_grace_days",
)


class ResCompany(models.Model):
    _inherit = "res.company"

    salon_new_days = fields.Integer(
        "Days a Client is New", default=90, help="Counted from the first visit."
    )
    salon_regular_visits = fields.Integer(
        "Visits of a Regular", default=3, help="From so many visits on, if not overdue."
    )
    salon_lost_rule = fields.Selection(
        [
            ("days", "After a number of days"),
            ("interval", "After a number of personal intervals"),
        ],
        "Client is Lost",
        default="days",
        required=True,
    )
    salon_lost_days = fields.Integer("Days until Lost", default=90)
    salon_lost_intervals = fields.Integer("Personal Intervals until Lost", default=2)
    salon_default_interval_days = fields.Integer(
        "Usual Days between Visits",
        default=30,
        help="Taken for clients with fewer than two visits, whose own interval is not "
        "known yet.",
    )
    salon_overdue_grace_days = fields.Integer(
        "Days of Grace",
        default=7,
        help="How long after the personal interval a client counts as overdue.",
    )

    _salon_client_policy_positive = models.Constraint(
        "CHECK (salon_new_days >= 0 AND salon_regular_visits >= 1"
        " AND salon_lost_days >= 1 AND salon_lost_intervals >= 1"
        " AND salon_default_interval_days >= 1 AND salon_overdue_grace_days >= 0)",
        "The limits of client statuses are positive numbers.",
    )

    def write(self, vals):
        result = super().write(vals)
        if any(name in vals for name in POLICY_FIELDS):
            self._review_salon_clients()
        return result

    def _review_salon_clients(self):
        """Let the job move every client to the status by the new limits."""
        clients = self.env["res.partner"]
        clients.flush_model(["is_salon_client", "salon_review_on"])
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET salon_review_on = %s "
                "WHERE is_salon_client AND salon_visit_counted > 0",
                fields.Date.today(),
            )
        )
        clients.invalidate_model(["salon_review_on"])
        # sudo: ir.cron - whoever sets the limits sets them for all clients
        self.env.ref("salon_crm.salon_client_status_cron").sudo()._trigger()

    def _get_salon_client_policy(self):
        return status.Policy(
            new_days=self.salon_new_days,
            regular_visits=self.salon_regular_visits,
            lost_days=self.salon_lost_days,
            is_lost_by_interval=self.salon_lost_rule == "interval",
            lost_intervals=self.salon_lost_intervals,
            default_interval_days=self.salon_default_interval_days,
            overdue_grace_days=self.salon_overdue_grace_days,
        )

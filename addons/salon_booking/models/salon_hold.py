import secrets

from odoo import api, fields, models


class SalonHold(models.Model):
    """A time kept for somebody who is about to book it.

    Its rows in ``salon.occupancy`` count until ``expires_at``; an expired hold is in
    nobody's way and is deleted by whoever needs its time, or by the cleaner.
    """

    _name = "salon.hold"
    _description = "Time on Hold"
    _order = "expires_at, id"

    branch_id = fields.Many2one("salon.branch", required=True, index=True)
    client_id = fields.Many2one("res.partner", index="btree_not_null")
    origin = fields.Selection(
        [("desk", "Desk"), ("web", "Web"), ("waitlist", "Waitlist")],
        required=True,
        default="web",
    )
    expires_at = fields.Datetime(required=True, index=True)
    token = fields.Char(
        required=True,
        copy=False,
        default=lambda self: secrets.token_urlsafe(24),
        groups="base.group_system",
        help="Known only to the visitor who holds the time.",
    )
    occupancy_ids = fields.One2many("salon.occupancy", "hold_id", "Takes")

    _token_unique = models.UniqueIndex("(token)", "This token is already used.")

    def _release(self):
        """Give the time back; safe to call for a hold that is already gone."""
        holds = self.exists()
        self.env["salon.booking"]._give_back(holds)
        # sudo: salon.hold - kept by the booking service
        holds.sudo().unlink()

    @api.autovacuum
    def _gc_expired(self):
        expired = self.search(
            [("expires_at", "<", fields.Datetime.now())], limit=models.GC_UNLINK_LIMIT
        )
        expired.unlink()
        return len(expired), len(expired) == models.GC_UNLINK_LIMIT

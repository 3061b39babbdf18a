from odoo import fields, models


class SalonWaitlistSignal(models.Model):
    """Something became free on these days of a branch: look at its waitlist.

    Whoever frees time only adds a row, so that nobody waits for the matching; rows are
    never changed, so that nobody waits for another one either. The clock takes them.
    """

    _name = "salon.waitlist.signal"
    _description = "Freed Days to Match with the Waitlist"
    _log_access = False
    _order = "id"
    _rec_name = "branch_id"

    branch_id = fields.Many2one(
        "salon.branch", required=True, index=True, ondelete="cascade"
    )
    date_from = fields.Date(required=True)
    date_to = fields.Date(required=True)

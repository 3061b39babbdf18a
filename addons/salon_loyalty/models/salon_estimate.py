from odoo import fields, models


class SalonEstimate(models.Model):
    """What was booked on an estimate: lapsing that is expected, the worth of points.

    Rows are only ever added; their sum per kind is part of what the account of that
    kind says.
    """

    _name = "salon.estimate"
    _description = "Estimated Amount Owed"
    _inherit = ["salon.append.only.mixin"]
    _order = "id desc"
    _rec_name = "reference"

    kind = fields.Selection(
        [
            ("certificates", "Certificates never used"),
            ("packages", "Packages never used"),
            ("points", "Points to be used"),
        ],
        required=True,
        readonly=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    program_id = fields.Many2one("loyalty.program", readonly=True, ondelete="restrict")
    product_id = fields.Many2one(
        "product.product", "Package", readonly=True, ondelete="restrict"
    )
    amount = fields.Monetary(
        required=True, readonly=True, help="More is owed; below zero: less."
    )
    date = fields.Date(required=True, readonly=True, index=True)
    reference = fields.Char("Document", readonly=True)
    move_id = fields.Many2one(
        "account.move", "Journal Entry", readonly=True, ondelete="set null", index=True
    )

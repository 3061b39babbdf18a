from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    salon_deposit_account_id = fields.Many2one(
        "account.account",
        "Client Deposits",
        check_company=True,
        domain="[('account_type', '=', 'liability_current')]",
        ondelete="restrict",
        help="What clients paid in advance and have not had yet. Nothing else should "
        "be booked on it.",
    )

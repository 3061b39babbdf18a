from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    salon_certificate_account_id = fields.Many2one(
        "account.account",
        "Gift Certificate Account",
        check_company=True,
        domain="[('account_type', '=', 'liability_current')]",
        ondelete="restrict",
        help="What the salon owes on gift certificates: credited when one is sold, "
        "debited when it is used. Nothing else should be booked on it. What stands on "
        "an earlier account has to be transferred by hand.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "salon_certificate_account_id" in vals:
            # sudo: product.template - the account of certificate products follows
            self.env["salon.loyalty.certificate"].sudo()._book_to_liability(self)
        return result

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

    salon_package_account_id = fields.Many2one(
        "account.account",
        "Package Account",
        check_company=True,
        domain="[('account_type', '=', 'liability_current')]",
        ondelete="restrict",
        groups="base.group_user",
        help="What clients have paid for packages and not used. Nothing else should "
        "be booked on it.",
    )
    salon_package_unpaid_account_id = fields.Many2one(
        "account.account",
        "Packages Not Paid",
        check_company=True,
        domain="[('account_type', '=', 'liability_current')]",
        ondelete="restrict",
        groups="base.group_user",
        help="What was sold of packages and neither paid nor used. Made when the first "
        "package is not paid at once.",
    )

    salon_breakage = fields.Selection(
        [
            ("never", "Never: it stays owed"),
            ("expiry", "When it has expired"),
            ("proportional", "In proportion to use, the rest when it has expired"),
        ],
        "Unused Certificates and Packages Are Income",
        default="never",
        required=True,
        groups="base.group_user",
        help="What was paid and is never used. In proportion to use needs an estimate "
        "of how much that is, on the program of the certificates and on the package.",
    )
    salon_breakage_account_id = fields.Many2one(
        "account.account",
        "Breakage Account",
        check_company=True,
        domain="[('internal_group', '=', 'income')]",
        ondelete="restrict",
        groups="base.group_user",
        help="Income from what was paid and never used. Made when first needed.",
    )
    salon_defers_points = fields.Boolean(
        "Points Are Owed",
        groups="base.group_user",
        help="A part of each bill is the price of the points given with it: revenue "
        "when they are used.",
    )
    salon_points_account_id = fields.Many2one(
        "account.account",
        "Points Account",
        check_company=True,
        domain="[('account_type', '=', 'liability_current')]",
        ondelete="restrict",
        groups="base.group_user",
        help="What points are worth that clients have. Made when first needed.",
    )
    salon_points_income_account_id = fields.Many2one(
        "account.account",
        "Points Given and Used",
        check_company=True,
        domain="[('internal_group', '=', 'income')]",
        ondelete="restrict",
        groups="base.group_user",
        help="Takes off revenue what points are worth, and adds it when they are "
        "used. Made when first needed.",
    )

    def _get_salon_breakage_account(self):
        return self.env["salon.accounts"]._ensure(
            self,
            "salon_breakage_account_id",
            self.env._("Never used certificates and packages"),
            "income_other",
        )

    def _get_salon_points_account(self):
        return self.env["salon.accounts"]._ensure(
            self, "salon_points_account_id", self.env._("Points of clients")
        )

    def _get_salon_points_income_account(self):
        return self.env["salon.accounts"]._ensure(
            self,
            "salon_points_income_account_id",
            self.env._("Points given and used"),
            "income_other",
        )

    def _get_salon_package_account(self):
        """Where packages are owed; made when it is first needed."""
        return self.env["salon.accounts"]._ensure(
            self, "salon_package_account_id", self.env._("Packages")
        )

    def _get_salon_package_unpaid_account(self):
        return self.env["salon.accounts"]._ensure(
            self, "salon_package_unpaid_account_id", self.env._("Packages not paid yet")
        )

    def write(self, vals):
        result = super().write(vals)
        if "salon_certificate_account_id" in vals:
            # sudo: product.template - the account of certificate products follows
            self.env["salon.loyalty.certificate"].sudo()._book_to_liability(self)
        return result

from odoo import fields, models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    salon_branch_id = fields.Many2one(
        "salon.branch", index="btree_not_null", check_company=True
    )
    salon_visit_id = fields.Many2one(
        "salon.visit", "Visit", index="btree_not_null", ondelete="set null"
    )
    salon_staff_id = fields.Many2one(
        "hr.employee",
        "Tip for",
        index="btree_not_null",
        check_company=True,
        help="The person to whom the salon owes this payment as a tip.",
    )

    def _generate_move_vals(self, *args, **kwargs):
        return {
            **super()._generate_move_vals(*args, **kwargs),
            "salon_branch_id": self.salon_branch_id.id,
        }

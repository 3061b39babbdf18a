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
    salon_client_id = fields.Many2one(
        "res.partner",
        "Client",
        index="btree_not_null",
        ondelete="restrict",
        help="Who gave the tip.",
    )
    is_salon_change = fields.Boolean(
        readonly=True,
        copy=False,
        help="Money that was changed at the desk: it came in and went out at once.",
    )

    def action_cancel(self):
        self.env["salon.checkout"]._begin_books(self.reconciled_invoice_ids)
        return super().action_cancel()

    def action_draft(self):
        self.env["salon.checkout"]._begin_books(self.reconciled_invoice_ids)
        return super().action_draft()

    def _prepare_move_line_default_vals(self, *args, **kwargs):
        """A tip out of a balance, or back onto it, is on the balance of the client."""
        lines = super()._prepare_move_line_default_vals(*args, **kwargs)
        if self.salon_client_id and self.journal_id.salon_kind == "balance":
            lines[0]["partner_id"] = self.salon_client_id.id
        return lines

    def _generate_move_vals(self, *args, **kwargs):
        return {
            **super()._generate_move_vals(*args, **kwargs),
            "salon_branch_id": self.salon_branch_id.id,
        }

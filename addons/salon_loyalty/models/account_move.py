from odoo import api, fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _on_salon_bill_paid(self):
        result = super()._on_salon_bill_paid()
        self.env["salon.loyalty.award"]._settle(self)
        return result

    def _on_salon_bill_unpaid(self):
        result = super()._on_salon_bill_unpaid()
        self.env["salon.loyalty.award"]._settle(self)
        return result

    def _on_salon_bill_reversed(self):
        result = super()._on_salon_bill_reversed()
        self.env["salon.loyalty.award"]._settle(self)
        return result

    def _on_salon_bill_reversal_undone(self):
        result = super()._on_salon_bill_reversal_undone()
        self.env["salon.loyalty.award"]._settle(self)
        return result

    def _post(self, soft=True):
        """Certificates and packages follow the books, on any bill."""
        self.env["salon.packages"]._open(self)
        self.env["salon.loyalty.certificate"]._check_untaxed(self)
        posted = super()._post(soft)
        self.env["salon.loyalty.certificate"]._settle(posted)
        self.env["salon.packages"]._settle(posted)
        self.env["salon.estimates"]._settle(posted)
        return posted

    def button_draft(self):
        result = super().button_draft()
        self.env["salon.loyalty.certificate"]._settle(self)
        self.env["salon.packages"]._settle(self)
        self.env["salon.estimates"]._settle(self)
        return result


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    salon_package_id = fields.Many2one(
        "salon.package",
        "Client Package",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
    )

    def _copy_data_extend_business_fields(self, values):
        """A credit note gives back the same package."""
        super()._copy_data_extend_business_fields(values)
        # sudo: salon.package - follows the bill
        values["salon_package_id"] = self.sudo().salon_package_id.id

    @api.model
    def _reconcile_plan(self, reconciliation_plan):
        """What was paid of a package is owed; what is not is not."""
        result = super()._reconcile_plan(reconciliation_plan)
        self.env["salon.packages"]._follow_bills(
            self._flatten_salon_plan(reconciliation_plan).move_id
        )
        return result


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    def unlink(self):
        moves = (self.debit_move_id | self.credit_move_id).move_id
        result = super().unlink()
        self.env["salon.packages"]._follow_bills(moves.exists())
        return result

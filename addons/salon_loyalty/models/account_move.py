from odoo import models


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
        """Certificates follow the books, on salon bills and on any other."""
        posted = super()._post(soft)
        self.env["salon.loyalty.certificate"]._settle(posted)
        return posted

    def button_draft(self):
        result = super().button_draft()
        self.env["salon.loyalty.certificate"]._settle(self)
        return result

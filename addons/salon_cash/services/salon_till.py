from odoo import api, models


class SalonTill(models.AbstractModel):
    _inherit = "salon.till"

    @api.model
    def _take(self, visits, debts, invoice, tenders, options):
        """A card that paid bill and tip at once was swiped once: that is one fee."""
        payments = super()._take(visits, debts, invoice, tenders, options)
        swiped = payments.filtered(lambda payment: payment.journal_id.type == "bank")
        for paid in swiped.grouped(
            lambda p: (p.journal_id, p.payment_type, p.payment_reference)
        ).values():
            if len(paid) > 1:
                paid.salon_ticket_id = paid.sorted("id")[0]
        return payments

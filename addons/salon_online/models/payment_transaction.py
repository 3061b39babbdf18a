from odoo import models

from odoo.addons.salon_booking.engine import states


class PaymentTransaction(models.Model):
    """Deposits that are paid when their time was given back already."""

    _inherit = "payment.transaction"

    def _create_payment(self, **extra_create_values):
        payment = super()._create_payment(**extra_create_values)
        # sudo: account.move, salon.visit - whoever pays reads neither
        deposits = self.sudo().invoice_ids.filtered("is_salon_deposit")
        visits = deposits.invoice_line_ids.salon_visit_id
        visits.filtered(lambda visit: visit.state in states.LOST)._tell_paid_late()
        return payment

from odoo import models


class AccountPaymentTerm(models.Model):
    _inherit = "account.payment.term"

    def _compute_terms(self, date_ref, currency, company, **amounts):
        """Divide what is left beside what is paid at checkout, which is due at once."""
        paid = self.env.context.get("salon_paid_at_once")
        if not paid:
            return super()._compute_terms(date_ref, currency, company, **amounts)
        paid *= amounts["sign"]
        rest = {
            "tax_amount": 0,
            "tax_amount_currency": 0,
            "untaxed_amount": amounts["tax_amount"] + amounts["untaxed_amount"] - paid,
            "untaxed_amount_currency": amounts["tax_amount_currency"]
            + amounts["untaxed_amount_currency"]
            - paid,
        }
        terms = super()._compute_terms(
            date_ref, currency, company, **{**amounts, **rest}
        )
        at_once = {"date": date_ref, "company_amount": paid, "foreign_amount": paid}
        return {**terms, "line_ids": [at_once, *terms["line_ids"]]}

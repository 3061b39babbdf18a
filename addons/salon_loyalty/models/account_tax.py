from odoo import api, models


class AccountTax(models.Model):
    _inherit = "account.tax"

    @api.model
    def _prepare_base_line_for_taxes_computation(self, record, **kwargs):
        """Certificates are rounded by themselves: each is owed as it was paid.

        The host rounds the sum of all lines and puts a cent that is missing on the
        largest one, which may be a certificate though it has no tax.
        """
        base_line = super()._prepare_base_line_for_taxes_computation(record, **kwargs)
        product = base_line["product_id"]
        if product and not base_line["computation_key"]:
            company = getattr(record, "company_id", None) or self.env.company
            # sudo: product.product, account.account - which account it is booked on
            booked = product.sudo().with_company(company).property_account_income_id
            if booked and booked == company.sudo().root_id.salon_certificate_account_id:
                base_line["computation_key"] = "salon_certificate"
        return base_line

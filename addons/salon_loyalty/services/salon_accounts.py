from odoo import api, models


class SalonAccounts(models.AbstractModel):
    _inherit = "salon.accounts"

    @api.model
    def _get_taxed(self, company):
        # sudo: res.company - part of keeping the company's books
        packages = company.root_id.sudo().salon_package_account_id
        return super()._get_taxed(company) | packages

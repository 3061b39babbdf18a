from odoo import api, fields, models
from odoo.tools import SQL


class SalonInstruments(models.AbstractModel):
    _inherit = "salon.instruments"

    @api.model
    def _get_instruments(self, company, date):
        """Gift certificates too; what they were worth on an earlier day is not kept."""
        instruments = super()._get_instruments(company, date)
        account = company.root_id.salon_certificate_account_id
        if account and date >= fields.Date.context_today(self):
            instruments.append(
                {
                    "code": "certificates",
                    "name": account.name,
                    "accounts": account,
                    "query": SQL(
                        """SELECT COALESCE(SUM(ROUND(points::numeric, 2)), 0)
                             FROM loyalty_card
                            WHERE salon_kind = 'certificate' AND company_id = %s""",
                        company.root_id.id,
                    ),
                }
            )
        return instruments

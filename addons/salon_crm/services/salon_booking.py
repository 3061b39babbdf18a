from odoo import api, models

from ..models.res_company import POLICY_FIELDS
from ..models.res_partner_figures import FIGURES


class SalonBooking(models.AbstractModel):
    _inherit = "salon.booking"

    @api.model
    def _get_fields_read(self):
        names = super()._get_fields_read()
        names["res.company"] += POLICY_FIELDS
        names["res.partner"] += [
            "is_salon_client",
            "salon_is_blocked",
            "salon_birth_day",
            "salon_birth_month",
            "salon_birth_year",
            *FIGURES,
        ]
        return names

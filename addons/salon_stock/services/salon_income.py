from odoo import api, models
from odoo.tools import SQL


class SalonIncome(models.AbstractModel):
    _inherit = "salon.income"

    @api.model
    def _get_facts(self):
        """Materials cost what their stock moves are worth, on the day of the visit."""
        return [
            *super()._get_facts(),
            self._fact(
                SQL("used.id"),
                SQL(
                    "FROM salon_consumption used "
                    "JOIN salon_appointment appointment "
                    "ON appointment.id = used.appointment_id "
                    "WHERE used.cost != 0"
                ),
                date=SQL("used.business_date"),
                company_id=SQL("used.company_id"),
                branch_id=SQL("used.branch_id"),
                product_id=SQL("used.service_id"),
                staff_id=SQL("used.staff_id"),
                client_id=SQL("appointment.client_id"),
                materials=SQL("used.cost"),
            ),
        ]

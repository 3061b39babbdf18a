from odoo import api, models
from odoo.tools import SQL


class SalonIncome(models.AbstractModel):
    _inherit = "salon.income"

    @api.model
    def _get_facts(self):
        """Pay is what was earned on bills, paid out or not."""
        return [
            *super()._get_facts(),
            self._fact(
                SQL("earned.id"),
                SQL(
                    "FROM salon_commission earned "
                    "LEFT JOIN account_move bill ON bill.id = earned.move_id"
                ),
                date=SQL("earned.date"),
                company_id=SQL("earned.company_id"),
                branch_id=SQL("earned.branch_id"),
                product_id=SQL("earned.product_id"),
                staff_id=SQL("earned.staff_id"),
                client_id=SQL("bill.partner_id"),
                move_id=SQL("bill.id"),
                pay=SQL("earned.amount"),
            ),
        ]

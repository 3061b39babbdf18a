from odoo import api, models
from odoo.tools import SQL


class SalonIncome(models.AbstractModel):
    _inherit = "salon.income"

    @api.model
    def _get_facts(self):
        """What card terminals kept, on what was paid by card."""
        return [
            *super()._get_facts(),
            self._fact(
                SQL("kept.id"),
                SQL(
                    "FROM salon_card_fee kept LEFT JOIN account_move_line line "
                    "ON line.id = kept.move_line_id "
                    "LEFT JOIN account_move bill ON bill.id = line.move_id "
                    "WHERE kept.branch_id IS NOT NULL"
                ),
                date=SQL("kept.date"),
                company_id=SQL("kept.company_id"),
                branch_id=SQL("kept.branch_id"),
                product_id=SQL("kept.product_id"),
                staff_id=SQL("kept.staff_id"),
                client_id=SQL("bill.partner_id"),
                move_id=SQL("bill.id"),
                fees=SQL("kept.amount"),
            ),
        ]

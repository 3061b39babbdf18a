from odoo import api, models
from odoo.tools import SQL


class SalonIncome(models.AbstractModel):
    _inherit = "salon.income"

    @api.model
    def _get_facts(self):
        """What rewards took off a bill is a discount, on a line of its own."""
        return [
            *super()._get_facts(),
            self._fact(
                SQL("line.id"),
                SQL(
                    """
                    %s AND line.display_type = 'product' AND line.balance != 0
                       AND account.account_type IN ('income', 'income_other')
                       AND EXISTS (
                           SELECT FROM sale_order_line_invoice_rel link
                             JOIN sale_order_line sold ON sold.id = link.order_line_id
                            WHERE link.invoice_line_id = line.id
                              AND sold.reward_id IS NOT NULL)
                    """,
                    self._get_bill_lines(),
                ),
                **self._get_bill_values(),
                discount=SQL("line.balance"),
            ),
        ]

from odoo import api, models
from odoo.tools import SQL


class SalonIncome(models.AbstractModel):
    _inherit = "salon.income"

    @api.model
    def _get_facts(self):
        """Materials cost what their stock moves are worth, on the day of the visit,
        and so do goods that were sold."""
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
            self._get_sold(),
        ]

    @api.model
    def _get_sold(self):
        """Goods that left the shelf with a bill or came back, where stock is periodic.

        Where it is perpetual the bill itself has their cost.
        """
        return self._fact(
            SQL("moved.id"),
            SQL(
                """
                FROM stock_move moved
                JOIN sale_order_line line ON line.id = moved.sale_line_id
                JOIN sale_order sale ON sale.id = line.order_id
           LEFT JOIN LATERAL (
                     SELECT bill.id, bill.date
                       FROM sale_order_line_invoice_rel link
                       JOIN account_move_line item ON item.id = link.invoice_line_id
                       JOIN account_move bill ON bill.id = item.move_id
                      WHERE link.order_line_id = line.id AND bill.state = 'posted'
                        AND bill.move_type = 'out_invoice'
                   ORDER BY bill.id LIMIT 1) bill ON TRUE
               WHERE sale.salon_branch_id IS NOT NULL AND moved.state = 'done'
                 AND (moved.is_out OR moved.is_in) AND moved.value != 0
                 AND NOT EXISTS (
                     SELECT FROM account_move_line cost
                      WHERE cost.move_id = bill.id AND cost.display_type = 'cogs'
                        AND cost.product_id IN (moved.product_id, line.product_id))
                """
            ),
            date=SQL(
                "CASE WHEN moved.is_out AND bill.date IS NOT NULL THEN bill.date "
                "ELSE moved.date::date END"
            ),
            company_id=SQL("sale.company_id"),
            branch_id=SQL("sale.salon_branch_id"),
            product_id=SQL("moved.product_id"),
            staff_id=SQL("line.salon_staff_id"),
            client_id=SQL("sale.partner_id"),
            move_id=SQL("bill.id"),
            materials=SQL("CASE WHEN moved.is_out THEN 1 ELSE -1 END * moved.value"),
        )

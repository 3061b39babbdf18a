from odoo import api, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.depends("salon_branch_id")
    def _compute_warehouse_id(self):
        super()._compute_warehouse_id()
        for order in self:
            warehouse = order.salon_branch_id.warehouse_id
            if warehouse and (order.state in ("draft", "sent") or not order.ids):
                order.warehouse_id = warehouse

from odoo import api, fields, models

from ..services.salon_loyalty_ledger import Cause


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    salon_certificate_ids = fields.One2many(
        "loyalty.card", "salon_order_line_id", "Sold Certificates"
    )
    is_salon_certificate = fields.Boolean(compute="_compute_is_salon_certificate")

    @api.depends("coupon_id", "product_id")
    def _compute_analytic_distribution(self):
        """A certificate is a debt, not revenue of a branch."""
        certificates = self.filtered("is_salon_certificate")
        certificates.analytic_distribution = False
        return super(
            SaleOrderLine, self - certificates
        )._compute_analytic_distribution()

    @api.depends("product_id")
    def _compute_is_salon_certificate(self):
        # sudo: loyalty.program - a fact about the product, whoever asks
        products = (
            self.env["loyalty.program"]
            .sudo()
            .search([("salon_kind", "=", "certificate")])
            ._get_certificate_products()
        )
        for line in self:
            line.is_salon_certificate = line.product_id._origin in products

    @api.model_create_multi
    def create(self, vals_list):
        if not any(vals.get("points_cost") for vals in vals_list):
            return super().create(vals_list)
        own = self._with_salon_orders([vals.get("order_id") for vals in vals_list])
        return super(SaleOrderLine, own).create(vals_list).with_env(self.env)

    def write(self, vals):
        if "points_cost" not in vals:
            return super().write(vals)
        own = self._with_salon_orders(self.order_id.ids)
        return super(SaleOrderLine, own).write(vals)

    def unlink(self):
        own = self._with_salon_orders(self.order_id.ids)
        return super(SaleOrderLine, own).unlink()

    def _with_salon_orders(self, order_ids):
        """Points that the host moves for a changed line are spending, or undo it."""
        if isinstance(self.env.context.get("salon_cause"), Cause):
            return self
        return self.with_context(salon_cause=Cause("spent", "spent", tuple(order_ids)))

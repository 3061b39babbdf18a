from odoo import api, fields, models

from ..services.salon_loyalty_ledger import Cause


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    salon_certificate_ids = fields.One2many(
        "loyalty.card", "salon_order_line_id", "Sold Certificates"
    )
    is_salon_certificate = fields.Boolean(compute="_compute_is_salon_certificate")
    salon_package_credit_id = fields.Many2one(
        "salon.package.credit",
        "Paid by Package",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
    )
    salon_covered_id = fields.Many2one(
        "salon.appointment",
        "Appointment Paid by the Package",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
    )

    @api.depends("coupon_id", "product_id")
    def _compute_analytic_distribution(self):
        """Certificates and packages are a debt, not revenue of a branch."""
        use = self.env["salon.packages"]._get_use_product()
        certificates = self.filtered(
            lambda line: (
                line.is_salon_certificate
                # sudo: product.product - whether it is a package, whoever asks
                or line.product_id.sudo().is_salon_package
                or line.product_id == use
            )
        )
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

    def _prepare_salon_values(self):
        """The bill item knows the package that it uses."""
        # sudo: salon.package - follows the order, whoever makes the bill
        package = self.sudo().salon_package_credit_id.package_id
        return {**super()._prepare_salon_values(), "salon_package_id": package.id}

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

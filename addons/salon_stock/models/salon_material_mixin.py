from odoo import api, fields, models
from odoo.exceptions import ValidationError


class SalonMaterialMixin(models.AbstractModel):
    """So much of a material, in a unit that its stock can be counted in."""

    _name = "salon.material.mixin"
    _description = "Salon Material"

    product_id = fields.Many2one(
        "product.product",
        "Material",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('type', '=', 'consu')]",
    )
    quantity = fields.Float(digits="Product Unit", required=True)
    allowed_uom_ids = fields.Many2many("uom.uom", compute="_compute_allowed_uom_ids")
    uom_id = fields.Many2one(
        "uom.uom",
        "Unit",
        required=True,
        compute="_compute_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('id', 'in', allowed_uom_ids)]",
    )

    @api.depends("product_id")
    def _compute_allowed_uom_ids(self):
        roots = {
            material: int(material.product_id.uom_id.parent_path.split("/")[0])
            for material in self
            if material.product_id
        }
        units = self.env["uom.uom"].search([("id", "child_of", set(roots.values()))])
        for material in self:
            root = roots.get(material)
            material.allowed_uom_ids = root and units.filtered(
                lambda unit, root=root: unit.parent_path.startswith(f"{root}/")
            )

    @api.depends("product_id")
    def _compute_uom_id(self):
        for material in self:
            if material.uom_id not in material.allowed_uom_ids:
                material.uom_id = material.product_id.uom_id

    @api.constrains("product_id")
    def _check_product_is_material(self):
        for material in self:
            if material.product_id.type != "consu":
                raise ValidationError(
                    self.env._(
                        "%(product)s is no goods, so it cannot be used up in a "
                        "service. Choose a product of type Goods.",
                        product=material.product_id.display_name,
                    )
                )

    @api.constrains("product_id", "uom_id", "quantity")
    def _check_uom_counts_product(self):
        for material in self:
            product = material.product_id
            unit = product.uom_id
            if not material.uom_id._has_common_reference(unit):
                raise ValidationError(
                    self.env._(
                        "%(product)s is kept in %(stock_unit)s and cannot be used in "
                        "%(unit)s. Choose a unit that converts, or make a unit for the "
                        "package (Inventory › Configuration › Units).",
                        product=product.display_name,
                        stock_unit=unit.name,
                        unit=material.uom_id.name,
                    )
                )
            if material.quantity and not material._to_stock_unit(material.quantity):
                raise ValidationError(
                    self.env._(
                        "%(quantity)s %(unit)s of %(product)s is less than its stock, "
                        "kept in %(stock_unit)s, can count. Keep it in a smaller unit, "
                        "such as ml or g.",
                        quantity=material.quantity,
                        unit=material.uom_id.name,
                        product=product.display_name,
                        stock_unit=unit.name,
                    )
                )

    def _to_stock_unit(self, quantity):
        """Convert a quantity to the unit in which the product is kept."""
        self.ensure_one()
        return self.uom_id._compute_quantity(
            quantity, self.product_id.uom_id, rounding_method="HALF-UP"
        )

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class SalonPackageContent(models.Model):
    """So many credits for a service, several services or a category."""

    _name = "salon.package.content"
    _description = "Content of a Package"
    _inherit = ["salon.credit.scope"]
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    product_tmpl_id = fields.Many2one(
        "product.template", "Package", required=True, index=True, ondelete="cascade"
    )
    credits = fields.Integer(required=True, default=5)
    single_price = fields.Monetary(
        compute="_compute_single_price", store=True, readonly=False, precompute=True
    )

    _credits_positive = models.Constraint(
        "CHECK (credits > 0)", "A package holds at least one credit of each part."
    )
    _price_not_negative = models.Constraint(
        "CHECK (single_price >= 0)", "A single price cannot be negative."
    )

    @api.depends("service_ids")
    def _compute_single_price(self):
        for content in self:
            prices = content.service_ids.mapped("list_price")
            content.single_price = (
                sum(prices) / len(prices) if prices else content.single_price
            )

    @api.constrains("service_ids", "category_id")
    def _check_scope(self):
        for content in self:
            if not content.service_ids and not content.category_id:
                raise ValidationError(
                    self.env._(
                        "%(package)s does not say what its credits are for. Choose "
                        "services or a category.",
                        package=content.product_tmpl_id.name,
                    )
                )

from odoo import fields, models


class SalonCreditScope(models.AbstractModel):
    """What a credit pays for: named services, or whatever is in a category."""

    _name = "salon.credit.scope"
    _description = "What a Credit Is For"

    service_ids = fields.Many2many(
        "product.template",
        string="Services",
        domain="[('is_salon_service', '=', True)]",
        help="One credit is one of these.",
    )
    category_id = fields.Many2one(
        "product.category", "Any of", help="Or every service of this category."
    )
    currency_id = fields.Many2one(
        "res.currency", default=lambda self: self.env.company.currency_id
    )
    single_price = fields.Monetary(
        help="What one of them costs otherwise: by it the price of a package is shared "
        "over its parts. Each use is revenue of that share."
    )

    def _covers(self, template):
        """Whether a credit of this pays for a service."""
        self.ensure_one()
        if template in self.service_ids:
            return True
        path = template.categ_id.parent_path or ""
        return bool(self.category_id) and str(self.category_id.id) in path.split("/")

    def _tell_scope(self):
        self.ensure_one()
        names = [*self.service_ids.mapped("name"), self.category_id.name]
        return ", ".join(filter(None, names))

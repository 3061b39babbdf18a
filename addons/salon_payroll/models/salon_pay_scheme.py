from odoo import api, fields, models

from ..engine.money import to_decimal
from ..engine.rates import Scheme


class SalonPayScheme(models.Model):
    """What a person earns on services and products: one sentence of a contract."""

    _name = "salon.pay.scheme"
    _description = "Salon Pay Scheme"
    _inherit = ["mail.thread"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    service_percentage = fields.Float(
        "Services %",
        digits=(5, 2),
        tracking=True,
        help="Of the price net of tax, after discounts. A change counts for bills paid "
        "from now on; what was earned before stays.",
    )
    product_percentage = fields.Float(
        "Products %",
        digits=(5, 2),
        tracking=True,
        help="Of the price net of tax, after discounts, for what the person sold.",
    )
    line_ids = fields.One2many(
        "salon.pay.scheme.line", "scheme_id", "Categories", copy=True
    )
    assignment_ids = fields.One2many("salon.pay.assignment", "scheme_id", "Team")
    staff_count = fields.Integer("People", compute="_compute_staff_count")

    _name_company_unique = models.UniqueIndex(
        "(company_id, name) WHERE active",
        "Another pay scheme of the company already has this name.",
    )
    _percentages_sensible = models.Constraint(
        "CHECK (service_percentage BETWEEN 0 AND 100"
        " AND product_percentage BETWEEN 0 AND 100)",
        "A percentage is between 0 and 100.",
    )

    @api.depends("assignment_ids.staff_id")
    def _compute_staff_count(self):
        for scheme in self:
            scheme.staff_count = len(scheme.assignment_ids.staff_id)

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if "name" not in (default or {}):
            for scheme, vals in zip(self, vals_list, strict=True):
                vals["name"] = self.env._("%(scheme)s (copy)", scheme=scheme.name)
        return vals_list

    def _as_engine_scheme(self):
        self.ensure_one()
        return Scheme(
            to_decimal(self.service_percentage),
            to_decimal(self.product_percentage),
            {
                line.category_id.id: to_decimal(line.percentage)
                for line in self.line_ids
            },
        )


class SalonPaySchemeLine(models.Model):
    _name = "salon.pay.scheme.line"
    _description = "Percentage of a Salon Pay Scheme for a Category"
    _order = "category_id, id"
    _rec_name = "category_id"

    scheme_id = fields.Many2one(
        "salon.pay.scheme", required=True, index=True, ondelete="cascade"
    )
    category_id = fields.Many2one(
        "product.category",
        required=True,
        ondelete="restrict",
        help="Counts for its subcategories too, unless they have a line of their own.",
    )
    percentage = fields.Float(
        "%", digits=(5, 2), required=True, help="For services and products alike."
    )

    _scheme_category_unique = models.UniqueIndex(
        "(scheme_id, category_id)",
        "The scheme already has a percentage for this category; change that line.",
    )
    _percentage_sensible = models.Constraint(
        "CHECK (percentage BETWEEN 0 AND 100)", "A percentage is between 0 and 100."
    )

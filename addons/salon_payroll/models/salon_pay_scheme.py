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
    service_ids = fields.One2many(
        "salon.pay.scheme.service", "scheme_id", "Fixed Amounts", copy=True
    )
    pays_fees = fields.Boolean(
        "Share in Fees",
        tracking=True,
        help="When a client does not come and pays a fee, the person earns the same "
        "part of the commission: a quarter of the price brings a quarter.",
    )
    card_fees_from = fields.Date(
        "Less Card Fees From",
        tracking=True,
        help="On bills from this day on, percentages are of what the card terminal "
        "left, as soon as it has settled. Empty: the house bears its fees.",
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
            {
                service.product_tmpl_id.id: to_decimal(service.amount)
                for service in self.service_ids
            },
            self.pays_fees,
            self.card_fees_from or None,
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


class SalonPaySchemeService(models.Model):
    _name = "salon.pay.scheme.service"
    _description = "Fixed Commission of a Salon Pay Scheme for a Service"
    _order = "product_tmpl_id, id"
    _rec_name = "product_tmpl_id"

    scheme_id = fields.Many2one(
        "salon.pay.scheme", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="scheme_id.company_id.currency_id")
    product_tmpl_id = fields.Many2one(
        "product.template",
        "Service",
        required=True,
        domain="[('is_salon_service', '=', True)]",
        index=True,
        ondelete="cascade",
    )
    amount = fields.Monetary(
        required=True, help="Earned each time, whatever the service costs."
    )

    _scheme_service_unique = models.UniqueIndex(
        "(scheme_id, product_tmpl_id)",
        "The scheme already has an amount for this service; change that line.",
    )
    _amount_sensible = models.Constraint(
        "CHECK (amount >= 0)", "A fixed commission cannot be negative."
    )

from odoo import api, fields, models

from ..engine.materials import RecipeLine


class SalonRecipe(models.Model):
    _name = "salon.recipe"
    _description = "Recipe of a Service"
    _inherit = ["salon.own.mixin"]
    _order = "service_id, branch_id, id"
    _check_company_auto = True

    service_id = fields.Many2one(
        "product.template",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        domain="[('is_salon_service', '=', True)]",
    )
    branch_id = fields.Many2one(
        "salon.branch",
        index=True,
        ondelete="cascade",
        help="Only there, instead of the general recipe. Empty: in every branch "
        "without a recipe of its own.",
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_material_cost")
    active = fields.Boolean(default=True)
    line_ids = fields.One2many("salon.recipe.line", "recipe_id", "Materials", copy=True)
    note = fields.Text(
        "Method",
        help="Mixing ratio, developing time and whatever else the team should know.",
    )
    material_cost = fields.Monetary(
        compute="_compute_material_cost",
        groups="salon_booking.group_salon_manager",
        help="What one service uses up at today's cost of its materials. Optional "
        "materials do not count.",
    )

    _service_branch_unique = models.UniqueIndex(
        "(service_id, COALESCE(branch_id, 0)) WHERE active",
        "The service already has a recipe there. Change that one, or archive it first.",
    )

    @api.depends("branch_id", "service_id")
    def _compute_company_id(self):
        for recipe in self:
            recipe.company_id = (
                recipe.branch_id.company_id or recipe.service_id.company_id
            )

    @api.depends(
        "line_ids.product_id.standard_price",
        "line_ids.quantity",
        "line_ids.uom_id",
        "line_ids.is_optional",
    )
    @api.depends_context("company")
    def _compute_material_cost(self):
        for recipe in self:
            company = recipe.company_id or self.env.company
            recipe.currency_id = company.currency_id
            recipe.material_cost = sum(
                line._to_stock_unit(line.quantity)
                * line.product_id.with_company(company).standard_price
                for line in recipe.line_ids
                if not line.is_optional
            )

    @api.depends("service_id", "branch_id")
    def _compute_display_name(self):
        for recipe in self:
            recipe.display_name = " · ".join(
                filter(None, [recipe.service_id.name, recipe.branch_id.name])
            )

    def copy_data(self, default=None):
        # Two active recipes of one service cannot be; the copy waits for its branch.
        return super().copy_data({"active": False, **(default or {})})

    def _find(self, templates, branches):
        """Return the recipe of each pair: {(template id, branch id): recipe}."""
        recipes = self.search(
            [
                ("service_id", "in", templates.ids),
                ("branch_id", "in", [False, *branches.ids]),
            ]
        )
        found = {
            (recipe.service_id.id, recipe.branch_id.id): recipe for recipe in recipes
        }
        return {
            (template.id, branch.id): recipe
            for template in templates
            for branch in branches
            if (
                recipe := found.get((template.id, branch.id))
                or found.get((template.id, False))
            )
        }

    def _as_engine_lines(self):
        return [
            RecipeLine(
                line.product_id.id, line.uom_id.id, line.quantity, line.is_optional
            )
            for line in self.line_ids
            if line.product_id.active
        ]


class SalonRecipeLine(models.Model):
    _name = "salon.recipe.line"
    _description = "Material of a Recipe"
    _inherit = ["salon.material.mixin"]
    _order = "recipe_id, sequence, id"
    _check_company_auto = True

    recipe_id = fields.Many2one(
        "salon.recipe", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="recipe_id.company_id")
    sequence = fields.Integer(default=10)
    quantity = fields.Float(default=1)
    is_optional = fields.Boolean(
        "Optional",
        help="Stands on the list with nothing used, to be filled in when it was.",
    )

    _product_unique = models.UniqueIndex(
        "(recipe_id, product_id)",
        "The material is already in the recipe. Change its quantity there.",
    )
    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "A recipe uses more than nothing of each material."
    )

    @api.depends("product_id", "quantity", "uom_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = " ".join(
                filter(
                    None,
                    [f"{line.quantity:g}", line.uom_id.name, line.product_id.name],
                )
            )

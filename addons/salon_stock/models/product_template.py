from odoo import api, fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    salon_recipe_ids = fields.One2many("salon.recipe", "service_id", "Recipes")
    salon_recipe_count = fields.Integer(
        "Recipe Count", compute="_compute_salon_recipe_count"
    )

    @api.depends("salon_recipe_ids")
    def _compute_salon_recipe_count(self):
        for template in self:
            template.salon_recipe_count = len(template.salon_recipe_ids)

    def action_view_salon_recipes(self):
        """Open the recipe of the service, its recipes, or a new one."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "salon_stock.salon_recipe_action"
        )
        action |= {
            "domain": [("service_id", "=", self.id)],
            "context": {"default_service_id": self.id},
        }
        if self.salon_recipe_count < 2:
            action |= {"views": [(False, "form")], "res_id": self.salon_recipe_ids.id}
        return action

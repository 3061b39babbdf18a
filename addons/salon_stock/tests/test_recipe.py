from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import StockCase


@tagged("post_install", "-at_install")
class TestRecipe(StockCase):
    def test_a_recipe_costs_what_its_materials_cost_today(self):
        self.assertAlmostEqual(self.recipe.material_cost, 60 * 0.02 + 40 * 0.30)
        self.developer.standard_price = 0.04
        self.assertAlmostEqual(self.recipe.material_cost, 60 * 0.04 + 40 * 0.30)

    def test_a_quantity_costs_the_same_in_any_unit(self):
        recipe = self.write_recipe(self.blowdry, (self.developer, 0.5, self.litre))
        self.assertAlmostEqual(recipe.material_cost, 500 * 0.02)

    def test_a_branch_has_a_recipe_of_its_own(self):
        own = self.write_recipe(
            self.colour, (self.developer, 80), branch_id=self.branch.id
        )
        other = self.branch.copy({"name": "Other branch (test)"})
        template = self.colour.product_tmpl_id
        found = self.env["salon.recipe"]._find(template, self.branch | other)
        self.assertEqual(found[template.id, self.branch.id], own)
        self.assertEqual(found[template.id, other.id], self.recipe)

    @mute_logger("odoo.sql_db")
    def test_a_service_has_one_active_recipe(self):
        with self.assertRaises(Exception) as refused:
            self.write_recipe(self.colour, (self.developer, 80))
        self.assertIn("salon_recipe_service_branch_unique", str(refused.exception))

    def test_an_archived_recipe_makes_room_for_a_new_one(self):
        self.recipe.active = False
        self.recipe.flush_recordset()
        self.write_recipe(self.colour, (self.developer, 80))

    def test_the_copy_of_a_recipe_waits_for_its_branch(self):
        copy = self.recipe.copy()
        self.assertFalse(copy.active)
        self.assertEqual(len(copy.line_ids), 3)

    def test_a_unit_that_does_not_convert_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "kept in ml .* used in g"):
            self.write_recipe(self.blowdry, (self.developer, 5, self.gram))

    def test_less_than_the_stock_can_count_is_refused(self):
        mask = self.material("Mask", self.litre)
        with self.assertRaisesRegex(ValidationError, "less than its stock"):
            self.write_recipe(self.blowdry, (mask, 2, self.ml))

    def test_a_service_is_no_material(self):
        with self.assertRaisesRegex(ValidationError, "no goods"):
            self.write_recipe(self.blowdry, (self.haircut, 1))

    def test_units_offered_are_those_that_convert(self):
        units = self.recipe.line_ids[0].allowed_uom_ids
        self.assertIn(self.litre, units)
        self.assertNotIn(self.gram, units)

    def test_the_service_opens_its_recipe(self):
        action = self.colour.product_tmpl_id.action_view_salon_recipes()
        self.assertEqual(action["res_id"], self.recipe.id)
        action = self.haircut.product_tmpl_id.action_view_salon_recipes()
        self.assertFalse(action["res_id"])
        self.assertEqual(
            action["context"], {"default_service_id": self.haircut.product_tmpl_id.id}
        )

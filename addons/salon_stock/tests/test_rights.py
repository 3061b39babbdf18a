from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import StockCase


@tagged("post_install", "-at_install")
class TestRights(StockCase):
    def test_the_stylist_does_a_service_without_stock_rights(self):
        self.serve(user=self.stylist)
        self.assertEqual(self.on_shelf(self.developer), 940)

    def test_the_stylist_corrects_own_materials(self):
        row = self.used(self.serve(), self.developer).with_user(self.stylist)
        row.write({"quantity": 45, "note": "short hair"})
        self.assertEqual(self.on_shelf(self.developer), 955)

    def test_the_stylist_adds_a_material(self):
        appointment = self.serve(self.haircut)
        self.env["salon.consumption"].with_user(self.stylist).create(
            {
                "appointment_id": appointment.id,
                "product_id": self.gloves.id,
                "quantity": 1,
            }
        )
        self.assertEqual(self.on_shelf(self.gloves), 99)

    def test_the_stylist_does_not_touch_the_materials_of_others(self):
        appointment = self.serve(staff=self.oleg, user=self.manager)
        row = self.used(appointment, self.developer).with_user(self.stylist)
        with self.assertRaises(AccessError):
            row.write({"quantity": 1})
        self.assertFalse(
            self.env["salon.consumption"].with_user(self.stylist).search([])
        )

    def test_nobody_writes_what_the_moves_say(self):
        row = self.used(self.serve(), self.developer)
        for name in ("posted_quantity", "short_quantity", "cost", "planned_quantity"):
            with self.subTest(name), self.assertRaises(AccessError):
                row.with_user(self.owner).write({name: 0})

    def test_a_row_does_not_wander_to_another_appointment(self):
        row = self.used(self.serve(), self.developer)
        other = self.serve(at="12:00")
        with self.assertRaises(AccessError):
            row.with_user(self.manager).appointment_id = other

    def test_cost_is_for_the_manager(self):
        appointment = self.serve()
        self.assertTrue(appointment.with_user(self.manager).material_cost)
        self.assertTrue(self.recipe.with_user(self.manager).material_cost)
        for user in (self.stylist, self.receptionist):
            with self.assertRaises(AccessError):
                appointment.with_user(user).read(["material_cost"])
            with self.assertRaises(AccessError):
                appointment.consumption_ids.with_user(user).read(["cost"])
            with self.assertRaises(AccessError):
                self.recipe.with_user(user).read(["material_cost"])

    def test_the_receptionist_sees_the_materials_of_the_branch(self):
        appointment = self.serve(staff=self.oleg, user=self.manager)
        rows = appointment.consumption_ids.with_user(self.receptionist)
        self.assertTrue(rows.read(["product_id", "quantity", "state"]))

    def test_another_branch_is_nobody_elses_business(self):
        appointment = self.serve()
        elsewhere = self.branch.copy({"name": "Elsewhere (test)"})
        self.receptionist.salon_branch_ids = elsewhere
        with self.assertRaises(AccessError):
            appointment.consumption_ids.with_user(self.receptionist).read(["quantity"])

    def test_the_manager_writes_recipes_and_the_stylist_reads_them(self):
        recipe = self.recipe.with_user(self.manager)
        recipe.line_ids[0].quantity = 70
        self.assertEqual(recipe.with_user(self.stylist).line_ids[0].quantity, 70)
        with self.assertRaises(AccessError):
            recipe.with_user(self.stylist).line_ids[0].quantity = 1
        with self.assertRaises(AccessError):
            recipe.with_user(self.receptionist).write({"note": "more!"})

    def test_the_manager_of_one_branch_leaves_other_recipes_alone(self):
        elsewhere = self.branch.copy({"name": "Elsewhere (test)"})
        own = self.write_recipe(
            self.blowdry, (self.developer, 5), branch_id=self.branch.id
        )
        self.manager.salon_branch_ids = elsewhere
        with self.assertRaises(AccessError):
            own.with_user(self.manager).write({"note": "mine"})

    def test_the_desk_opens_the_stock_of_its_branch(self):
        branch = self.branch.with_user(self.receptionist)
        for action in (branch.action_view_stock(), branch.action_view_own_stock()):
            quants = branch.env["stock.quant"].search(action["domain"])
            self.assertIn(self.developer, quants.product_id)
            self.assertEqual(set(quants.location_id.mapped("usage")), {"internal"})

    def test_the_accountant_opens_an_appointment_without_its_materials(self):
        appointment = self.serve().with_user(self.accountant)
        view = appointment.get_view(view_type="form")
        self.assertNotIn("consumption_ids", view["arch"])
        self.assertFalse(appointment.has_short_materials)

    def test_the_list_on_the_appointment_is_filled_in_by_the_stylist(self):
        appointment = self.serve()
        with Form(appointment.with_user(self.stylist)) as form:
            self.assertNotIn("material_cost", form._view["fields"])
            with form.consumption_ids.edit(0) as row:
                row.quantity = 50
            with form.consumption_ids.new() as row:
                row.product_id = self.material("Toner", self.ml)
                row.quantity = 5
        self.assertEqual(self.on_shelf(self.developer), 950)
        self.assertEqual(len(appointment.consumption_ids), 4)

    def test_the_manager_writes_a_recipe_on_the_form(self):
        form = Form(
            self.env["salon.recipe"]
            .with_user(self.manager)
            .with_context(default_service_id=self.blowdry.product_tmpl_id.id)
        )
        with form.line_ids.new() as line:
            line.product_id = self.developer
            line.quantity = 20
        recipe = form.save()
        self.assertEqual(recipe.line_ids.uom_id, self.ml)

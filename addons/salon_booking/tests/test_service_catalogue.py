from odoo.tests import HttpCase, tagged, users

from .common import SalonCase


@tagged("post_install", "-at_install")
class TestServiceCatalogue(SalonCase, HttpCase):
    """Services as they stand in the tree: who, how long, from which price."""

    def skill_of(self, staff):
        return staff.salon_skill_ids.filtered(
            lambda skill: skill.product_tmpl_id == self.haircut.product_tmpl_id
        )

    @users("test_receptionist")
    def test_the_lowest_price_of_those_who_do_it_is_named(self):
        service = self.haircut.product_tmpl_id.with_env(self.env)
        self.assertEqual(service.salon_staff_ids.ids, (self.mia | self.oleg).ids)
        self.assertEqual(service.salon_price_from, 50)
        self.assertFalse(service.salon_has_prices)
        self.skill_of(self.oleg).sudo().price = 42
        self.assertEqual(service.salon_price_from, 42)
        self.assertTrue(service.salon_has_prices)

    def test_what_the_salon_books_only_is_not_online(self):
        service = self.haircut.product_tmpl_id
        self.assertTrue(service.is_salon_online)
        service.salon_needs_approval = True
        self.assertFalse(service.is_salon_online)

    def test_a_category_is_called_by_its_name_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("tr_TR")
        below = self.category_hair.create(
            {"name": "Short (test)", "parent_id": self.category_hair.id}
        )
        self.assertEqual(
            below.display_name, f"{self.category_hair.display_name} / Short (test)"
        )
        below.salon_name = "Short hair"
        below.with_context(lang="tr_TR").salon_name = "Kısa saç"
        turkish = below.with_context(lang="tr_TR", hierarchical_naming=False)
        self.assertEqual(turkish.display_name, "Kısa saç")
        self.assertTrue(below.display_name.endswith(" / Short hair"))
        self.assertEqual(below.name, "Short (test)")
        found = below.with_context(lang="tr_TR").name_search("Kısa saç")
        self.assertEqual([id_ for id_, _name in found], below.ids)

    def test_a_category_counts_what_is_below_it(self):
        below = self.category_hair.create(
            {"name": "Short hair (test)", "parent_id": self.category_hair.id}
        )
        before = self.category_hair.salon_service_count
        self.haircut.categ_id = below
        (self.category_hair | below).invalidate_recordset()
        self.assertEqual(self.category_hair.salon_service_count, before)
        self.assertEqual(below.salon_service_count, 1)

    def test_categories_with_services_are_found(self):
        empty = self.category_hair.create({"name": "Empty (test)"})
        found = self.category_hair.search([("salon_service_count", ">", 0)])
        self.assertIn(self.category_hair, found)
        self.assertNotIn(empty, found)

    def test_a_manager_finds_a_service_in_the_tree_and_sees_its_phases(self):
        self.colour.name = "Colour of the Tour"
        self.category_hair.name = "Hair of the Tour"
        self.start_tour(
            "/odoo/salon-services",
            "salon_manager_finds_a_service",
            login="test_manager",
        )

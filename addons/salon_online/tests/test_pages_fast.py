from odoo import Command
from odoo.tests import tagged

from odoo.addons.salon_booking.engine import clock

from .common import PagesCase


@tagged("post_install", "-at_install")
class TestMenuIsKept(PagesCase):
    """The menu is read once, and anew after any change."""

    def setUp(self):
        super().setUp()
        self.registry.clear_cache()
        self.menu = self.env["salon.online.menu"]
        # As the pages find it: in sudo, of its company.
        self.published = self.branch._find_online("test-pages")

    def row(self):
        return self.menu._prepare_services(self.published)[self.haircut.id]

    def test_it_costs_one_query_to_know_that_nothing_has_changed(self):
        first = self.row()
        with self.assertQueryCount(1):
            self.assertIs(self.row(), first)

    def test_a_new_price_is_shown_at_once(self):
        before = self.row()["price"]
        self.haircut.list_price += 7
        self.assertGreater(self.row()["price"], before)

    def test_a_price_of_one_person_is_shown_at_once(self):
        self.row()
        self.mia.salon_skill_ids.filtered(
            lambda skill: skill.product_tmpl_id == self.haircut.product_tmpl_id
        ).price = 999
        self.assertGreaterEqual(self.row()["price_high"], 999)

    def test_a_tax_that_rises_is_shown_at_once(self):
        tax = self.env["account.tax"].create(
            {"name": "Test", "amount": 10, "price_include_override": "tax_excluded"}
        )
        self.haircut.taxes_id = [Command.set(tax.ids)]
        before = self.row()["price"]
        tax.amount = 20
        self.assertGreater(self.row()["price"], before)

    def test_a_renamed_category_is_shown_at_once(self):
        self.row()
        self.haircut.categ_id = self.env["product.category"].create({"name": "Old"})
        self.assertEqual(self.row()["category"], "Old")
        self.haircut.categ_id.name = "New"
        self.assertEqual(self.row()["category"], "New")

    def test_who_leaves_is_not_shown_any_more(self):
        self.assertIn(self.mia.id, self.row()["staff"])
        self.mia.salon_branch_ids = [Command.unlink(self.branch.id)]
        self.assertNotIn(self.mia.id, self.row()["staff"])

    def test_what_somebody_learns_is_on_the_menu(self):
        before = set(self.menu._prepare_services(self.published))
        service = self._service("New", 10, [("work", 30)])
        self.assertNotIn(service.id, before)
        self.env["salon.skill"].create(
            {"staff_id": self.mia.id, "product_tmpl_id": service.product_tmpl_id.id}
        )
        self.assertIn(service.id, self.menu._prepare_services(self.published))


@tagged("post_install", "-at_install")
class TestPagesAreFast(PagesCase):
    """The number of queries does not grow with services, people and visits."""

    def count(self, path="", **query):
        self.page(path, **query)
        before = self.cr.sql_log_count
        self.assertEqual(self.page(path, **query).status_code, 200)
        return self.cr.sql_log_count - before

    def grow(self):
        services = [
            self._service(f"More {number}", 10 + number, [("work", 30)])
            for number in range(8)
        ]
        self.env["salon.skill"].create(
            [
                {"staff_id": person.id, "product_tmpl_id": one.product_tmpl_id.id}
                for person in (self.mia, self.oleg)
                for one in services
            ]
        )
        for hour in range(10, 14):
            self.book(self.haircut, at=f"{hour}:00", staff=self.mia, date=self.day)

    def test_pages_of_a_big_branch_cost_what_those_of_a_small_one_do(self):
        start = self.times(self.haircut)[-1]
        pages = {
            "": {},
            "/time": {"p": self.haircut.id},
            "/details": {"p": self.haircut.id, "start": start},
        }
        small = {path: self.count(path, **query) for path, query in pages.items()}
        self.grow()
        for path, query in pages.items():
            self.assertLessEqual(self.count(path, **query), small[path], path)
            self.assertLess(small[path], 60, path)
        self.assertEqual(clock.local(start, self.branch.tz).date(), self.day)

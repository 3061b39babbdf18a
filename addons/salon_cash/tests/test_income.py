from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import CashCase


@tagged("post_install", "-at_install")
class TestIncomeReport(CashCase):
    def facts(self, user=None):
        self.env.flush_all()
        report = self.env["salon.income.report"].with_user(user or self.manager)
        return report.search([("branch_id", "=", self.branch.id), ("revenue", "!=", 0)])

    def test_income_is_net_of_tax_by_service_and_person(self):
        self.sell()
        fact = self.facts()
        self.assertEqual(fact.product_id, self.haircut)
        self.assertEqual(fact.category_id, self.category_hair)
        self.assertEqual(fact.staff_id, self.mia)
        self.assertEqual(fact.client_id, self.anna)
        self.assertEqual((fact.revenue, fact.discount), (50, 0))
        costs = fact.materials + fact.pay + fact.fees
        self.assertEqual(fact.margin, fact.revenue - costs)

    def test_a_discount_is_told_beside_what_is_left(self):
        visit = self.book(self.haircut)
        prices = {visit.appointment_ids.id: {"price_unit": 50, "discount": 20}}
        self.checkout(visit, user=self.receptionist, options={"prices": prices})
        fact = self.facts()
        self.assertEqual((fact.revenue, fact.discount), (40, 10))

    def test_what_is_done_for_nothing_is_a_discount_net_of_tax(self):
        self.tax.price_include_override = "tax_included"
        visit = self.book(self.haircut)
        prices = {visit.appointment_ids.id: {"price_unit": 55, "discount": 100}}
        self.checkout(visit, user=self.receptionist, options={"prices": prices})
        self.env.flush_all()
        report = self.env["salon.income.report"].with_user(self.manager)
        fact = report.search(
            [("branch_id", "=", self.branch.id), ("product_id", "=", self.haircut.id)]
        )
        self.assertEqual(fact.revenue, 0)
        self.assertAlmostEqual(fact.discount, 50)

    def test_a_refund_takes_income_back(self):
        self.refund(self.sell()["invoice"])
        self.assertEqual(sorted(self.facts().mapped("revenue")), [-50, 50])

    def test_it_agrees_with_the_books(self):
        self.sell()
        self.sell(at="12:00", service=self.colour, amount=0)
        lines = self.env["account.move.line"].search(
            [
                ("move_id.salon_branch_id", "=", self.branch.id),
                ("account_id.internal_group", "=", "income"),
                ("tax_line_id", "=", False),
            ]
        )
        self.assertEqual(
            sum(self.facts().mapped("revenue")), -sum(lines.mapped("balance"))
        )

    def test_a_manager_sees_own_branches_and_the_desk_none(self):
        self.sell()
        self.assertTrue(self.facts(self.accountant))
        with self.assertRaises(AccessError):
            self.facts(self.receptionist)
        other = self.env["salon.branch"].create({"name": "Other", "tz": "UTC"})
        self.set_branches(self.manager, other)
        self.assertFalse(self.facts())

    def test_every_row_has_a_number_of_its_own(self):
        report = self.env["salon.income.report"]
        self.env.flush_all()
        ids = report.search([]).ids
        self.assertEqual(len(ids), len(set(ids)))
        self.assertEqual(len(ids), report.search_count([]))

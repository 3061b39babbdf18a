from datetime import date, timedelta

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import PayrollCase


@tagged("post_install", "-at_install")
class TestPayScheme(PayrollCase):
    def change_scheme(self, scheme, date_from=None):
        self.pay_by(scheme, self.mia, date_from or self.today)

    def test_the_nearest_category_decides(self):
        cut, long_cut = self.env["product.category"].create(
            [
                {"name": "Cut (test)", "parent_id": self.category_hair.id},
                {"name": "Long cut (test)", "parent_id": self.category_hair.id},
            ]
        )
        long_cut.parent_id = cut
        self.change_scheme(
            self.category_scheme(**{"Hair (test)": 40, "Cut (test)": 50})
        )
        self.haircut.categ_id = long_cut
        bill = self.bill(self.haircut, self.colour)
        self.assert_rows(self.rows(bill), ("paid", 50, 25), ("paid", 100, 40))

    def test_a_category_counts_for_products_too(self):
        self.change_scheme(self.category_scheme(**{"Retail (test)": 0}))
        bill = self.bill(self.haircut, extra_lines=[self.sold(self.shampoo, self.mia)])
        self.assert_rows(self.rows(bill), ("paid", 50, 22.5), ("paid", 20, 0))

    def test_the_scheme_of_the_day_of_the_bill_counts(self):
        better = self.scheme.copy({"name": "Better", "service_percentage": 50})
        best = self.scheme.copy({"name": "Best", "service_percentage": 60})
        self.change_scheme(better, self.today)
        self.change_scheme(best, self.today + timedelta(days=1))
        self.assertEqual(self.rows(self.bill(self.haircut)).percentage, 50)

    def test_a_changed_percentage_leaves_what_was_earned(self):
        bill = self.bill(self.haircut)
        self.scheme.service_percentage = 20
        bill._on_salon_bill_paid()
        self.assert_rows(self.rows(bill), ("paid", 50, 22.5))

    @mute_logger("odoo.sql_db")
    def test_a_person_has_one_scheme_from_a_day_on(self):
        with self.assertRaises(UniqueViolation):
            self.pay_by(self.scheme, self.mia, date(2020, 1, 1))

    @mute_logger("odoo.sql_db")
    def test_a_percentage_is_between_0_and_100(self):
        with self.assertRaises(CheckViolation):
            self.scheme.service_percentage = 101
            self.env.flush_all()

    def test_a_scheme_of_another_company_cannot_be_given(self):
        other = self.env["res.company"].create({"name": "Other"})
        foreign = self.scheme.copy({"name": "Foreign", "company_id": other.id})
        with self.assertRaisesRegex(UserError, "Foreign"):
            self.pay_by(foreign, self.mia, self.today)

    def test_the_branch_manager_gives_schemes_without_being_hr_manager(self):
        form = Form(self.env["salon.pay.assignment"].with_user(self.manager))
        form.staff_id = self.mia
        form.scheme_id = self.scheme
        form.date_from = self.today
        self.assertEqual(form.save().staff_id.id, self.mia.id)

    def test_only_the_owner_makes_schemes(self):
        values = {"name": "New", "service_percentage": 100}
        self.env["salon.pay.scheme"].with_user(self.owner).create(values)
        with self.assertRaises(AccessError):
            self.env["salon.pay.scheme"].with_user(self.manager).create(values)

    def test_a_stylist_sees_nobodys_scheme(self):
        with self.assertRaises(AccessError):
            self.env["salon.pay.assignment"].with_user(self.stylist).search([])

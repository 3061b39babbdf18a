from odoo.tests import tagged
from odoo.tools import SQL

from .common import StockCase


@tagged("post_install", "-at_install")
class TestValuation(StockCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.company.salon_consumption_location_id.valuation_account_id
        cls.stock_account = cls.company.account_stock_valuation_id

    def balance(self, account, material):
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "=", account.id),
                ("product_id", "=", material.id),
                ("parent_state", "=", "posted"),
            ]
        )
        return sum(lines.mapped("balance"))

    def perpetual(self, method="standard"):
        self.backbar.property_valuation = "real_time"
        self.backbar.property_cost_method = method

    def test_the_consumption_location_is_an_expense(self):
        self.assertEqual(self.account, self.company.expense_account_id)

    def test_perpetual_stock_posts_the_materials_at_once(self):
        self.perpetual()
        self.serve()
        self.assertAlmostEqual(self.balance(self.account, self.cream), 12)
        self.assertAlmostEqual(self.balance(self.stock_account, self.cream), -12)

    def test_reopening_reverses_the_posting_to_the_cent(self):
        self.perpetual()
        appointment = self.serve()
        self.cream.standard_price = 5
        self.reopen(appointment)
        self.assertAlmostEqual(self.balance(self.account, self.cream), 0)
        self.assertAlmostEqual(self.balance(self.stock_account, self.cream), 0)

    def test_periodic_stock_posts_nothing_but_knows_the_cost(self):
        self.backbar.property_valuation = "periodic"
        appointment = self.serve()
        moves = appointment.consumption_ids.move_ids
        self.assertFalse(moves.account_move_id)
        self.assertAlmostEqual(sum(moves.mapped("value")), appointment.material_cost)

    def test_the_cost_stands_on_the_analytic_account_of_the_branch(self):
        for valuation in ("periodic", "real_time"):
            with self.subTest(valuation):
                self.backbar.property_valuation = valuation
                appointment = self.serve()
                lines = appointment.consumption_ids.move_ids.analytic_account_line_ids
                plan = self.branch.analytic_account_id.plan_id._column_name()
                self.assertEqual(lines[plan], self.branch.analytic_account_id)
                self.assertAlmostEqual(sum(lines.mapped("amount")), -13.2)
                self.reopen(appointment)
                lines = appointment.consumption_ids.move_ids.analytic_account_line_ids
                self.assertAlmostEqual(sum(lines.mapped("amount")), 0)
                appointment.sudo()._set_state("cancelled")

    def test_the_income_report_says_what_a_service_used(self):
        appointment = self.serve()
        self.env.flush_all()
        facts = SQL(" UNION ALL ").join(self.env["salon.income"]._get_facts())
        rows = self.env.execute_query(
            SQL(
                "SELECT branch_id, product_id, staff_id, SUM(materials) "
                "FROM (%s) fact WHERE branch_id = %s AND materials != 0 "
                "GROUP BY branch_id, product_id, staff_id",
                facts,
                self.branch.id,
            )
        )
        [(*owners, cost)] = rows
        served = appointment.product_id.id, appointment.staff_id.id
        self.assertEqual(owners, [self.branch.id, *served])
        self.assertAlmostEqual(float(cost), 13.2)

    def test_first_in_first_out_gives_the_cost_of_the_oldest(self):
        self.perpetual("fifo")
        toner = self.material("Toner", self.ml)
        self.receive(toner, 50, 10)
        self.receive(toner, 50, 30)
        self.write_recipe(self.blowdry, (toner, 60))
        appointment = self.serve(self.blowdry)
        self.assertAlmostEqual(appointment.material_cost, 16)
        self.reopen(appointment)
        self.assertAlmostEqual(appointment.material_cost, 0)
        self.assertAlmostEqual(toner.total_value, 40)

    def test_average_cost_is_the_same_after_reopening(self):
        self.perpetual("average")
        toner = self.material("Toner", self.ml)
        self.receive(toner, 3, 1)
        self.write_recipe(self.blowdry, (toner, 3))
        row = self.serve(self.blowdry).consumption_ids
        for quantity in (2, 1, 3, 1):
            row.quantity = quantity
        self.reopen(row.appointment_id)
        self.assertEqual(row.cost, 0)
        self.assertAlmostEqual(toner.total_value, 1)
        self.assertAlmostEqual(self.balance(self.account, toner), 0)

    def test_parts_that_come_back_add_up_to_what_left(self):
        toner = self.material("Toner", self.ml, cost=1 / 3)
        self.fill(toner, 10)
        self.write_recipe(self.blowdry, (toner, 4))
        row = self.serve(self.blowdry).consumption_ids
        value = row.cost
        for quantity in (3, 2, 1, 0):
            row.quantity = quantity
        back = row.move_ids.filtered("origin_returned_move_id")
        self.assertEqual(len(back), 4)
        self.assertAlmostEqual(sum(back.mapped("value")), value)
        self.assertEqual(row.cost, 0)

    def test_the_margin_takes_the_materials_off_the_price(self):
        appointment = self.serve()
        self.assertAlmostEqual(appointment.material_margin, 100 - 13.2)

    def test_what_is_only_booked_has_no_margin_yet(self):
        visit = self.book(self.colour)
        self.assertEqual(visit.appointment_ids.material_margin, 0)
        visit._set_state("cancelled")
        self.assertEqual(visit.appointment_ids.material_margin, 0)

    def test_tax_in_the_price_is_no_margin(self):
        self.tax.price_include_override = "tax_included"
        appointment = self.serve(price=110)
        self.assertAlmostEqual(appointment.material_margin, 100 - 13.2)

    def test_the_margin_follows_the_invoice(self):
        appointment = self.serve()
        self.checkout(
            appointment.visit_id,
            options={"prices": {appointment.id: {"price_unit": 100, "discount": 20}}},
        )
        self.assertAlmostEqual(appointment.material_margin, 80 - 13.2)

    def test_a_new_company_gets_a_location_of_its_own(self):
        company = self.env["res.company"].create({"name": "Second salon (test)"})
        location = company.salon_consumption_location_id
        self.assertEqual((location.usage, location.company_id), ("production", company))
        self.env["account.chart.template"].try_loading(
            "generic_coa", company=company, install_demo=False
        )
        self.assertEqual(location.valuation_account_id, company.expense_account_id)

    def test_a_second_installation_finds_the_location_of_the_first(self):
        location = self.company.salon_consumption_location_id
        self.company.salon_consumption_location_id = False
        self.env["res.company"]._create_missing_salon_consumption_locations()
        self.assertEqual(self.company.salon_consumption_location_id, location)

    def test_services_of_two_companies_settle_together(self):
        company = self.env["res.company"].create({"name": "Second salon (test)"})
        self.env.user.company_ids |= company
        branch = self.env["salon.branch"].create(
            {
                "name": "Second (test)",
                "company_id": company.id,
                "tz": "Europe/Brussels",
                "resource_calendar_id": False,
            }
        )
        self.assertEqual(branch.warehouse_id.company_id, company)
        here = self.book(self.colour).appointment_ids
        env = self.env(context={"allowed_company_ids": (self.company | company).ids})
        there = env["salon.booking"]._book(
            branch.with_env(env),
            self.anna,
            [{"product_id": self.colour.id, "start": self.at("10:00")}],
        )
        both = here.with_env(env) | there.appointment_ids
        both._set_state("done")
        moves = both.consumption_ids.move_ids
        self.assertEqual(moves.company_id, self.company | company)
        self.assertEqual(set(both.consumption_ids.mapped("state")), {"used", "unused"})

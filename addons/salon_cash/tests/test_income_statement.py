import io

import openpyxl
from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import Form, HttpCase, tagged

from .common import CashCase


class IncomeCase(CashCase):
    """Sales of 50 in May and of 150 in June 2031, and tax that is no income."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        owed = cls.env["account.account"].create(
            {
                "name": "Tax of the Test",
                "code": "TTAX99",
                "account_type": "liability_current",
            }
        )
        taxes = cls.tax.repartition_line_ids.filtered(
            lambda line: line.repartition_type == "tax"
        )
        taxes.account_id = owed
        with freeze_time("2031-05-20 08:00"):
            cls.sell(at="09:00")
        with freeze_time("2031-06-12 08:00"):
            cls.sell(at="11:00", amount=0)
            cls.sell(service=cls.colour, at="12:00", staff=cls.oleg, amount=0)

    @classmethod
    def statement(cls, user=None, **values):
        cls.env.flush_all()
        statements = cls.env["salon.income.statement"].with_user(user or cls.manager)
        with Form(statements) as form:
            form.date_from, form.date_to = "2031-06-01", "2031-06-30"
            for name, value in values.items():
                form[name] = value
        return form.record

    def own(self, statement, name):
        return statement.line_ids.filtered(lambda line: line.name == name)


@tagged("post_install", "-at_install")
class TestIncomeStatement(IncomeCase):
    def test_a_month_stands_beside_the_one_before(self):
        line = self.own(self.statement(), self.branch.name)
        self.assertEqual((line.revenue, line.revenue_before), (150, 50))
        self.assertEqual(line.margin, 150)
        self.assertEqual(line.change, 2)

    def test_a_month_stands_beside_the_same_a_year_before(self):
        year = self.statement(compare="year")
        self.assertEqual(
            (str(year.before_from), str(year.before_to)), ("2030-06-01", "2030-06-30")
        )
        later = self.statement(
            compare="year", date_from="2032-06-01", date_to="2032-06-30"
        )
        line = self.own(later, self.branch.name)
        self.assertEqual((line.revenue, line.revenue_before), (0, 150))

    def test_a_margin_is_what_materials_pay_and_fees_leave(self):
        amounts = {"revenue": 100, "materials": 10, "pay": 40, "fees": 1.5}
        self.assertEqual(self.statement()._get_margin(amounts), 48.5)

    def test_it_is_by_whatever_is_asked_for(self):
        for group, amounts in (
            ("product", {"Haircut": 50, "Colour": 100}),
            ("staff", {"Mia": 50, "Oleg": 100}),
            ("category", {"Hair (test)": 150}),
            ("month", {"June 2031": 150}),
        ):
            with self.subTest(group=group):
                lines = self.statement(group=group).line_ids
                self.assertEqual(
                    {line.name: line.revenue for line in lines if line.revenue},
                    amounts,
                )

    def test_what_was_sold_before_only_is_there_too(self):
        statement = self.statement(date_from="2031-07-01", date_to="2031-07-31")
        line = self.own(statement, self.branch.name)
        self.assertEqual((line.revenue, line.revenue_before, line.change), (0, 150, -1))

    def test_a_line_opens_what_it_is_made_of(self):
        line = self.own(self.statement(group="staff"), "Oleg")
        action = line.action_open_facts()
        facts = self.env[action["res_model"]].with_user(self.manager)
        facts = facts.search(action["domain"])
        self.assertEqual(facts.product_id, self.colour)
        self.assertEqual(sum(facts.mapped("revenue")), line.revenue)

    def test_another_currency_is_told_at_the_rate_of_the_day_or_of_the_end(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        euro.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            [
                {"currency_id": euro.id, "company_id": self.company.id, **values}
                for values in (
                    {"name": "2000-01-01", "rate": 0.5},
                    {"name": "2031-06-30", "rate": 0.25},
                )
            ]
        )
        statement = self.statement(currency_id=euro)
        line = self.own(statement, self.branch.name)
        self.assertEqual((line.revenue, line.revenue_before), (75, 25))
        self.assertIn("EUR at the rate of each day", statement.heading)
        statement = self.statement(currency_id=euro, rate="period")
        line = self.own(statement, self.branch.name)
        self.assertEqual((line.revenue, line.revenue_before), (37.5, 25))
        self.assertRegex(
            statement.heading, r"EUR at the rate of .*06/30/2031.* = 4 USD"
        )

    def test_a_manager_reads_own_branches_and_the_desk_nothing(self):
        other = self.env["salon.branch"].create({"name": "Other", "tz": "UTC"})
        self.set_branches(self.manager, other)
        self.assertFalse(self.own(self.statement(), self.branch.name))
        self.assertTrue(self.own(self.statement(self.accountant), self.branch.name))
        with self.assertRaises(AccessError):
            self.statement(self.receptionist)

    def test_the_paper_has_the_lines_and_their_sum(self):
        statement = self.statement(group="staff")
        content, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.manager)
            ._render_qweb_html(
                "salon_cash.salon_income_statement_report", statement.ids
            )
        )
        text = content.decode()
        for part in ("Mia", "Oleg", "150.00", "Revenue Before", "compared with"):
            self.assertIn(part, text)


@tagged("post_install", "-at_install")
class TestIncomeSheet(IncomeCase, HttpCase):
    def test_the_sheet_has_numbers(self):
        statement = self.statement(group="staff")
        self.authenticate("test_manager", "test_manager")
        answer = self.url_open(statement.action_download()["url"])
        self.assertEqual(answer.status_code, 200)
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        rows = list(sheet.iter_rows(min_row=4, values_only=True))
        self.assertEqual(rows[0][:2], ("Person", "Revenue"))
        amounts = {row[0]: row[1] for row in rows[1:]}
        self.assertEqual(amounts, {"Oleg": 100, "Mia": 50, "Total": 150})

    def test_nobody_downloads_the_statement_of_somebody_else(self):
        statement = self.statement()
        self.authenticate("test_receptionist", "test_receptionist")
        answer = self.url_open(statement.action_download()["url"])
        self.assertEqual(answer.status_code, 404)


@tagged("post_install", "-at_install")
class TestBranchResult(IncomeCase):
    def result(self, user=None):
        self.env.flush_all()
        results = self.env["salon.branch.result"].with_user(user or self.manager)
        return results.search([("branch_id", "=", self.branch.id)])

    def test_it_is_what_the_books_say(self):
        day = self.open_till(100)
        self.desk._move_cash(day, self.expense, 12.5)
        self.assertEqual(
            {row.side: row.amount for row in self.result() if row.amount < 0},
            {"out": -12.5},
        )
        income = self.result().filtered(lambda row: row.side == "in")
        items = self.env["account.move.line"].search(
            [
                ("move_id.salon_branch_id", "=", self.branch.id),
                ("parent_state", "=", "posted"),
                ("account_id.internal_group", "=", "income"),
            ]
        )
        self.assertTrue(items)
        self.assertEqual(sum(income.mapped("amount")), -sum(items.mapped("balance")))

    def test_a_manager_sees_own_branches_and_the_desk_none(self):
        self.assertTrue(self.result(self.accountant))
        with self.assertRaises(AccessError):
            self.result(self.receptionist)
        other = self.env["salon.branch"].create({"name": "Other", "tz": "UTC"})
        self.set_branches(self.manager, other)
        self.assertFalse(self.result())

    def test_a_line_opens_its_entry_for_who_may_read_it(self):
        row = self.result(self.accountant)[:1]
        self.assertEqual(row.action_open_entry()["res_id"], row.move_id.id)

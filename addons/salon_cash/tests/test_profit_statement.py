import io

import openpyxl
from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import Form, HttpCase, tagged

from .test_income_statement import IncomeCase


class ProfitCase(IncomeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time("2031-06-12 18:00"):
            cls.desk._move_cash(cls.open_till(100), cls.expense, 12.5)

    @classmethod
    def profit(cls, user=None, **values):
        cls.env.flush_all()
        statements = cls.env["salon.profit.statement"].with_user(user or cls.manager)
        with Form(statements) as form:
            form.date_from, form.date_to = "2031-06-01", "2031-06-30"
            form.branch_ids.add(cls.branch)
            for name, value in values.items():
                form[name] = value
        return form.record

    def lines(self, statement):
        return [(line.kind, line.section, line.amount) for line in statement.line_ids]


@tagged("post_install", "-at_install")
class TestProfitStatement(ProfitCase):
    def test_income_stands_before_costs_and_the_result_at_the_end(self):
        self.assertEqual(
            self.lines(self.profit()),
            [
                ("section", "income", 150),
                ("account", "income", 150),
                ("section", "expense", -12.5),
                ("account", "expense", -12.5),
                ("result", "result", 137.5),
            ],
        )

    def test_direct_costs_leave_a_gross_profit(self):
        self.company.expense_account_id.account_type = "expense_direct_cost"
        self.assertEqual(
            [line[1:] for line in self.lines(self.profit()) if line[0] == "result"],
            [("gross", 137.5), ("result", 137.5)],
        )

    def test_the_period_before_stands_beside_it(self):
        result = self.profit().line_ids[-1]
        self.assertEqual((result.amount_before, result.change), (50, 1.75))

    def test_several_branches_stand_side_by_side_on_paper(self):
        other = self.env["salon.branch"].create({"name": "Other", "tz": "UTC"})
        self.env["account.analytic.line"].create(
            {
                "name": "Rent",
                "date": "2031-06-03",
                "amount": -30,
                "general_account_id": self.company.expense_account_id.id,
                other.analytic_account_id.plan_id._column_name(): (
                    other.analytic_account_id.id
                ),
            }
        )
        both = self.branch | other
        self.set_branches(self.manager, both)
        statement = self.profit(branch_ids=both)
        titles = [title for _name, title in statement._get_columns()]
        self.assertEqual(titles[:3], [self.branch.name, "Other", "Total"])
        amounts = statement._get_rows()[-1]["amounts"]
        self.assertEqual(
            (amounts[str(self.branch.id)], amounts[str(other.id)], amounts["amount"]),
            (137.5, -30, 107.5),
        )

    def test_each_line_opens_the_entries_it_is_made_of(self):
        statement = self.profit(self.accountant)
        for line in statement.line_ids:
            action = line.action_open_items()
            items = self.env[action["res_model"]].with_user(self.accountant)
            items = items.search(action["domain"])
            with self.subTest(line=line.name):
                self.assertEqual(sum(items.mapped("amount")), line.amount)
                self.assertTrue(all(items.mapped("move_id")))

    def test_a_manager_reads_own_branches_and_the_desk_nothing(self):
        other = self.env["salon.branch"].create({"name": "Other", "tz": "UTC"})
        self.set_branches(self.manager, other)
        with Form(self.env["salon.profit.statement"].with_user(self.manager)) as form:
            form.date_from, form.date_to = "2031-06-01", "2031-06-30"
        self.assertFalse(form.record.line_ids)
        with self.assertRaises(AccessError):
            self.profit(self.receptionist)

    def test_the_paper_says_income_costs_and_result(self):
        content, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.manager)
            ._render_qweb_html(
                "salon_cash.salon_profit_statement_report", self.profit().ids
            )
        )
        text = content.decode()
        parts = ["Profit and Loss", "Income", "150.00", "Expenses", "12.50", "Result"]
        places = [text.find(part) for part in parts]
        self.assertNotIn(-1, places, parts)
        self.assertEqual(places, sorted(places))


@tagged("post_install", "-at_install")
class TestProfitSheet(ProfitCase, HttpCase):
    def test_the_sheet_has_numbers(self):
        statement = self.profit()
        self.authenticate("test_manager", "test_manager")
        answer = self.url_open(statement.action_download()["url"])
        self.assertEqual(answer.status_code, 200)
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        rows = list(sheet.iter_rows(min_row=4, values_only=True))
        self.assertEqual(rows[0], ("Account", "Total", "Before", "Change %"))
        self.assertEqual(rows[1][:3], ("Income", 150, 50))
        self.assertEqual(rows[-1][:3], ("Result", 137.5, 50))

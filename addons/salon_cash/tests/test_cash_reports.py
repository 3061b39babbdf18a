from odoo.tests import tagged

from .common import CashCase


@tagged("post_install", "-at_install")
class TestCashReports(CashCase):
    def html(self, report, record, user=None):
        content, _kind = (
            self.env["ir.actions.report"]
            .with_user(user or self.receptionist)
            ._render_qweb_html(f"salon_cash.{report}", record.ids)
        )
        return content.decode()

    def test_the_closing_report_says_tenders_people_and_taxes(self):
        day = self.open_till(100)
        self.sell()
        visit = self.book(self.colour, at="12:00", staff=self.oleg)
        card = self.tender(110, self.bank_journal)
        self.checkout(visit, card, user=self.receptionist)
        self.close(day, 155)
        figures = day.figures
        self.assertEqual(
            {row["name"]: row["came"] for row in figures["tenders"]},
            {self.till.name: 55, self.bank_journal.name: 110},
        )
        self.assertEqual(
            [(row["name"], row["net"], row["gross"]) for row in figures["people"]],
            [("Oleg", 100, 110), ("Mia", 50, 55)],
        )
        self.assertEqual(
            [(row["base"], row["tax"]) for row in figures["taxes"]], [(150, 15)]
        )
        text = self.html("salon_cash_closing_report", day)
        for part in ("Mia", "Oleg", self.till.name, "10 % (test)"):
            self.assertIn(part, text)

    def test_a_refund_lowers_sales_and_taxes(self):
        day = self.open_till(100)
        self.refund(self.sell()["invoice"])
        figures = day._get_report_figures()
        self.assertEqual([row["gross"] for row in figures["people"]], [0])
        self.assertEqual(
            [(row["base"], row["tax"]) for row in figures["taxes"]], [(0, 0)]
        )

    def test_what_was_closed_is_told_as_it_was(self):
        day = self.close(self.open_till(100), 100)
        told = day.figures
        self.till.name = "Another name"
        self.open_till(100)
        self.sell()
        self.assertEqual(day._get_report_figures(), told)

    def test_only_managers_read_the_difference(self):
        day = self.close(self.open_till(100), 95)
        self.assertNotIn("Difference", self.html("salon_cash_closing_report", day))
        self.assertIn(
            "Difference", self.html("salon_cash_closing_report", day, self.manager)
        )

    def test_a_plain_receipt_where_no_form_is_asked_for(self):
        order = self.desk._move_cash(
            self.open_till(), self.income, 12.5, note="Sold a chair"
        )
        text = self.html("salon_cash_order_report", order)
        self.assertIn("Cash receipt", text)
        self.assertIn("Sold a chair", text)
        self.assertIn("Twelve dollars, fifty cents", text)

    def test_the_unified_form_where_russian_is_spoken(self):
        self.russian()
        day = self.open_till()
        came = self.desk._move_cash(day, self.income, 5)
        went = self.desk._move_cash(day, self.expense, 5)
        self.assertIn("0310001", self.html("salon_cash_order_report", came))
        text = self.html("salon_cash_order_report", went)
        self.assertIn("0310002", text)
        self.assertIn("Пять долларов ноль центов", text)
        self.assertIn(self.till.default_account_id.code, text)

    def test_a_makbuz_where_turkish_is_spoken(self):
        self.env["res.lang"]._activate_lang("tr_TR")
        self.company.partner_id.lang = "tr_TR"
        order = self.desk._move_cash(self.open_till(), self.income, 1234.5)
        self.assertEqual(order._get_form(), "makbuz")
        text = self.html("salon_cash_order_report", order)
        self.assertIn("Binikiyüzotuzdörtdolarellisent", text)

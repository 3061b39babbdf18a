import re

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

    def pay_ahead(self, amount):
        """Anna leaves money on the balance, by card."""
        self.checkout(
            self.book(self.haircut),
            self.tender(55 + amount, self.bank_journal),
            user=self.receptionist,
            options={"to_balance": amount},
        )

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

    def test_the_closing_report_adds_up_to_what_is_left(self):
        """A difference and what is handed over are no cash in or out of the day."""
        self.close(self.open_till(100), 100)
        day = self.open_till(103)
        self.sell()
        self.desk._move_cash(day, self.expense, 5)
        self.count(day, 151)
        own = day.with_user(self.manager)
        own.write({"amount_handover": 120, "handover_journal_id": self.safe.id})
        own.action_close()
        self.assertEqual((own.amount_in, own.amount_out), (55, -5))
        self.assertEqual((own.amount_difference, own.amount_left), (-2, 31))
        text = self.html("salon_cash_closing_report", day, self.manager)
        figures = re.findall(r'oe_currency_value">([^<]+)<', text)
        self.assertEqual(
            [float(re.sub(r"[^-.\d]", "", figure)) for figure in figures[:8]],
            [103, 55, -5, 153, 151, -2, -120, 31],
        )

    def test_tips_and_what_is_paid_ahead_are_told_with_their_tender(self):
        day = self.open_till(100)
        options = {
            "tips": [{"staff_id": self.mia.id, "amount": 10}],
            "to_balance": 35,
        }
        tenders = self.tender(60, self.till), self.tender(40, self.bank_journal)
        self.checkout(
            self.book(self.haircut), *tenders, user=self.receptionist, options=options
        )
        figures = day._get_report_figures()
        self.assertEqual(
            {row["name"]: row["came"] for row in figures["tenders"]},
            {self.till.name: 60, self.bank_journal.name: 40},
        )
        self.assertEqual(figures["extras"], {"tips": 10, "ahead": 35})
        self.assertEqual(day.amount_expected, 160)

    def test_what_is_paid_from_the_balance_is_no_money(self):
        self.pay_ahead(60)
        day = self.open_till(100)
        balance = self.company._get_salon_balance_journal()
        self.checkout(
            self.book(self.haircut, at="12:00"),
            self.tender(60, balance),
            user=self.receptionist,
            options={"tips": [{"staff_id": self.mia.id, "amount": 5}]},
        )
        figures = day._get_report_figures()
        rows = {row["name"]: row["is_money"] for row in figures["tenders"]}
        self.assertEqual(rows[balance.name], False)
        self.assertEqual(figures["extras"]["tips"], 0)
        self.assertEqual(day.amount_expected, 100)
        self.assertIn("no money", self.html("salon_cash_closing_report", day))

    def test_what_is_settled_by_barter_is_no_money(self):
        self.branch.takes_barter = True
        barter = self.company._get_salon_barter_journal()
        day = self.open_till(100)
        self.checkout(
            self.book(self.haircut),
            self.tender(40, barter),
            self.tender(15, self.till),
            user=self.receptionist,
        )
        self.close(day, 115)
        rows = {
            row["name"]: (row["came"], row["is_money"])
            for row in day.figures["tenders"]
        }
        self.assertEqual(rows, {self.till.name: (15, True), barter.name: (40, False)})
        self.assertEqual(day.amount_expected, 115)

    def test_money_given_back_is_told_apart_from_what_came(self):
        day = self.open_till(100)
        refund = self.refund(self.sell()["invoice"])
        self.pay(refund, journal=self.till)
        [row] = day._get_report_figures()["tenders"]
        self.assertEqual((row["came"], row["went"], row["count"]), (55, -55, 2))

    def test_a_tender_in_another_currency_is_told_in_both(self):
        till = self.make_euro_till()
        day = self.open_till(0, till)
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_id": self.anna.id,
                "journal_id": till.id,
                "currency_id": till.currency_id.id,
                "amount": 10,
                "salon_branch_id": self.branch.id,
            }
        )
        payment.action_post()
        [row] = day._get_report_figures()["tenders"]
        self.assertEqual((row["came"], row["own"]), (20, till.currency_id.format(10)))
        self.assertEqual(day.amount_expected, 10)

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

    def test_a_plain_receipt_says_who_gave_and_who_got(self):
        day = self.open_till()
        came = self.desk._move_cash(day, self.income, 12.5, partner=self.anna)
        went = self.desk._move_cash(day, self.expense, 5, partner=self.bella)
        for order, words in (
            (came, ("Received from:", "Handed over by", "Anna")),
            (went, ("Paid to:", "Received by", "Bella")),
        ):
            text = self.html("salon_cash_order_report", order)
            for word in words:
                self.assertIn(word, text)

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

    def test_the_unified_form_where_azerbaijani_is_spoken(self):
        self.env["res.lang"]._activate_lang("az_AZ")
        self.company.partner_id.lang = "az_AZ"
        order = self.desk._move_cash(self.open_till(), self.income, 5)
        text = self.html("salon_cash_order_report", order)
        self.assertIn("0310001", text)
        self.assertIn("Beş dollar, sıfır sent", text)

    def test_every_form_has_its_number_reason_and_who_signs(self):
        day = self.open_till()
        for code in ("en_US", "ru_RU", "tr_TR"):
            self.env["res.lang"]._activate_lang(code)
            self.company.partner_id.lang = code
            for reason in self.income, self.expense:
                with self.subTest(lang=code, reason=reason.direction):
                    order = self.desk._move_cash(day, reason, 5, note="Two chairs")
                    text = self.html("salon_cash_order_report", order)
                    for printed in (order.name, "Two chairs", self.receptionist.name):
                        self.assertIn(printed, text)

    def test_a_makbuz_where_turkish_is_spoken(self):
        self.env["res.lang"]._activate_lang("tr_TR")
        self.company.partner_id.lang = "tr_TR"
        order = self.desk._move_cash(self.open_till(), self.income, 1234.5)
        self.assertEqual(order._get_form(), "makbuz")
        text = self.html("salon_cash_order_report", order)
        self.assertIn("Binikiyüzotuzdörtdolarellisent", text)

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..engine import clock
from .test_till import TillCase


class TenderCase(TillCase):
    """A salon with a second till in a currency of which one is worth 45 of the own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        own = cls.company.currency_id
        cls.foreign = cls.env["res.currency"].create(
            {"name": "XEU", "symbol": "XE", "rounding": 0.01}
        )
        cls.env["res.currency.rate"].create(
            {
                "name": "2020-01-01",
                "currency_id": cls.foreign.id,
                "company_id": cls.company.id,
                "inverse_company_rate": 45,
            }
        )
        cls.foreign_journal = cls.env["account.journal"].create(
            {
                "name": "Second till (test)",
                "type": "cash",
                "code": "XTILL",
                "currency_id": cls.foreign.id,
            }
        )
        cls.own = own

    def foreign_tender(self, amount):
        return self.tender(amount, self.foreign_journal)

    def money(self, payment):
        """What an entry of a payment moved: (balance, amount in its currency)."""
        line = payment.move_id.line_ids.filtered(
            lambda line: line.account_id == payment.outstanding_account_id
        )
        return line.balance, line.amount_currency


@tagged("post_install", "-at_install")
class TestAnotherCurrency(TenderCase):
    def test_a_bill_is_paid_at_the_rate_of_the_day(self):
        # 55.00 are 1.2222… of the other currency: 1.22 pay it.
        result = self.pay_bill(self.foreign_tender(1.22))
        payment = result["payments"]
        self.assertEqual(payment.currency_id, self.foreign)
        self.assertEqual(self.money(payment), (55, 1.22))
        self.assertEqual(result["invoice"].payment_state, "paid")
        self.assertEqual(self.visit.payment_state, "paid")
        self.assertFalse(result["invoice"].line_ids.matched_credit_ids.exchange_move_id)

    def test_the_rate_of_today_counts_and_none_before(self):
        self.env["res.currency.rate"].create(
            {
                "name": fields.Date.context_today(
                    self.branch.with_context(tz=self.branch.tz)
                ),
                "currency_id": self.foreign.id,
                "company_id": self.company.id,
                "inverse_company_rate": 50,
            }
        )
        result = self.pay_bill(self.foreign_tender(0.5))
        self.assertEqual(self.money(result["payments"]), (25, 0.5))
        self.assertEqual(result["invoice"].amount_residual, 30)

    def test_a_part_in_another_currency_leaves_the_rest_for_cash(self):
        result = self.pay_bill(self.foreign_tender(1), 10)
        self.assertEqual(
            [self.money(payment) for payment in result["payments"]],
            [(45, 1), (10, 10)],
        )
        self.assertEqual(result["invoice"].payment_state, "paid")

    def test_change_is_given_in_the_own_currency(self):
        result = self.pay_bill(
            self.foreign_tender(2),
            change={"journal_id": self.cash_journal.id, "amount": 35},
        )
        self.assertEqual(result["invoice"].payment_state, "paid")
        came, went = (
            [self.money(p) for p in result["payments"] if p.payment_type == kind]
            for kind in ("inbound", "outbound")
        )
        self.assertEqual(came, [(55, 1.22), (35, 0.78)])
        self.assertEqual(went, [(-35, -35)])
        receivable = result["payments"].move_id.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        self.assertTrue(all(receivable.mapped("reconciled")))
        self.assertEqual(self.anna.with_user(self.receptionist).salon_debt, 0)

    def test_a_tip_in_another_currency_is_owed_at_its_value(self):
        result = self.pay_bill(self.foreign_tender(2), tips=[self.tip(35)])
        self.assertEqual(
            [self.money(payment) for payment in result["payments"]],
            [(55, 1.22), (35, 0.78)],
        )
        self.assert_ledgers_agree()

    def test_more_than_is_due_is_refused_without_change(self):
        with self.assertRaisesRegex(UserError, "90.00 was tendered but only .*55.00"):
            self.pay_bill(self.foreign_tender(2))

    def test_change_is_for_cash_only(self):
        card = self.foreign_journal.copy({"type": "bank", "code": "XBNK", "name": "XB"})
        with self.assertRaisesRegex(UserError, "Change is given for cash only"):
            self.pay_bill(
                self.tender(2, card),
                change={"journal_id": self.cash_journal.id, "amount": 35},
            )

    def test_a_debt_is_paid_later_in_another_currency(self):
        self.pay_bill()
        dialog = self.visit.with_user(self.receptionist).action_take_payment()
        dialog = (
            self.env["salon.payment.wizard"]
            .with_user(self.receptionist)
            .browse(dialog["res_id"])
        )
        with Form(dialog) as form:
            form.journal_id = self.foreign_journal
            self.assertEqual(form.amount, 1.22)
        dialog.action_pay()
        self.assertEqual(self.visit.payment_state, "paid")

    def test_a_deposit_is_taken_in_another_currency(self):
        visit = self.visit.with_user(self.receptionist)
        visit.env["salon.deposit"]._take(visit, [self.foreign_tender(1)])
        self.assertEqual(self.visit.deposit_held, 45)
        self.assertEqual(self.pay_bill(10)["invoice"].payment_state, "paid")

    def test_money_back_leaves_the_till_it_came_into(self):
        bill = self.pay_bill(self.foreign_tender(1), 10)["invoice"]
        manager = self.visit.with_user(self.manager)
        action = manager.action_refund()
        dialog = manager.env["salon.refund.wizard"].browse(action["res_id"])
        self.assertEqual(dialog.tender_ids.mapped("amount"), [45, 10])
        self.assertTrue(dialog.has_foreign)
        self.assertEqual(dialog.tender_ids.mapped("handed"), [1, 10])
        dialog.reason = "test"
        dialog.action_refund()
        back = bill.reversal_move_ids.matched_payment_ids
        self.assertEqual(
            sorted(self.money(payment) for payment in back), [(-45, -1), (-10, -10)]
        )

    def test_without_a_rate_nobody_guesses(self):
        self.foreign.rate_ids.unlink()
        self.own.rate_ids.unlink()
        with self.assertRaisesRegex(UserError, "XEU has no rate"):
            self.pay_bill(self.foreign_tender(1))

    def test_the_dialog_proposes_and_gives_change_in_own_coins(self):
        dialog = self.open_dialog()
        with Form(dialog) as form:
            with form.tender_ids.edit(0) as tender:
                tender.journal_id = self.foreign_journal
            with form.tender_ids.edit(0) as tender:
                self.assertEqual((tender.amount, tender.value), (1.22, 55))
            self.assertEqual((form.amount_due, form.amount_change), (0, 0))
            with form.tender_ids.edit(0) as tender:
                tender.amount = 2
            self.assertEqual(form.amount_change, 35)
        message = dialog.action_checkout()["params"]["message"]
        self.assertIn("35.00", message)
        self.assertEqual(self.visit.payment_state, "paid")
        self.assertEqual(dialog.tender_ids.value, 90)

    def test_a_second_tender_takes_what_the_first_leaves(self):
        dialog = self.open_dialog()
        with Form(dialog) as form:
            with form.tender_ids.edit(0) as tender:
                tender.amount = 10
            with form.tender_ids.new() as tender:
                tender.journal_id = self.foreign_journal
            with form.tender_ids.edit(1) as tender:
                self.assertEqual(tender.amount, 1)
            self.assertEqual(form.amount_due, 0)
        dialog.action_checkout()
        self.assertEqual(self.visit.payment_state, "paid")


@tagged("post_install", "-at_install")
class TestCashRounding(TillCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.profit = cls.env["account.account"].create(
            {"name": "Rounding (test)", "code": "RNDT", "account_type": "income_other"}
        )
        cls.branch.cash_rounding_id = cls.env["account.cash.rounding"].create(
            {
                "name": "To 0.05 (test)",
                "rounding": 0.05,
                "strategy": "add_invoice_line",
                "profit_account_id": cls.profit.id,
                "loss_account_id": cls.profit.id,
            }
        )
        # 50.02 and 10 % tax are 55.02.
        cls.visit.appointment_ids.price = 50.02

    def refund_dialog(self):
        manager = self.visit.with_user(self.manager)
        action = manager.action_refund()
        dialog = manager.env["salon.refund.wizard"].browse(action["res_id"])
        dialog.reason = "test"
        return dialog

    def test_what_is_wholly_paid_in_cash_is_rounded(self):
        dialog = self.open_dialog()
        self.assertEqual(dialog.amount_total, 55.02)
        self.assertEqual(dialog.amount_rounding, -0.02)
        self.assertEqual(dialog.tender_ids.amount, 55)
        dialog.action_checkout()
        bill = self.visit.invoice_ids
        self.assertEqual((bill.amount_total, bill.payment_state), (55, "paid"))
        rounding = bill.line_ids.filtered(lambda line: line.display_type == "rounding")
        self.assertEqual((rounding.balance, rounding.account_id), (0.02, self.profit))

    def test_the_rounded_cents_are_of_the_branch(self):
        self.open_dialog().action_checkout()
        self.refund_dialog().action_refund()
        rounding = self.visit.invoice_ids.line_ids.filtered(
            lambda line: line.account_id == self.profit
        )
        self.assertEqual(sorted(rounding.mapped("balance")), [-0.02, 0.02])
        for line in rounding:
            self.assertEqual(
                line.analytic_distribution, self.branch._get_analytic_distribution()
            )
        of_branch = rounding.analytic_line_ids
        self.assertEqual(sorted(of_branch.mapped("amount")), [-0.02, 0.02])

    def test_cents_that_were_rounded_onto_a_tax_are_of_no_branch(self):
        self.branch.cash_rounding_id.strategy = "biggest_tax"
        self.open_dialog().action_checkout()
        rounding = self.visit.invoice_ids.line_ids.filtered(
            lambda line: line.display_type == "rounding"
        )
        self.assertTrue(rounding.tax_repartition_line_id)
        self.assertFalse(rounding.analytic_distribution)

    def test_change_is_what_is_more_than_the_rounded_bill(self):
        dialog = self.open_dialog()
        dialog.tender_ids.amount = 60
        self.assertEqual(dialog.amount_change, 5)
        dialog.action_checkout()
        self.assertEqual(self.visit.payment_state, "paid")

    def test_a_card_pays_to_the_cent(self):
        dialog = self.open_dialog()
        with Form(dialog) as form:
            with form.tender_ids.edit(0) as tender:
                tender.journal_id = self.bank_journal
            with form.tender_ids.edit(0) as tender:
                self.assertEqual(tender.amount, 55.02)
            self.assertEqual(form.amount_rounding, 0)
        dialog.action_checkout()
        self.assertEqual(self.visit.invoice_ids.amount_total, 55.02)

    def test_a_debt_is_not_rounded(self):
        dialog = self.open_dialog()
        dialog.tender_ids.amount = 20
        dialog.on_tab = True
        self.assertEqual((dialog.amount_rounding, dialog.amount_due), (0, 35.02))
        dialog.action_checkout()
        self.assertEqual(self.visit.invoice_ids.amount_residual, 35.02)
        other = self.book(self.blowdry, at="12:00")
        other.appointment_ids.price = 30.02
        with self.assertRaisesRegex(UserError, "wholly paid in cash"):
            self.pay_bill(20, visit=other, rounds_cash=True)

    def test_the_whole_bill_goes_back_as_it_was_paid(self):
        self.open_dialog().action_checkout()
        dialog = self.refund_dialog()
        self.assertEqual((dialog.amount_due, dialog.tender_ids.amount), (55, 55))
        dialog.action_refund()
        credit = self.visit.invoice_ids.filtered(lambda m: m.move_type == "out_refund")
        self.assertEqual((credit.amount_total, credit.payment_state), (55, "paid"))
        lines = self.visit.invoice_ids.line_ids.filtered(
            lambda line: line.account_id == self.profit
        )
        self.assertEqual(sum(lines.mapped("balance")), 0)
        self.assertEqual(self.visit.payment_state, "refunded")

    def test_a_part_goes_back_to_the_cent(self):
        self.open_dialog().action_checkout()
        dialog = self.refund_dialog()
        with Form(dialog) as form:
            with form.line_ids.edit(0) as line:
                line.amount = 20.02
            with form.tender_ids.edit(0) as tender:
                self.assertEqual(tender.amount, 20.02)
        dialog.action_refund()
        credit = self.visit.invoice_ids.filtered(lambda m: m.move_type == "out_refund")
        self.assertEqual((credit.amount_total, credit.payment_state), (20.02, "paid"))


@tagged("post_install", "-at_install")
class TestBarter(TillCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch.takes_barter = True
        cls.barter = cls.company._get_salon_barter_journal()

    def test_a_bill_is_settled_without_money(self):
        dialog = self.open_dialog()
        self.assertIn(self.barter, dialog.tender_journal_ids)
        payment = self.pay_bill(self.tender(55, self.barter))["payments"]
        account = self.company.salon_barter_account_id
        self.assertEqual(
            {line.account_id: line.balance for line in payment.move_id.line_ids},
            {account: 55, self.anna.property_account_receivable_id: -55},
        )
        self.assertEqual(account.account_type, "asset_current")
        self.assertEqual(self.visit.payment_state, "paid")

    def test_what_the_client_bills_is_paid_from_it(self):
        self.pay_bill(self.tender(55, self.barter))
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.anna.id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Photos",
                            "price_unit": 55,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        bill.action_post()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=bill.ids
        ).create({"journal_id": self.barter.id})._create_payments()
        self.assertEqual(bill.payment_state, "paid")
        lines = self.env["account.move.line"].search(
            [("account_id", "=", self.company.salon_barter_account_id.id)]
        )
        self.assertEqual(sum(lines.mapped("balance")), 0)

    def test_nobody_gets_a_tip_by_barter(self):
        with self.assertRaisesRegex(UserError, "A tip is money"):
            self.pay_bill(self.tender(60, self.barter), tips=[self.tip(5)])

    def test_nobody_has_more_on_the_balance_by_barter(self):
        with self.assertRaisesRegex(UserError, "More is settled by barter"):
            self.pay_bill(self.tender(60, self.barter), to_balance=5)

    def test_a_branch_without_barter_takes_none(self):
        self.branch.takes_barter = False
        self.assertNotIn(self.barter, self.open_dialog().tender_journal_ids)
        with self.assertRaisesRegex(UserError, "does not take payments"):
            self.pay_bill(self.tender(55, self.barter))


@tagged("post_install", "-at_install")
class TestOnTheTab(TillCase):
    def test_nothing_goes_on_the_tab_by_oversight(self):
        dialog = self.open_dialog()
        dialog.tender_ids.amount = 20
        with self.assertRaisesRegex(UserError, "35.00 is left to pay"):
            dialog.action_checkout()
        self.assertFalse(self.visit.invoice_ids)

    def test_a_tip_is_paid_though_a_part_of_the_bill_is_not(self):
        dialog = self.open_dialog()
        with Form(dialog) as form:
            form.amount_tip = 5
            with form.tender_ids.edit(0) as tender:
                tender.amount = 20
            form.on_tab = True
            self.assertEqual(form.amount_due, 40)
        dialog.action_checkout()
        self.assertEqual(self.visit.invoice_ids.amount_residual, 40)
        tip = self.env["salon.tip"].search([("visit_id", "=", self.visit.id)])
        self.assertEqual(tip.amount, 5)
        self.assert_ledgers_agree()

    def test_one_choice_puts_all_on_the_tab(self):
        dialog = self.open_dialog()
        with Form(dialog) as form:
            form.on_tab = True
            self.assertEqual(form.amount_due, 55)
        dialog.action_checkout()
        self.assertEqual(self.visit.payment_state, "not_paid")
        self.assertEqual(self.anna.with_user(self.receptionist).salon_debt, 55)


@tagged("post_install", "-at_install")
class TestFeesAtCheckout(TillCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["salon.fee.ladder"].create(
            {
                "name": "Test",
                "branch_id": cls.branch.id,
                "forgiven": 0,
                "step_ids": [Command.create({"is_no_show": True, "percent": 50})],
            }
        )
        cls.missed = cls.book(cls.blowdry, at="14:00")
        cls.missed.action_no_show()

    def test_a_fee_due_is_offered_and_charged_when_chosen(self):
        dialog = self.open_dialog()
        self.assertEqual(dialog.fee_ids.visit_id, self.missed)
        self.assertEqual(dialog.fee_ids.amount_due, self.missed.fee_asked)
        with Form(dialog) as form:
            with form.fee_ids.edit(0) as fee:
                fee.is_charged = True
            with form.tender_ids.edit(0) as tender:
                self.assertEqual(tender.amount, 55 + 16.5)
        dialog.action_checkout()
        self.assertEqual(self.missed.fee_state, "charged")
        self.assertEqual(self.missed.payment_state, "paid")
        self.assertEqual(self.missed.amount_total, 16.5)
        self.assertEqual(self.visit.payment_state, "paid")

    def test_a_fee_not_chosen_stays_due(self):
        self.open_dialog().action_checkout()
        self.assertEqual(self.missed.fee_state, "due")
        self.assertEqual(self.visit.invoice_ids.amount_total, 55)

    def test_a_fee_is_charged_once(self):
        first, second = (
            self.open_dialog(),
            self.open_dialog(self.book(self.haircut, at="12:00")),
        )
        for dialog in (first, second):
            dialog.fee_ids.is_charged = True
            dialog.tender_ids.amount = 71.5
        first.action_checkout()
        with self.assertRaisesRegex(UserError, "not due any more"):
            second.action_checkout()

    def test_fees_of_others_are_not_charged(self):
        other = self.book(self.haircut, at="12:00", client=self.bella)
        with self.assertRaisesRegex(UserError, "not due any more"):
            self.pay_bill(71.5, visit=other, fee_visit_ids=self.missed.ids)

    def test_what_a_branch_always_bills_is_on_the_bill(self):
        self.branch.fee_product_ids = self.shampoo
        dialog = self.open_dialog()
        self.assertEqual(dialog.line_ids.product_id, self.haircut | self.shampoo)
        self.assertEqual(dialog.amount_total, 77)
        dialog.action_checkout()
        self.assertEqual(self.visit.amount_total, 77)


@tagged("post_install", "-at_install")
class TestFamily(TillCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bella.salon_payer_id = cls.anna
        cls.other = cls.book(cls.blowdry, at="12:00", client=cls.bella, staff=cls.oleg)

    def test_the_payer_of_the_family_is_proposed(self):
        self.assertEqual(self.open_dialog(self.other).payer_id, self.anna)
        bill = self.pay_bill(33, visit=self.other)["invoice"]
        self.assertEqual(bill.partner_id, self.anna)

    def test_the_family_is_added_to_the_bill(self):
        dialog = self.open_dialog()
        self.assertEqual(dialog.family_names, "Bella")
        action = dialog.action_add_family()
        dialog = dialog.browse(action["res_id"])
        self.assertEqual(dialog.visit_ids, self.visit | self.other)
        self.assertEqual(dialog.tender_ids.amount, 88)
        dialog.action_checkout()
        self.assertEqual(
            (self.visit | self.other).mapped("payment_state"), ["paid", "paid"]
        )
        self.assertEqual(self.visit.order_id, self.other.order_id)

    def test_nobody_pays_in_a_circle(self):
        with self.assertRaisesRegex(UserError, "who pays for others pays"):
            self.anna.salon_payer_id = self.bella


@tagged("post_install", "-at_install")
class TestNextVisit(TillCase):
    def test_the_next_visit_is_offered_and_booked_by_one_click(self):
        dialog = self.open_dialog()
        self.assertEqual(len(dialog.rebook_ids), 3)
        self.assertIn("Mia", dialog.rebook_ids[0].label)
        dialog.rebook_ids[0].action_book()
        booked = self.env["salon.visit"].search(
            [("client_id", "=", self.anna.id), ("id", "!=", self.visit.id)]
        )
        self.assertEqual(booked.start, self.visit.start + self.days(28))
        self.assertEqual(booked.appointment_ids.product_id, self.haircut)
        self.assertEqual(booked.appointment_ids.staff_id, self.mia)
        self.assertFalse(dialog.rebook_ids)
        self.assertIn("Anna comes again", dialog.next_visit)
        dialog.action_checkout()
        self.assertEqual(self.visit.payment_state, "paid")

    def test_the_next_visit_is_offered_after_the_time_that_is_usual(self):
        """For somebody who came every six weeks before."""
        for weeks in (6, 12):
            self.book(
                self.haircut, date=self.visit.business_date - self.days(7 * weeks)
            )
        with freeze_time(self.visit.start):
            dialog = self.open_dialog()
        starts = [min(part[2] for part in one.parts) for one in dialog.rebook_ids]
        usual = clock.to_minutes(self.visit.start + self.days(42))
        self.assertEqual(starts[0], usual)

    def test_who_is_booked_already_is_not_asked(self):
        self.book(self.haircut, date=self.visit.business_date + self.days(30))
        dialog = self.open_dialog()
        self.assertFalse(dialog.rebook_ids)
        self.assertIn("Anna comes again", dialog.next_visit)

    def test_a_time_taken_meanwhile_is_refused_politely(self):
        dialog = self.open_dialog()
        self.book(
            self.haircut,
            date=self.visit.business_date + self.days(28),
            client=self.bella,
        )
        with self.assertRaisesRegex(UserError, "taken meanwhile"):
            dialog.rebook_ids[0].action_book()

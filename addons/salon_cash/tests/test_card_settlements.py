from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import CashCase


@tagged("post_install", "-at_install")
class TestCardSettlements(CashCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cost = cls.company.expense_account_id.copy({"name": "Card fees (test)"})
        cls.terminal = cls.env["account.journal"].create(
            {
                "name": "Terminal of the Test",
                "type": "bank",
                "code": "TCARD",
                "salon_fee_percent": 0.9,
                "salon_fee_fixed": 0.1,
                "salon_fee_account_id": cls.cost.id,
            }
        )
        cls.branch.tender_journal_ids |= cls.terminal

    def swipe(self, amount=55, at="10:00", service=None, **values):
        visit = self.book(service or self.haircut, at=at, **values)
        card = self.tender(amount, self.terminal)
        return self.checkout(visit, card, user=self.receptionist)

    def settle(self, **values):
        settlements = self.env["salon.card.settlement"].with_user(self.accountant)
        with Form(settlements) as form:
            form.journal_id = self.terminal
            for name, value in values.items():
                form[name] = value
        return form.record

    def balance_of(self, account):
        lines = self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("parent_state", "=", "posted")]
        )
        return sum(lines.mapped("balance"))

    def facts(self):
        self.env.flush_all()
        report = self.env["salon.income.report"].with_user(self.manager)
        return report.search([("branch_id", "=", self.branch.id), ("fees", "!=", 0)])

    def test_the_bank_gets_what_was_paid_less_the_fee(self):
        payment = self.swipe()["payments"].sudo()
        on_way = payment.outstanding_account_id
        before = self.balance_of(on_way)
        settlement = self.settle()
        self.assertEqual(settlement.ticket_ids.mapped("fee"), [0.6])
        self.assertEqual((settlement.amount, settlement.amount_net), (55, 54.4))
        settlement.action_post()
        self.assertEqual(self.balance_of(self.terminal.default_account_id), 54.4)
        self.assertEqual(self.balance_of(self.cost), 0.6)
        self.assertEqual(self.balance_of(on_way), before - 55)
        self.assertTrue(payment.is_matched)
        self.assertEqual(payment.state, "paid")

    def test_a_settlement_begins_with_the_oldest_day(self):
        day = self.swipe()["payments"].date
        settlements = self.env["salon.card.settlement"].with_user(self.accountant)
        settlement = settlements.create({"journal_id": self.terminal.id})
        self.assertEqual((settlement.date_from, settlement.date_to), (day, day))
        self.assertEqual(settlement.amount, 55)

    def test_the_fee_costs_the_branch(self):
        self.swipe()
        settlement = self.settle()
        settlement.action_post()
        line = settlement.move_id.line_ids.filtered(
            lambda line: line.account_id == self.cost
        )
        self.assertEqual(
            line.analytic_distribution, self.branch._get_analytic_distribution()
        )

    def test_a_fee_is_split_over_the_bill_by_value(self):
        """Golden G10: 1.00 over 60 and 40 is 0.60 and 0.40."""
        self.haircut.list_price, self.blowdry.list_price = 60, 40
        (self.haircut | self.blowdry).taxes_id = False
        visits = self.book(self.haircut) | self.book(
            self.blowdry, at="12:00", staff=self.oleg
        )
        card = self.tender(100, self.terminal)
        self.checkout(visits, card, user=self.receptionist)
        settlement = self.settle()
        self.assertEqual(settlement.fee, 1)
        settlement.action_post()
        self.assertEqual(
            {row.product_id: row.amount for row in settlement.fee_ids},
            {self.haircut: 0.6, self.blowdry: 0.4},
        )
        self.assertEqual(
            {fact.staff_id: fact.fees for fact in self.facts()},
            {self.mia: 0.6, self.oleg: 0.4},
        )
        self.assertEqual(
            {fact.staff_id: fact.margin for fact in self.facts()},
            {self.mia: -0.6, self.oleg: -0.4},
        )
        lines = settlement.fee_ids.move_line_id
        self.assertEqual(
            {
                line.product_id: fee
                for line, fee in lines._get_salon_card_fees().items()
            },
            {self.haircut: 0.6, self.blowdry: 0.4},
        )

    def test_bill_and_tip_of_one_swipe_are_one_ticket(self):
        visit = self.book(self.haircut)
        tips = [{"staff_id": self.mia.id, "amount": 45}]
        card = self.tender(100, self.terminal)
        self.checkout(visit, card, user=self.receptionist, options={"tips": tips})
        settlement = self.settle()
        self.assertEqual(len(settlement.ticket_ids), 1)
        self.assertEqual((settlement.amount, settlement.fee), (100, 1))
        settlement.action_post()
        self.assertEqual(
            [
                (row.product_id, row.staff_id, row.amount)
                for row in settlement.fee_ids.sorted("amount")
            ],
            [
                (self.env["product.product"], self.mia, 0.45),
                (self.haircut, self.mia, 0.55),
            ],
        )

    def test_the_number_of_the_slip_tells_swipes_apart(self):
        """Bill and tip of one slip are a ticket, two cards of one bill are two."""
        tips = [{"staff_id": self.mia.id, "amount": 45}]
        first = self.tender(30, self.terminal, reference="4711")
        second = self.tender(70, self.terminal, reference="4712")
        visit = self.book(self.haircut)
        self.checkout(
            visit, first, second, user=self.receptionist, options={"tips": tips}
        )
        tickets = self.settle().ticket_ids
        self.assertEqual(
            {ticket.name: ticket.amount for ticket in tickets},
            {"4711": 30, "4712": 70},
        )

    def test_two_clients_are_two_tickets(self):
        self.swipe()
        self.swipe(at="12:00")
        self.assertEqual(self.settle().ticket_ids.mapped("fee"), [0.6, 0.6])

    def test_what_went_back_to_a_card_brings_no_fee(self):
        invoice = self.swipe()["invoice"]
        refund = self.refund(invoice)
        self.pay(refund, journal=self.terminal)
        settlement = self.settle()
        self.assertEqual(sorted(settlement.ticket_ids.mapped("amount")), [-55, 55])
        self.assertEqual((settlement.amount, settlement.fee), (0, 0.6))
        settlement.action_post()
        self.assertEqual(self.balance_of(self.terminal.default_account_id), -0.6)

    def test_the_tax_on_the_fee_goes_to_its_account(self):
        tax = self.env["account.tax"].create(
            {"name": "20 % bank", "amount": 20, "type_tax_use": "purchase"}
        )
        deductible = self.company.transfer_account_id.copy({"name": "Tax (test)"})
        tax.invoice_repartition_line_ids.filtered(
            lambda part: part.repartition_type == "tax"
        ).account_id = deductible
        self.terminal.salon_fee_tax_id = tax
        self.swipe()
        settlement = self.settle()
        self.assertEqual((settlement.tax, settlement.amount_net), (0.12, 54.28))
        settlement.action_post()
        taxed = settlement.move_id.line_ids.filtered("tax_line_id")
        self.assertEqual((taxed.balance, taxed.tax_base_amount), (0.12, 0.6))
        self.assertEqual(self.balance_of(self.terminal.default_account_id), 54.28)
        self.assertEqual(self.balance_of(self.cost), 0.6)
        self.assertEqual(self.balance_of(deductible), 0.12)

    def test_a_tax_that_nobody_gives_back_costs_the_branch(self):
        """Such as that of Turkish banks: it has no account of its own."""
        self.terminal.salon_fee_tax_id = self.env["account.tax"].create(
            {"name": "20 % bank", "amount": 20, "type_tax_use": "purchase"}
        )
        self.swipe()
        settlement = self.settle()
        settlement.action_post()
        taxed = settlement.move_id.line_ids.filtered("tax_line_id")
        self.assertEqual((taxed.account_id, taxed.balance), (self.cost, 0.12))
        self.assertEqual(
            taxed.analytic_distribution, self.branch._get_analytic_distribution()
        )

    def test_the_bank_may_have_kept_another_fee(self):
        self.swipe()
        with Form(self.settle()) as form, form.ticket_ids.edit(0) as ticket:
            ticket.fee = 0.75
        form.record.action_post()
        self.assertEqual(self.balance_of(self.cost), 0.75)

    def test_a_settlement_taken_back_opens_its_payments_again(self):
        payment = self.swipe()["payments"].sudo()
        settlement = self.settle()
        settlement.action_post()
        settlement.action_undo()
        self.assertEqual(settlement.state, "undone")
        self.assertFalse(payment.is_matched)
        self.assertEqual(self.balance_of(self.terminal.default_account_id), 0)
        self.assertEqual(self.balance_of(self.cost), 0)
        self.assertEqual(sum(settlement.fee_ids.mapped("amount")), 0)
        again = self.settle()
        again.action_post()
        self.assertTrue(payment.is_matched)
        self.assertEqual(sum(self.facts().mapped("fees")), 0.6)

    def test_who_pays_by_fees_hears_of_each_settlement(self):
        bill = self.swipe()["invoice"]
        told = []
        with patch.object(
            self.env.registry["account.move.line"],
            "_on_salon_card_fees",
            lambda lines: told.append(lines._get_salon_card_fees()),
        ):
            settlement = self.settle()
            settlement.action_post()
            settlement.action_undo()
        line = bill.invoice_line_ids.filtered(lambda line: line.price_total)
        self.assertEqual(told, [{line: 0.6}, {line: 0}])

    def test_a_payment_is_settled_once(self):
        self.swipe()
        first, second = self.settle(), self.settle()
        first.action_post()
        with self.assertRaisesRegex(UserError, "not on the way any more"):
            second.action_post()
        with self.assertRaisesRegex(UserError, "nothing to settle"):
            first.action_post()

    def test_a_posted_settlement_stays_as_it_is(self):
        self.swipe()
        settlement = self.settle()
        with self.assertRaises(AccessError):
            settlement.state = "posted"
        settlement.action_post()
        for change in (
            lambda: settlement.write({"date": date(2031, 1, 1)}),
            lambda: settlement.ticket_ids.write({"fee": 5}),
            lambda: settlement.ticket_ids.unlink(),
            lambda: settlement.unlink(),
        ):
            with self.assertRaises(UserError):
                change()

    def test_a_terminal_without_an_account_for_fees_says_so(self):
        self.terminal.salon_fee_account_id = False
        self.swipe()
        with self.assertRaisesRegex(UserError, "no account for fees"):
            self.settle().action_post()

    def test_the_desk_and_the_manager_do_not_settle(self):
        for user in (self.receptionist, self.manager):
            with self.assertRaises(AccessError):
                self.env["salon.card.settlement"].with_user(user).create(
                    {"journal_id": self.terminal.id}
                )

    def test_a_journal_whose_payments_post_nothing_warns(self):
        self.assertFalse(self.terminal.salon_posts_nothing)
        self.patch(
            type(self.env["account.move"]),
            "_get_invoice_in_payment_state",
            lambda move: "in_payment",
        )
        self.terminal.invalidate_recordset()
        self.assertTrue(self.terminal.salon_posts_nothing)
        self.assertIn(self.terminal.name, self.branch.silent_tender_names)
        account = self.company.transfer_account_id
        self.terminal.inbound_payment_method_line_ids.payment_account_id = account
        self.assertFalse(self.terminal.salon_posts_nothing)

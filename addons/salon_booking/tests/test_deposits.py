from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..engine import states
from .common import THURSDAY, SalonCase

#: The visit is on Thursday 12 June 2031 at ten, 08:00 UTC.
LONG_BEFORE, HOURS_BEFORE = "2031-06-01 08:00:00", "2031-06-12 05:00:00"


@tagged("post_install", "-at_install")
@freeze_time(LONG_BEFORE)
class TestDeposits(SalonCase):
    """Haircuts cost 50.00 and 10 % tax on top."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["salon.deposit.rule"].search([]).active = False
        cls.rule = cls.env["salon.deposit.rule"].create(
            {"name": "New clients", "percent": 40, "fewer_visits": 2}
        )
        cls.ladder = cls.env["salon.fee.ladder"].create(
            {
                "name": "Late",
                "branch_id": cls.branch.id,
                "forgiven": 0,
                "step_ids": [
                    Command.create({"below_hours": 24, "percent": 50}),
                    Command.create({"is_no_show": True, "percent": 100}),
                ],
            }
        )
        fee = cls.env.ref("salon_booking.product_cancellation_fee")
        fee.taxes_id = taxes = cls.haircut.taxes_id
        parts = taxes.invoice_repartition_line_ids | taxes.refund_repartition_line_ids
        parts.filtered(
            lambda part: part.repartition_type == "tax"
        ).account_id = cls.env["salon.accounts"]._create_liability(
            cls.branch.company_id, "Tax of the test"
        )

    def setUp(self):
        super().setUp()
        self.visit = self.book(self.haircut)
        self.deposits = self.env["salon.deposit"].with_user(self.receptionist)
        self.owed_before = self.balance(self.account)

    @property
    def account(self):
        return self.deposits._get_account(self.branch.company_id)

    def balance(self, account):
        lines = self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("parent_state", "=", "posted")]
        )
        return -sum(lines.mapped("balance"))

    def owed(self):
        """What the salon owes on deposits that this test took."""
        return self.env.company.currency_id.round(
            self.balance(self.account) - self.owed_before
        )

    def take(self, amount, visit=None):
        visit = (visit or self.visit).with_user(self.receptionist)
        return self.deposits._take(visit, [self.tender(amount)])

    def cancel(self, by_whom="client", visit=None):
        visit = visit or self.visit
        wizard = Form.from_action(
            self.env(user=self.receptionist),
            visit.with_user(self.receptionist).action_cancel(),
        )
        wizard.reason = "Ill"
        wizard.by_whom = by_whom
        return wizard.save().action_cancel()

    def settle(self, fee, user=None, **values):
        deposits = self.env["salon.deposit"].with_user(user or self.receptionist)
        deposits._settle(
            self.visit.with_user(user or self.receptionist),
            fee,
            journal=self.cash_journal,
            **values,
        )

    # --- what is asked ---

    def test_who_is_new_is_asked_and_a_regular_is_not(self):
        self.assertEqual(self.visit.deposit_asked, 20)
        self.assertEqual(self.visit.deposit_state, "missing")
        for date in (2031, 5, 1), (2031, 5, 20):
            past = self.book(
                self.haircut, date=THURSDAY.replace(*date), client=self.bella
            )
            past._set_state("done")
        self.assertFalse(
            self.book(self.haircut, "14:00", client=self.bella).deposit_asked
        )

    def test_whoever_is_exempt_and_whoever_walks_in_is_asked_nothing(self):
        self.bella.salon_is_deposit_exempt = True
        exempt = self.book(self.haircut, "14:00", client=self.bella)
        walk_in = self.env["salon.visit"].create(
            {"branch_id": self.branch.id, "source": "walk_in"}
        )
        self.assertEqual((exempt.deposit_asked, walk_in.deposit_asked), (0, 0))

    def test_a_rule_of_another_branch_asks_nothing(self):
        self.rule.branch_id = self.branch.copy({"name": "Elsewhere"})
        self.assertFalse(self.book(self.haircut, "14:00").deposit_asked)

    def test_nobody_sets_what_is_asked_by_hand(self):
        with self.assertRaises(AccessError):
            self.visit.with_user(self.manager).write({"deposit_asked": 0})

    # --- taking it, and the bill ---

    def test_a_deposit_is_owed_to_the_client_until_the_bill(self):
        invoice = self.take(20)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(invoice.amount_total, 20)
        self.assertEqual(self.visit.deposit_held, 20)
        self.assertEqual(self.visit.deposit_state, "paid")
        self.assertEqual(self.visit.payment_state, "no_bill")
        self.assertEqual(self.owed(), 18.18)
        bill = self.checkout(self.visit, 35, user=self.receptionist)["invoice"]
        self.assertEqual(bill.amount_total, 35)
        self.assertEqual(bill.payment_state, "paid")
        self.assertEqual(self.visit.deposit_held, 0)
        self.assertEqual(self.visit.deposit_state, "settled")
        self.assertEqual(
            (self.visit.amount_total, self.visit.payment_state), (55, "paid")
        )
        self.assertEqual(self.owed(), 0)
        self.assertEqual(self.visit.appointment_ids.amount_invoiced, 50)

    def test_deposits_are_proven_by_their_account(self):
        self.take(20)
        [total] = [
            total
            for total in self.env["salon.instruments"]._totals(
                self.branch.company_id, THURSDAY
            )
            if total["code"] == "deposits"
        ]
        self.assertEqual(total["accounts"], self.account)
        self.assertEqual(total["ledger"] - self.owed_before, self.owed())
        self.assertEqual(total["difference"], 0)

    def test_a_price_that_changed_after_the_deposit_counts(self):
        self.take(20)
        self.visit.appointment_ids.price = 70
        bill = self.checkout(self.visit, 57)["invoice"]
        self.assertEqual((bill.amount_total, bill.payment_state), (57, "paid"))

    def test_deposits_of_several_visits_are_taken_off_one_bill(self):
        other = self.book(self.haircut, "14:00")
        self.take(20)
        self.take(10, other)
        result = self.checkout(self.visit | other, 80, user=self.receptionist)
        self.assertEqual(result["invoice"].amount_total, 80)
        self.assertEqual(result["invoice"].payment_state, "paid")
        self.assertEqual(self.owed(), 0)
        self.assertEqual((self.visit | other).mapped("payment_state"), ["paid"] * 2)

    def test_the_checkout_dialog_asks_for_the_rest(self):
        self.take(20)
        action = self.visit.with_user(self.receptionist).action_checkout()
        dialog = self.env["salon.checkout.wizard"].browse(action["res_id"])
        self.assertEqual(dialog.deposit_held, 20)
        self.assertEqual(dialog.tender_ids.amount, 35)
        dialog.with_user(self.receptionist).action_checkout()
        self.assertEqual(self.visit.payment_state, "paid")

    def test_more_than_the_price_is_refused(self):
        self.take(20)
        with self.assertRaisesRegex(UserError, "at most"):
            self.take(31)

    def test_a_deposit_is_for_the_desk_to_take(self):
        with self.assertRaises(AccessError):
            self.env["salon.deposit"].with_user(self.stylist)._take(
                self.visit.with_user(self.stylist), [self.tender(20)]
            )

    def test_a_visit_that_is_over_takes_no_deposit(self):
        self.visit._set_state("no_show")
        with self.assertRaisesRegex(UserError, "is over"):
            self.take(20)

    # --- who does not come ---

    def test_who_cancels_in_time_gets_everything_back(self):
        cash = self.cash_journal.default_account_id
        before = self.balance(cash)
        self.take(20)
        action = self.cancel()
        self.assertEqual(action["res_model"], "salon.missed.wizard")
        self.assertEqual(self.visit.deposit_state, "open")
        self.assertFalse(self.visit.fee_state)
        self.settle(0)
        self.assertEqual(self.visit.deposit_state, "settled")
        self.assertEqual(self.owed(), 0)
        self.assertEqual(self.balance(cash), before)

    @freeze_time(HOURS_BEFORE)
    def test_who_cancels_late_pays_the_fee_and_the_deposit_counts_towards_it(self):
        self.take(20)
        self.cancel()
        self.assertTrue(self.visit.is_late_cancellation)
        self.assertEqual((self.visit.fee_asked, self.visit.fee_state), (25, "due"))
        self.settle(25, paid=5)
        bill = self.visit.fee_order_id.invoice_ids.sorted("id")[-1]
        self.assertEqual((bill.amount_total, bill.payment_state), (5, "paid"))
        self.assertEqual(self.owed(), 0)
        self.assertEqual(self.visit.fee_state, "charged")
        fee = bill.invoice_line_ids.filtered(lambda line: not line.is_downpayment)
        self.assertAlmostEqual(sum(fee.mapped("price_total")), 25)
        self.assertEqual(fee.filtered("product_id").tax_ids, self.haircut.taxes_id)

    @freeze_time(HOURS_BEFORE)
    def test_a_cancellation_sent_twice_is_charged_once(self):
        dialog = self.env["salon.cancel.wizard"].with_user(self.receptionist)
        wizard = dialog.create(
            {
                "appointment_ids": [Command.set(self.visit.appointment_ids.ids)],
                "reason": "Ill",
            }
        )
        wizard.action_cancel()
        wizard.action_cancel()
        self.assertEqual(self.visit.fee_asked, 25)

    @freeze_time(HOURS_BEFORE)
    def test_a_deposit_that_is_not_given_back_is_kept_whole(self):
        self.ladder.active = False
        self.take(20)
        self.cancel()
        self.assertEqual(self.visit.fee_asked, 20)
        self.settle(20)
        self.assertEqual(self.visit.deposit_state, "settled")
        self.assertEqual(self.owed(), 0)
        self.assertEqual(
            self.visit.fee_order_id.invoice_ids.sorted("id")[-1].amount_total, 0
        )

    @freeze_time(HOURS_BEFORE)
    def test_a_salon_that_cancels_asks_for_nothing(self):
        self.take(20)
        self.cancel(by_whom="salon")
        self.assertFalse(self.visit.fee_state)
        self.assertEqual(self.visit.deposit_state, "open")

    def test_who_does_not_come_owes_the_whole_price(self):
        self.visit.with_user(self.receptionist).action_no_show()
        self.assertEqual((self.visit.fee_asked, self.visit.fee_state), (50, "due"))
        self.settle(50)
        invoice = self.visit.fee_order_id.invoice_ids
        self.assertEqual((invoice.amount_total, invoice.amount_residual), (50, 50))
        self.assertEqual(invoice.partner_id, self.anna)

    def test_who_is_marked_as_missing_on_the_board_owes_it_too(self):
        appointment = self.visit.appointment_ids.with_user(self.receptionist)
        before = {str(appointment.id): {"state": "booked", "no_show_at": False}}
        appointment._set_state("no_show")
        self.assertEqual((self.visit.fee_asked, self.visit.fee_state), (50, "due"))
        appointment.with_user(self.manager)._take_back_state(before)
        self.assertEqual((self.visit.fee_asked, self.visit.fee_state), (0, False))

    def test_the_first_time_is_forgiven_where_the_salon_does_that(self):
        self.ladder.write({"forgiven": 1, "forgiven_days": 365})
        self.visit.with_user(self.receptionist).action_no_show()
        self.assertEqual(self.visit.fee_state, "forgiven")
        second = self.book(self.haircut, "14:00")
        second.with_user(self.receptionist).action_no_show()
        self.assertEqual((second.fee_asked, second.fee_state), (50, "due"))

    def test_waiving_needs_the_right_and_a_reason(self):
        self.visit._set_state("no_show")
        self.visit.sudo().write({"fee_asked": 50, "fee_state": "due"})
        with self.assertRaisesRegex(UserError, "Say why"):
            self.settle(0, self.manager)
        with self.assertRaises(AccessError):
            self.settle(0, reason="A friend")
        self.settle(0, self.manager, reason="In hospital")
        self.assertEqual(self.visit.fee_state, "waived")
        self.assertEqual(self.visit.fee_reason, "In hospital")
        self.assertFalse(self.visit.fee_order_id)

    def test_a_fee_is_charged_once_and_a_visit_with_one_stays_missed(self):
        self.visit.with_user(self.receptionist).action_no_show()
        self.settle(50)
        with self.assertRaisesRegex(UserError, "charged already"):
            self.settle(50)
        with self.assertRaisesRegex(UserError, "Refund that first"):
            self.visit.action_reopen()

    def test_a_visit_that_lives_again_owes_nothing(self):
        self.visit.with_user(self.receptionist).action_no_show()
        self.visit.action_reopen()
        self.assertFalse(self.visit.fee_state)
        self.assertNotIn(self.visit.state, states.LOST)

    def test_a_rule_that_looks_at_the_past_costs_one_query_for_all(self):
        others = [self.book(self.haircut, at) for at in ("12:00", "14:00")]
        visits = self.visit.union(*others)
        self.env["salon.deposit"]._ask(visits)
        with self.assertQueryCount(1):
            self.env["salon.deposit"]._ask(visits)

    def test_booking_without_rules_asks_the_database_nothing_more(self):
        self.rule.active = False
        self.env["salon.deposit"]._ask(self.visit)
        self.visit.source  # noqa: B018
        with self.assertQueryCount(0):
            self.env["salon.deposit"]._ask(self.visit)

from fractions import Fraction

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..engine import deposits as engine
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
        ).account_id = cls.env["salon.accounts"]._create_account(
            cls.branch.company_id, "Tax of the test", "liability_current"
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
        self.assertEqual(self.visit.deposit_asked, 22)
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

    def past(self, day, **values):
        """A visit of Bella on this day of May, that ended as said."""
        visit = self.book(
            self.haircut, date=THURSDAY.replace(month=5, day=day), client=self.bella
        )
        visit.sudo().write(values)
        self.env.flush_all()
        return visit

    def asked_of_bella(self):
        visit = self.env["salon.visit"].search(
            [("client_id", "=", self.bella.id)], order="start desc", limit=1
        )
        asked = self.env["salon.deposit"]._ask(visit)[visit.id]
        return asked.amount / 100

    def test_what_clients_did_a_year_ago_counts_no_longer(self):
        visits = self.past(1, state="done") | self.past(20, state="done")
        self.book(self.haircut, "14:00", client=self.bella)
        self.assertEqual(self.asked_of_bella(), 0)
        self.env.cr.execute(
            "UPDATE salon_visit SET start = '2030-05-31 08:00', "
            "stop = '2030-05-31 09:00' WHERE id IN %s",
            [tuple(visits.ids)],
        )
        self.assertEqual(self.asked_of_bella(), 22)

    def test_a_regular_of_a_sister_company_is_not_new(self):
        sister = self.env["res.company"].create(
            {"name": "Sister", "parent_id": self.branch.company_id.id}
        )
        self.assertEqual(self.asked_after_visits_at(sister), 0)

    def test_a_regular_of_an_unrelated_company_is_new(self):
        stranger = self.env["res.company"].create({"name": "Stranger"})
        self.assertEqual(self.asked_after_visits_at(stranger), 22)

    def asked_after_visits_at(self, company):
        """What is asked of Bella here, who was twice at a salon of this company."""
        there = self.env["salon.branch"].create(
            {
                "name": company.name,
                "tz": "UTC",
                "company_id": company.id,
                "resource_calendar_id": False,
            }
        )
        self.env["salon.visit"].create(
            [
                {
                    "branch_id": there.id,
                    "client_id": self.bella.id,
                    "start": f"2031-05-{day} 08:00:00",
                    "state": "done",
                }
                for day in (20, 21)
            ]
        )
        self.book(self.haircut, "14:00", client=self.bella)
        return self.asked_of_bella()

    def test_who_did_not_come_or_cancelled_late_is_asked(self):
        self.rule.write({"fewer_visits": 0, "no_shows": 2, "late_cancellations": 1})
        self.past(1, state="no_show")
        self.book(self.haircut, "14:00", client=self.bella)
        self.assertEqual(self.asked_of_bella(), 0)
        late = self.past(8, state="cancelled", is_late_cancellation=True)
        self.assertEqual(self.asked_of_bella(), 22)
        late.sudo().is_late_cancellation = False
        self.env.flush_all()
        self.assertEqual(self.asked_of_bella(), 0)
        self.past(15, state="no_show")
        self.assertEqual(self.asked_of_bella(), 22)

    def test_only_whoever_missed_the_last_time_is_asked(self):
        self.rule.write({"fewer_visits": 0, "missed_last": True})
        self.past(8, state="no_show")
        self.book(self.haircut, "14:00", client=self.bella)
        self.assertEqual(self.asked_of_bella(), 22)
        self.past(20, state="done")
        self.assertEqual(self.asked_of_bella(), 0)

    def test_a_rule_of_the_web_asks_nothing_at_the_desk(self):
        self.rule.channel = "web"
        asked = {}
        for source, at in (("desk", "13:00"), ("web", "15:00")):
            wish = {"product_id": self.haircut.id, "start": self.at(at)}
            wish["staff_id"] = self.mia.id
            visit = self.env["salon.booking"]._book(
                self.branch, self.bella, [wish], source=source
            )
            asked[source] = visit.deposit_asked
        self.assertEqual(asked, {"desk": 0, "web": 22})

    def test_every_condition_of_a_rule_counts(self):
        rule = self.env["salon.deposit.rule"].create(
            {
                "name": "Strict",
                "amount": 12.34,
                "percent": 33.33,
                "per_visit": True,
                "channel": "web",
                "product_tmpl_ids": [Command.set(self.haircut.product_tmpl_id.ids)],
                "categ_ids": [Command.set(self.category_hair.ids)],
                "fewer_visits": 2,
                "no_shows": 3,
                "late_cancellations": 4,
                "missed_last": True,
                "least_price": 56.78,
                "least_minutes": 90,
                "refund_hours": 48,
            }
        )
        self.assertEqual(
            rule._get_rule(),
            engine.Rule(
                key=rule.id,
                fixed=1234,
                share=Fraction("0.3333"),
                per_visit=True,
                services=frozenset(self.haircut.product_tmpl_id.ids),
                categories=frozenset(self.category_hair.ids),
                channels=frozenset(["web"]),
                fewer_visits=2,
                no_shows=3,
                late_cancellations=4,
                missed_last=True,
                least_price=5678,
                least_minutes=90,
                refund_notice=48 * 60,
            ),
        )

    def test_what_is_asked_is_of_the_price_with_tax_to_the_cent(self):
        """Three of 33.33 and 10 % on top come to 109.99, and not to 3 × 36.66."""
        self.rule.percent = 100
        visit = self.book(self.haircut, "14:00")
        for at in ("15:00", "16:00"):
            visit.appointment_ids[:1].copy({"start": self.at(at)})
        visit.appointment_ids.price = 33.33
        self.assertEqual(visit._get_amount_payable(), 109.99)
        deposit = self.env["salon.deposit"]._ask(visit)[visit.id]
        self.assertEqual(deposit.amount, 10999)
        self.take(109.99, visit)
        result = self.checkout(visit, user=self.receptionist)
        self.assertEqual(result["invoice"].amount_total, 0)
        self.assertEqual(visit.payment_state, "paid")

    def test_a_tax_without_an_account_is_no_part_of_the_deposit(self):
        taxes = self.haircut.taxes_id
        parts = taxes.invoice_repartition_line_ids | taxes.refund_repartition_line_ids
        parts.account_id = False
        deposit = self.take(33)
        self.assertEqual(self.owed(), 30)
        tax = deposit.line_ids.filtered("tax_line_id")
        self.assertEqual((tax.balance, tax.account_id.internal_group), (-3, "income"))
        bill = self.checkout(self.visit, 22, user=self.receptionist)["invoice"]
        self.assertEqual(self.owed(), 0)
        income = (
            (bill | deposit)
            .sudo()
            .line_ids.filtered(lambda item: item.account_id.internal_group == "income")
        )
        self.assertEqual(sum(income.mapped("balance")), -55)

    def test_a_price_that_includes_the_tax_is_what_is_asked_of(self):
        self.haircut.taxes_id.price_include_override = "tax_included"
        self.assertEqual(self.book(self.haircut, "14:00").deposit_asked, 20)

    # --- moving ---

    def move(self, day):
        self.visit.appointment_ids.start = self.at("10:00", date=THURSDAY.replace(*day))

    def test_moved_in_time_the_deadline_follows(self):
        self.take(20)
        self.move((2031, 6, 19))
        self.assertEqual(str(self.visit.deposit_refund_until), "2031-06-18 08:00:00")

    def test_moved_too_late_a_paid_deposit_stays_with_the_salon(self):
        self.take(20)
        with freeze_time(HOURS_BEFORE):
            self.move((2031, 6, 26))
            self.assertEqual(
                str(self.visit.deposit_refund_until), "2031-06-11 08:00:00"
            )
            self.ladder.active = False
            self.cancel()
        self.assertEqual(self.visit.fee_asked, 20)

    def test_a_deposit_that_no_rule_asked_for_is_given_back_until_the_start(self):
        self.rule.active = False
        visit = self.book(self.haircut, "14:00")
        self.assertFalse(visit.deposit_refund_until)
        self.take(10, visit)
        self.assertEqual(visit.deposit_refund_until, visit.start)
        self.assertEqual(visit._deposit_to_keep("cancelled"), 0)
        self.assertEqual(visit._deposit_to_keep("no_show"), 10)

    def test_moved_too_late_an_unpaid_deposit_has_a_new_deadline(self):
        with freeze_time(HOURS_BEFORE):
            self.move((2031, 6, 26))
            self.assertEqual(
                str(self.visit.deposit_refund_until), "2031-06-25 08:00:00"
            )

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
            self.take(35.01)

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

    def test_no_other_deposit_is_given_back_than_the_dialog_has_shown(self):
        deposit = self.take(20)
        dialog = Form.from_action(self.env(user=self.receptionist), self.cancel())
        self.assertEqual(dialog.given_back, 20)
        # The accountant finds meanwhile that it never came.
        deposit.matched_payment_ids.action_cancel()
        dialog.journal_id = self.cash_journal
        dialog = dialog.save()
        with self.assertRaisesRegex(UserError, "was .*20.* and is .*0.* now"):
            dialog.action_settle()

    def test_a_deposit_given_back_whose_payment_never_came_is_owed(self):
        deposit = self.take(20)
        self.cancel()
        self.settle(0)
        deposit.matched_payment_ids.action_cancel()
        self.assertEqual(self.visit.deposit_held, 0)
        self.assertEqual(self.anna.with_user(self.receptionist).salon_debt, 20)
        self.assertEqual(self.owed(), 0)

    @freeze_time(HOURS_BEFORE)
    def test_who_cancels_late_pays_the_fee_and_the_deposit_counts_towards_it(self):
        self.take(20)
        self.cancel()
        self.assertTrue(self.visit.is_late_cancellation)
        self.assertEqual((self.visit.fee_asked, self.visit.fee_state), (27.5, "due"))
        self.settle(27.5, paid=7.5)
        bill = self.visit.fee_order_id.invoice_ids.sorted("id")[-1]
        self.assertEqual((bill.amount_total, bill.payment_state), (7.5, "paid"))
        self.assertEqual(self.owed(), 0)
        self.assertEqual(self.visit.fee_state, "charged")
        fee = bill.invoice_line_ids.filtered(lambda line: not line.is_downpayment)
        self.assertAlmostEqual(sum(fee.mapped("price_total")), 27.5)
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
        self.assertEqual(self.visit.fee_asked, 27.5)

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
    def test_what_is_kept_carries_the_tax_of_the_fee_and_not_of_the_service(self):
        self.ladder.active = False
        self.env.ref("salon_booking.product_cancellation_fee").taxes_id = False
        tax = self.haircut.taxes_id.invoice_repartition_line_ids.account_id
        before = self.balance(tax)
        self.take(20)
        self.assertAlmostEqual(self.balance(tax) - before, 1.82)
        self.cancel()
        self.settle(20)
        self.assertEqual(self.owed(), 0)
        self.assertAlmostEqual(self.balance(tax), before)

    def test_a_fee_comes_to_what_is_asked_by_fiscal_position_too(self):
        position = self.env["account.fiscal.position"].create({"name": "Abroad (test)"})
        self.tax.copy(
            {
                "name": "20 % (test)",
                "amount": 20,
                "fiscal_position_ids": [Command.set(position.ids)],
                "original_tax_ids": [Command.set(self.tax.ids)],
            }
        )
        product = self.env.ref("salon_booking.product_cancellation_fee")
        product.taxes_id = self.tax
        self.anna.property_account_position_id = position
        self.visit.with_user(self.receptionist).action_no_show()
        asked = self.visit.fee_asked
        self.assertEqual(asked, 60)
        self.settle(asked)
        bill = self.visit.fee_order_id.invoice_ids
        self.assertEqual((bill.amount_total, bill.amount_tax), (60, 10))

    @freeze_time(HOURS_BEFORE)
    def test_a_rule_that_gives_nothing_back_keeps_it_however_early(self):
        self.rule.is_never_refunded = True
        with freeze_time(LONG_BEFORE):
            self.visit = self.book(self.haircut, "14:00")
            self.assertFalse(self.visit.deposit_refund_until)
            self.take(20)
            self.cancel()
        self.assertEqual((self.visit.fee_asked, self.visit.fee_state), (20, "due"))

    @freeze_time(HOURS_BEFORE)
    def test_a_salon_that_cancels_asks_for_nothing(self):
        self.take(20)
        self.cancel(by_whom="salon")
        self.assertFalse(self.visit.fee_state)
        self.assertEqual(self.visit.deposit_state, "open")

    def test_who_does_not_come_owes_the_whole_price(self):
        self.visit.with_user(self.receptionist).action_no_show()
        self.assertEqual((self.visit.fee_asked, self.visit.fee_state), (55, "due"))
        self.settle(55)
        invoice = self.visit.fee_order_id.invoice_ids
        self.assertEqual((invoice.amount_total, invoice.amount_residual), (55, 55))
        self.assertEqual(invoice.partner_id, self.anna)

    def test_who_is_marked_as_missing_on_the_board_owes_it_too(self):
        appointment = self.visit.appointment_ids.with_user(self.receptionist)
        before = {str(appointment.id): {"state": "booked", "no_show_at": False}}
        appointment._set_state("no_show")
        self.assertEqual((self.visit.fee_asked, self.visit.fee_state), (55, "due"))
        appointment.with_user(self.manager)._take_back_state(before)
        self.assertEqual((self.visit.fee_asked, self.visit.fee_state), (0, False))

    def test_the_first_time_is_forgiven_where_the_salon_does_that(self):
        self.ladder.write({"forgiven": 1, "forgiven_days": 365})
        self.visit.with_user(self.receptionist).action_no_show()
        self.assertEqual(self.visit.fee_state, "forgiven")
        second = self.book(self.haircut, "14:00")
        second.with_user(self.receptionist).action_no_show()
        self.assertEqual((second.fee_asked, second.fee_state), (55, "due"))

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
        self.settle(55)
        with self.assertRaisesRegex(UserError, "charged already"):
            self.settle(55)
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

from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command, fields
from odoo.tests import tagged

from odoo.addons.salon_booking.engine import clock
from odoo.addons.salon_booking.models.payment_transaction import (
    PaymentTransaction as Paid,
)

from .common import PagesCase


@tagged("post_install", "-at_install")
class TestUnpaidDeposits(PagesCase):
    """Who books online and does not pay in time gives the time back."""

    @classmethod
    def _switch_messages_off(cls):
        """The client is told."""

    def setUp(self):
        super().setUp()
        self.env["salon.deposit.rule"].search([]).active = False
        self.rule = self.env["salon.deposit.rule"].create(
            {"name": "Online (test)", "channel": "web", "percent": 50}
        )
        self.deposits = self.env["salon.online.deposits"]
        pays = patch.object(
            type(self.env["salon.own.visit"]), "_can_pay", lambda *_of: True
        )
        pays.start()
        self.addCleanup(pays.stop)

    def order(self):
        start = self.times(self.haircut, who=self.mia.id)[0]
        self.booked = self.send(
            self.fill(self.details(start, self.haircut, who=self.mia.id))
        )
        return self.visits()

    def run_clock(self, minutes):
        """What the clock does so many minutes later, of the test's own visits."""
        own = self.visits()
        later = fields.Datetime.now() + timedelta(minutes=minutes)
        find = type(self.deposits)._find_unpaid

        def find_own(service):
            return find(service) & own.with_env(service.env)

        commit = type(self.env["ir.cron"])
        with (
            freeze_time(later),
            patch.object(type(self.deposits), "_find_unpaid", find_own),
            patch.object(commit, "_commit_progress", lambda *_a, **_k: 60),
        ):
            self.deposits._give_back_unpaid()

    def test_what_may_be_asked_is_said_before_it_is_booked(self):
        start = self.times(self.haircut, who=self.mia.id)[0]
        query = {"p": self.haircut.id, "who": self.mia.id, "start": start}
        # Half of 50.00 and a tenth of tax.
        self.assertRegex(self.page("/details", **query).text, r"27\.50")
        self.rule.active = False
        self.assertNotIn("may be asked", self.page("/details", **query).text)

    def regular(self):
        """Who was here before, with the phone that visitors type; only new clients are
        asked."""
        self.rule.fewer_visits = 1
        client = self.env["res.partner"].create(
            {"name": "Clara", "phone": "+32 470 99 88 77"}
        )
        past = self.today - timedelta(days=30)
        self.book(self.haircut, date=past, client=client)._set_state("done")
        return client

    def rebook(self, visit, user):
        """By the link of a visit, as somebody."""
        own = self.env["salon.own.visit"].with_user(user)
        visit = visit.with_user(user).sudo()
        found = own._find_days(visit, "rebook", first=self.day + timedelta(days=1))
        offer = found["times"][0]
        return own._rebook(visit, offer["start"], offer["tag"])

    def test_nobody_learns_by_a_phone_who_is_a_regular(self):
        client = self.regular()
        visit = self.order()
        self.assertEqual((visit.client_id, visit.deposit_asked), (client, 27.5))
        again = self.rebook(visit, self.env.ref("base.public_user"))
        self.assertEqual((again.client_id, again.deposit_asked), (client, 27.5))

    def test_a_regular_who_signs_in_is_asked_as_a_regular(self):
        client = self.regular()
        user = self.env["res.users"].create(
            {
                "name": "Clara",
                "login": "clara-regular",
                "partner_id": client.id,
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        self.assertEqual(self.rebook(self.order(), user).deposit_asked, 0)

    def test_the_client_reads_until_when_to_pay(self):
        visit = self.order()
        left = visit.deposit_due_at - fields.Datetime.now()
        self.assertLessEqual(abs(left - timedelta(minutes=60)), timedelta(minutes=2))
        self.assertIn("It is yours until", self.booked.text)

    def test_a_visit_that_is_not_paid_in_time_is_cancelled_without_a_fee(self):
        self.env["salon.fee.ladder"].search([]).active = False
        visit = self.order()
        start = clock.to_minutes(visit.start)
        self.run_clock(59)
        self.assertEqual(visit.state, "booked")
        self.run_clock(61)
        self.assertEqual(visit.state, "cancelled")
        self.assertFalse(visit.fee_state)
        self.assertFalse(visit.is_late_cancellation)
        self.assertIn("not paid in time", visit.appointment_ids.cancel_reason)
        told = self.env["salon.message"].search([("visit_id", "=", visit.id)])
        self.assertIn("visit_cancelled", told.mapped("event_id.code"))
        self.assertIn(start, self.times(self.haircut, who=self.mia.id))

    def offer(self):
        """A time offered to Anna, who waits for it."""
        entry = self.env["salon.waitlist.entry"].create(
            {
                "client_id": self.anna.id,
                "branch_id": self.branch.id,
                "product_ids": [Command.set(self.haircut.ids)],
                "wish_ids": [
                    Command.create(
                        {
                            "date_from": self.day,
                            "date_to": self.day,
                            "staff_ids": [Command.set(self.mia.ids)],
                        }
                    )
                ],
            }
        )
        waitlist, wish = self.env["salon.waitlist"], entry.wish_ids
        return waitlist._offer(entry, wish, waitlist._find_free(wish)[0])

    def accept(self, offer):
        """By the link of the message, without a login."""
        offer._portal_ensure_token()
        visitor = offer.with_user(self.env.ref("base.public_user"))
        visitor._portal_find(offer.id, offer.access_token)._answer("accept")

    def test_a_time_offered_to_who_waits_is_given_back_like_any_other(self):
        offer = self.offer()
        self.accept(offer)
        visit = offer.visit_id
        left = visit.deposit_due_at - fields.Datetime.now()
        self.assertLessEqual(abs(left - timedelta(minutes=60)), timedelta(minutes=2))
        self.run_clock(61)
        self.assertEqual(visit.state, "cancelled")

    def test_who_accepts_an_offer_twice_is_asked_for_one_deposit(self):
        offer = self.offer()
        self.accept(offer)
        self.accept(offer)
        self.assertEqual(len(offer.visit_id.invoice_ids), 1)

    def test_what_the_desk_accepts_for_a_client_waits_for_its_deposit(self):
        offer = self.offer()
        offer.with_user(self.receptionist).action_accept()
        self.assertFalse(offer.visit_id.deposit_due_at)

    def test_who_looks_again_reads_that_the_time_was_given_back(self):
        self.order()
        self.run_clock(61)
        page = self.url_open(self.booked.url)
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("You are booked", page.text)
        self.assertIn("Cancelled", page.text)

    def test_what_is_paid_stays(self):
        visit = self.order()
        bill = visit.invoice_ids
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=bill.ids
        ).create({})._create_payments()
        self.assertEqual(visit.deposit_state, "paid")
        self.run_clock(600)
        self.assertEqual(visit.state, "booked")

    def test_a_rule_without_minutes_keeps_the_time(self):
        self.rule.online_minutes = 0
        visit = self.order()
        self.assertFalse(visit.deposit_due_at)
        self.run_clock(600)
        self.assertEqual(visit.state, "booked")

    def test_the_desk_keeps_a_visit_by_emptying_the_moment(self):
        visit = self.order()
        visit.with_user(self.receptionist).deposit_due_at = False
        self.run_clock(600)
        self.assertEqual(visit.state, "booked")

    def pay(self, visit, state):
        provider = self.env["payment.provider"].create({"name": "Test"})
        method = self.env["payment.method"].create({"name": "T", "code": "test_salon"})
        return self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "amount": visit.deposit_asked,
                "currency_id": visit.currency_id.id,
                "partner_id": visit.client_id.id,
                "invoice_ids": visit.invoice_ids.ids,
                "state": state,
            }
        )

    def test_what_is_paid_when_the_time_was_given_back_is_told_to_the_salon(self):
        """Whoever took an hour on the page of the bank."""
        visit = self.order()
        payment = self.pay(visit, "draft")
        self.run_clock(61)
        self.assertEqual(visit.state, "cancelled")
        none = self.env["account.payment"]
        with patch.object(Paid, "_create_payment", lambda *_of, **_more: none):
            payment._create_payment()
        self.assertIn("paid after", "".join(visit.message_ids.mapped("body")))
        told = self.env["mail.message"].search(
            [("message_type", "=", "user_notification")], order="id desc", limit=1
        )
        self.assertIn("paid after", told.body)
        self.assertFalse(told.partner_ids.user_ids.filtered("share"))

    def test_what_is_paid_in_time_needs_nobody(self):
        visit = self.order()
        none = self.env["account.payment"]
        with patch.object(Paid, "_create_payment", lambda *_of, **_more: none):
            self.pay(visit, "done")._create_payment()
        self.assertNotIn("paid after", "".join(visit.message_ids.mapped("body")))

    def test_a_payment_under_way_is_waited_for(self):
        visit = self.order()
        payment = self.pay(visit, "pending")
        self.run_clock(61)
        self.assertEqual(visit.state, "booked")
        payment.state = "cancel"
        self.run_clock(90)
        self.assertEqual(visit.state, "cancelled")

    def test_what_nobody_can_pay_online_is_not_given_back(self):
        with patch.object(
            type(self.env["salon.own.visit"]), "_can_pay", lambda *_of: False
        ):
            visit = self.order()
        self.assertEqual(visit.deposit_state, "missing")
        self.assertFalse(visit.deposit_due_at)

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestCashDemo(TransactionCase):
    """The cash days of the demo salon, wherever and whenever it is installed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env.ref(
            "salon_booking.branch_garden", raise_if_not_found=False
        )
        cls.demo = cls.env["salon.demo"].with_context(tracking_disable=True)
        cls.desk = cls.env["salon.cash.desk"]

    def setUp(self):
        super().setUp()
        if not self.branch:
            self.skipTest("There is no demo salon.")

    def new_till(self):
        """A till that no day was kept on, without an account for differences."""
        company = self.branch.company_id
        till = self.env["account.journal"].create(
            {"name": "Till of the Test", "type": "cash", "code": "TTILD"}
        )
        lines = till.inbound_payment_method_line_ids
        lines |= till.outbound_payment_method_line_ids
        lines.payment_account_id = till.default_account_id
        company.default_cash_difference_expense_account_id = False
        till.loss_account_id = False
        self.branch.tender_journal_ids += till
        return till

    def keep(self, till):
        """What happens at the installation, for one till."""
        self.demo._keep_till(
            self.branch, till, self.demo._last_day_of(self.branch, till)
        )
        self.demo._keep_till(self.branch, till, self.demo._today())
        return self.env["salon.cash.day"].search([("journal_id", "=", till.id)])

    def pay(self, till, amount, date):
        """A client pays on a day, at the desk, which keeps no books."""
        clerk = self.env.ref("salon_booking.user_receptionist")
        payments = self.env["account.payment"].with_user(clerk).sudo()
        payment = payments.create(
            {
                "journal_id": till.id,
                "amount": amount,
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.env.ref("salon_booking.client_anna").id,
                "salon_branch_id": self.branch.id,
                "date": date,
            }
        )
        payment.action_post()
        return payment

    def assertKept(self, till, today, over):
        self.demo._date_payments()
        open_day, closed_day = self.keep(till)
        self.assertEqual((open_day.state, closed_day.state), ("open", "closed"))
        self.assertEqual((open_day.date, closed_day.date), (today, over))
        self.assertLess(closed_day.amount_difference, 0)
        self.assertGreater(closed_day.amount_difference, -3)
        self.assertEqual(open_day.amount_opening, closed_day.amount_left)
        self.assertGreater(closed_day.closed_at, closed_day.opened_at)
        self.assertLessEqual(closed_day.closed_at, open_day.opened_at)
        self.assertEqual(till._get_salon_missing_start(), 0)
        books = till._get_salon_till_books(fields.Date.to_date("2999-01-01"))
        self.assertAlmostEqual(books, open_day.amount_expected, places=2)
        return open_day, closed_day

    def test_the_day_before_is_counted_and_closed_with_what_it_took(self):
        till, today = self.new_till(), self.demo._today()
        self.pay(till, 40, today - timedelta(days=9))
        self.pay(till, 80, today - timedelta(days=1))
        self.pay(till, 20, today)
        open_day, closed_day = self.assertKept(till, today, today - timedelta(days=1))
        self.assertEqual(open_day.amount_in, 70, "20 paid, 50 for change")
        took = {one["name"]: one["came"] for one in closed_day.figures["tenders"]}
        self.assertEqual(took[till.name], 80)

    def test_at_every_hour_in_every_zone(self):
        for zone, moment in (
            ("Pacific/Auckland", "2031-06-12 12:01:00"),
            ("Pacific/Honolulu", "2031-06-12 09:59:00"),
            ("Europe/Istanbul", "2031-06-12 03:30:00"),
            ("America/New_York", "2031-11-02 05:30:00"),
        ):
            with (
                self.subTest(zone),
                freeze_time(moment),
                self.env.cr.savepoint() as savepoint,
            ):
                self.demo._branches().tz = zone
                today = self.demo._today()
                till = self.new_till()
                self.assertKept(till, today, today - timedelta(days=1))
                savepoint.rollback()
                self.env.invalidate_all()

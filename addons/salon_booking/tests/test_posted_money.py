from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SalonCase


@tagged("post_install", "-at_install")
class TestPostedMoney(SalonCase):
    """What is posted stays; whatever is corrected is a new document of today."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.visit = cls.book(cls.haircut)
        cls.manager.group_ids += cls.env.ref("salon_booking.group_salon_refund")
        # What the demo data has left open is no matter of ours.
        cls.startClassPatcher(
            patch.object(
                type(cls.company), "_validate_locks", lambda self, values: None
            )
        )

    def posted(self):
        """Everything that is posted, as the books and the reports see it."""
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT move.id, move.name, move.date, move.invoice_date, move.state,
                      item.id, item.account_id, item.partner_id, item.balance,
                      item.quantity, item.price_unit, item.tax_line_id, item.name
                 FROM account_move move
                 JOIN account_move_line item ON item.move_id = move.id
                WHERE move.state IN ('posted', 'cancel')
                  AND move.company_id = %s""",
            [self.company.id],
        )
        return set(self.env.cr.fetchall())

    def lock(self, field="hard_lock_date", days=0):
        """Close the books up to today, or to so many days before."""
        self.company[field] = self.today - timedelta(days=days)

    def give_back(self, visit, amount):
        lines = self.env["salon.refund"]._get_bill_lines(visit)
        return (
            self.env["salon.refund"]
            .with_user(self.manager)
            ._refund(
                visit.with_user(self.manager),
                {line.id: total for line, total in lines.items()},
                [self.tender(amount)],
                {"reason": "Not as wished", "takes_tips_back": True},
            )
        )

    def test_a_refund_changes_nothing_that_was_posted(self):
        self.checkout(
            self.visit, 60, options={"tips": [{"staff_id": self.mia.id, "amount": 5}]}
        )
        before = self.posted()
        self.give_back(self.visit, 60)
        self.assertLessEqual(before, self.posted())

    def test_a_bill_of_closed_books_is_refunded_by_a_document_of_today(self):
        yesterday = self.today - timedelta(days=1)
        with freeze_time(yesterday):
            self.checkout(self.visit, 55)
        self.lock(days=1)
        before = self.posted()
        result = self.give_back(self.visit, 55)
        self.assertLessEqual(before, self.posted())
        self.assertEqual(result["refunds"].date, self.today)
        self.assertEqual(result["payments"].mapped("date"), [self.today])

    def test_nothing_is_posted_into_closed_books(self):
        """Neither by a checkout, nor by a deposit, nor by a refund."""
        billed = self.book(self.haircut, "12:00")
        self.checkout(billed, 55)
        self.lock()
        before = self.posted()
        for act in (
            lambda: self.checkout(self.visit, 55),
            lambda: self.env["salon.deposit"]._take(self.visit, [self.tender(20)]),
            lambda: self.give_back(billed, 55),
        ):
            self.assert_later_or_refused(act)
            self.assertLessEqual(before, self.posted())

    def assert_later_or_refused(self, act):
        """The host refuses it, or dates it after the lock."""
        last = self.env["account.move"].search([], order="id desc", limit=1)
        try:
            with self.cr.savepoint():
                act()
        except UserError:
            return
        new = self.env["account.move"].search(
            [("id", ">", last.id), ("state", "=", "posted")]
        )
        self.assertTrue(new)
        self.assertGreater(min(new.mapped("date")), self.today)

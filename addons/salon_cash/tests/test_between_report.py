from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.salon_booking.tests.test_balance_between import BetweenCase


@tagged("post_install", "-at_install")
class TestBetweenReport(BetweenCase):
    """200 were paid ahead at A, 100 of them used at B."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant.company_ids |= cls.first | cls.second
        cls.use_at(cls.branch_b)

    def rows(self):
        self.env.flush_all()
        report = self.env["salon.between.report"].with_user(self.accountant)
        report = report.with_context(allowed_company_ids=(self.first | self.second).ids)
        return {
            (row.company_id, row.other_id): (row.owed, row.claimed, row.difference)
            for row in report.search([])
        }

    def test_both_books_say_what_is_owed(self):
        self.assertEqual(
            self.rows(),
            {
                (self.first, self.second): (100, 100, 0),
                (self.second, self.first): (-100, -100, 0),
            },
        )

    def test_what_only_one_has_booked_is_seen_on_both_sides_and_opened(self):
        """A pays 40 to B, who has not noted it yet."""
        account = self.company.salon_between_account_id
        bank = self.bank_journal.default_account_id
        move = (
            self.env["account.move"]
            .with_company(self.first)
            .create(
                {
                    "company_id": self.first.id,
                    "journal_id": self.env["salon.intercompany"]
                    ._get_journal(self.first)
                    .id,
                    "line_ids": [
                        (
                            0,
                            0,
                            {
                                "account_id": account.id,
                                "partner_id": self.second.partner_id.id,
                                "balance": 40,
                            },
                        ),
                        (0, 0, {"account_id": bank.id, "balance": -40}),
                    ],
                }
            )
        )
        move.action_post()
        rows = self.rows()
        self.assertEqual(rows[self.first, self.second], (60, 100, 40))
        self.assertEqual(rows[self.second, self.first], (-100, -60, 40))
        report = self.env["salon.between.report"].with_user(self.accountant)
        row = report.with_context(
            allowed_company_ids=(self.first | self.second).ids
        ).search([], limit=1)
        items = self.env["account.move.line"].search(row.action_open_items()["domain"])
        self.assertEqual(len(items), 3)
        self.assertIn(move, items.move_id)

    def test_the_desk_sees_none_of_it(self):
        with self.assertRaises(AccessError):
            self.env["salon.between.report"].with_user(self.manager).search([])

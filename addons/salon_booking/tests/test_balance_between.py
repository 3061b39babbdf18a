from odoo.tests import tagged

from .test_till import TillCase


class BetweenCase(TillCase):
    """Companies A and B of one chain; Anna has paid 200 ahead at A."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first, cls.second = cls.env["res.company"].create(
            [
                {"name": "Company A", "parent_id": cls.company.id},
                {"name": "Company B", "parent_id": cls.company.id},
            ]
        )
        # The host gives companies of a chain the chart of their parent, but later.
        cls.env.cr.precommit.run()
        companies = cls.company | cls.first | cls.second
        cls.env.user.company_ids |= companies
        cls.env = cls.env(
            context={**cls.env.context, "allowed_company_ids": companies.ids}
        )
        cls.branch_a, cls.branch_b = cls.env["salon.branch"].create(
            [
                {
                    "name": company.name,
                    "tz": "UTC",
                    "company_id": company.id,
                    "resource_calendar_id": False,
                    "tender_journal_ids": [(6, 0, cls.cash_journal.ids)],
                }
                for company in (cls.first, cls.second)
            ]
        )
        cls.shampoo.write({"list_price": 100, "taxes_id": False})
        cls.change(cls.branch_a, 200)

    @classmethod
    def change(cls, branch, amount, is_out=False):
        till = cls.env["salon.till"]
        return till._change_balance(branch, cls.anna, cls.tender(amount), is_out)

    @classmethod
    def use_at(cls, branch, at="12:00"):
        visit = cls.env["salon.visit"].create(
            {
                "branch_id": branch.id,
                "client_id": cls.anna.id,
                "start": cls.at(at),
            }
        )
        balance = cls.tender(100, cls.company._get_salon_balance_journal())
        return cls.checkout(
            visit, balance, extra_lines=[{"product_id": cls.shampoo.id}]
        )


@tagged("post_install", "-at_install")
class TestBalanceBetweenCompanies(BetweenCase):
    """As golden M8: 200 paid ahead at A, 100 used at B: A owes B 100."""

    def booked(self, company, account, partner):
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "=", account.id),
                ("company_id", "=", company.id),
                ("partner_id", "=", partner.id),
                ("parent_state", "=", "posted"),
            ]
        )
        return -sum(lines.mapped("balance"))

    def assert_owed(self, client, between):
        """What each company owes the client, and A owes to B."""
        account = self.company.salon_balance_account_id
        self.assertEqual(
            [self.booked(one, account, self.anna) for one in self.first | self.second],
            client,
        )
        account = self.env["salon.intercompany"]._get_account(self.company)
        first, second = self.first, self.second
        self.assertEqual(self.booked(first, account, second.partner_id), between)
        self.assertEqual(self.booked(second, account, first.partner_id), -between)
        self.assert_ledgers_agree()

    def test_what_is_used_at_the_other_company_is_owed_to_it(self):
        payment = self.use_at(self.branch_b)["payments"]
        self.assertEqual(payment.move_id.company_id, self.second)
        self.assert_owed([100, 0], 100)
        self.use_at(self.branch_b, "14:00")
        self.assert_owed([0, 0], 200)

    def test_a_use_that_is_taken_back_is_owed_no_longer(self):
        payment = self.use_at(self.branch_b)["payments"]
        payment.action_draft()
        self.assert_owed([200, 0], 0)
        payment.action_post()
        self.assert_owed([100, 0], 100)

    def test_what_is_paid_back_by_the_other_company_is_owed_to_it(self):
        self.change(self.branch_b, 50, is_out=True)
        self.assert_owed([150, 0], 50)

    def test_own_money_is_used_first(self):
        self.change(self.branch_b, 30)
        self.use_at(self.branch_b)
        self.assert_owed([130, 0], 70)

    def test_what_is_used_where_it_was_paid_makes_no_entry(self):
        payment = self.use_at(self.branch_a)["payments"]
        self.assertFalse(payment.move_id.salon_between_ids)

from odoo import Command
from odoo.tests import tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestBetweenCompanies(LoyaltyCase):
    """Golden M8: a certificate of 200 sold by A, 100 used at B: A owes B 100."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller, cls.user_company = cls.env["res.company"].create(
            [
                {"name": "Company A", "parent_id": cls.company.id},
                {"name": "Company B", "parent_id": cls.company.id},
            ]
        )
        # The host gives companies of a chain the chart of their parent, but later.
        cls.env.cr.precommit.run()
        companies = cls.company | cls.seller | cls.user_company
        cls.env.user.company_ids |= companies
        cls.env = cls.env(
            context={**cls.env.context, "allowed_company_ids": companies.ids}
        )
        cls.env["salon.loyalty.certificate"]._setup_companies(cls.company)
        cls.branch_a, cls.branch_b = cls.env["salon.branch"].create(
            [
                {
                    "name": company.name,
                    "tz": "UTC",
                    "company_id": company.id,
                    "resource_calendar_id": False,
                    "tender_journal_ids": [(6, 0, cls.cash_journal.ids)],
                }
                for company in (cls.seller, cls.user_company)
            ]
        )
        cls.shampoo.write({"list_price": 100, "taxes_id": False})
        cls.branch = cls.branch_a
        cls.owed_before = cls.owed(cls.seller)

    @classmethod
    def owed(cls, company):
        """What a company owes on certificates by its own books."""
        lines = cls.env["account.move.line"].search(
            [
                ("account_id", "=", cls.liability.id),
                ("company_id", "=", company.id),
                ("parent_state", "=", "posted"),
            ]
        )
        return -round(sum(lines.mapped("balance")), 2)

    def between(self, company, other):
        """What ``company`` owes the other one; below zero: is owed."""
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "=", self.company.salon_between_account_id.id),
                ("company_id", "=", company.id),
                ("partner_id", "=", other.partner_id.id),
                ("parent_state", "=", "posted"),
            ]
        )
        return -sum(lines.mapped("balance"))

    def use_at(self, branch, card):
        visit = self.env["salon.visit"].create(
            {
                "branch_id": branch.id,
                "client_id": self.anna.id,
                "start": self.at("12:00"),
            }
        )
        line = {"product_id": self.shampoo.id, "quantity": 1, "price_unit": 100}
        return self.checkout(
            visit, extra_lines=[line], options={"certificate_codes": [card.code]}
        )

    def assert_owed(self, amount):
        self.assertEqual(self.between(self.seller, self.user_company), amount)
        self.assertEqual(self.between(self.user_company, self.seller), -amount)

    def test_the_seller_owes_what_was_used_at_the_other_company(self):
        card = self.sell_certificate(200)
        self.assertEqual(self.owed(self.seller), 200)
        invoice = self.use_at(self.branch_b, card)["invoice"]
        self.assertEqual(invoice.company_id, self.user_company)
        self.assert_owed(100)
        self.assertEqual(self.owed(self.seller), 100)
        self.assertEqual(self.owed(self.user_company), 0)
        self.assertOwed(100)

    def test_a_refund_of_the_use_takes_it_back(self):
        card = self.sell_certificate(200)
        invoice = self.use_at(self.branch_b, card)["invoice"]
        self.refund(invoice)
        self.assert_owed(0)
        self.assertEqual(self.owed(self.seller), 200)
        self.assertEqual(self.owed(self.user_company), 0)
        self.assertOwed(200)

    def test_a_use_that_is_reset_takes_it_back_and_posted_again_brings_it(self):
        card = self.sell_certificate(200)
        invoice = self.use_at(self.branch_b, card)["invoice"].sudo()
        invoice.button_draft()
        self.assert_owed(0)
        invoice.action_post()
        self.assert_owed(100)
        self.env["salon.loyalty.certificate"]._settle(invoice)
        self.assert_owed(100)

    def test_what_is_used_where_it_was_sold_makes_no_entry(self):
        card = self.sell_certificate(200)
        invoice = self.use_at(self.branch_a, card)["invoice"]
        self.assertFalse(invoice.sudo().salon_between_ids)

    def test_a_package_used_at_the_other_company_is_owed_between_them_too(self):
        self.env["salon.packages"]._setup_companies(self.company)
        self.haircut.taxes_id = False
        package = self.env["product.product"].create(
            {
                "name": "Two cuts",
                "type": "service",
                "list_price": 200,
                "taxes_id": False,
                "is_salon_package": True,
                "salon_package_content_ids": [
                    Command.create(
                        {
                            "credits": 2,
                            "service_ids": [
                                Command.set(self.haircut.product_tmpl_id.ids)
                            ],
                        }
                    )
                ],
            }
        )
        visit = self.env["salon.visit"].create(
            {
                "branch_id": self.branch_a.id,
                "client_id": self.anna.id,
                "start": self.at("09:00"),
            }
        )
        sale = self.checkout_paid(visit, extra_lines=[{"product_id": package.id}])
        credit = sale["invoice"].invoice_line_ids.salon_package_id.credit_ids
        skill = {"product_tmpl_id": self.haircut.product_tmpl_id.id}
        nia = self.env["hr.employee"].create(
            {
                "name": "Nia",
                "company_id": self.user_company.id,
                "resource_calendar_id": False,
                "is_salon_staff": True,
                "salon_branch_ids": [Command.set(self.branch_b.ids)],
                "salon_skill_ids": [Command.create(skill)],
            }
        )
        used = self.book(self.haircut, branch=self.branch_b, staff=nia)
        bill = self.checkout(
            used, options={"packages": {used.appointment_ids.id: credit.id}}
        )
        self.assertEqual(bill["invoice"].company_id, self.user_company)
        self.assert_owed(100)
        self.refund(bill["invoice"])
        self.assert_owed(0)
        self.assertEqual(credit.credits_left, 2)

    def test_both_sides_cancel_each_other_out_in_the_proof(self):
        self.use_at(self.branch_b, self.sell_certificate(200))
        totals = self.env["salon.instruments"]._totals(
            self.company, self.env.cr.now().date().replace(year=2040)
        )
        found = {row["code"]: row["difference"] for row in totals}
        self.assertEqual((found["between"], found["certificates"]), (0, 0))

from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_packages import PackageCase


@tagged("post_install", "-at_install")
class TestEstimates(PackageCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # What other data may have is not of these tests.
        cls.company.salon_breakage = "never"
        cls.run_estimates()

    @classmethod
    def run_estimates(cls):
        cls.env["salon.estimates"]._run(cls.company)
        cls.env.flush_all()

    def income(self):
        account = self.company.salon_breakage_account_id
        items = self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("parent_state", "=", "posted")]
        )
        return -sum(items.mapped("balance"))

    def own_certificates(self):
        """A program of its own: 50,000 sold, 22,500 of it used."""
        program = self.certificates.copy({"name": "Gold", "is_salon": False})
        product = self.certificate.copy({"name": "Gold"})
        program.rule_ids.product_ids = product
        program.write({"is_salon": True, "salon_breakage": 10})
        self.certificates, self.certificate = program, product
        card = self.sell_certificate(50000)
        self.assertEqual(card.program_id, program)
        self.use_certificate(card, 22500)
        return card

    def use_certificate(self, card, amount):
        self.haircut.list_price = amount
        visit = self.book(self.haircut)
        self.checkout(visit, options={"certificate_codes": [card.code]})

    def assertDifferenceZero(self):
        # In the demo salon it may be tomorrow.
        day = self.today + timedelta(days=1)
        for total in self.env["salon.instruments"]._totals(self.company, day):
            self.assertEqual(total["difference"], 0, total["code"])

    def test_m5_breakage_in_proportion_to_use(self):
        before, owed = self.income(), self.booked()
        self.own_certificates()
        self.company.salon_breakage = "proportional"
        self.run_estimates()
        self.assertEqual(self.income() - before, 2500)
        self.assertEqual(self.booked() - owed, 25000)
        self.assertDifferenceZero()
        row = self.env["salon.certificate.liability"].browse(self.company.id)
        self.assertEqual((row.amount_lapsing, row.amount_difference), (2500, 0))
        self.run_estimates()
        self.assertEqual(self.income() - before, 2500, "twice is once")

    def test_m5_never_leaves_it_owed(self):
        before, owed = self.income(), self.booked()
        self.own_certificates()
        self.company.salon_breakage = "proportional"
        self.run_estimates()
        self.company.salon_breakage = "never"
        self.run_estimates()
        self.assertEqual(self.income() - before, 0)
        self.assertEqual(self.booked() - owed, 27500)
        self.assertDifferenceZero()

    def test_an_expired_certificate_is_income(self):
        card = self.own_certificates()
        before = self.income()
        card.expiration_date = fields.Date.today() - timedelta(days=2)
        self.run_estimates()
        self.assertEqual(card.points, 27500)
        self.company.salon_breakage = "expiry"
        self.run_estimates()
        self.assertEqual((self.income() - before, card.points), (27500, 0))
        self.assertIn("expired", card.salon_entry_ids.mapped("kind"))
        self.assertDifferenceZero()
        self.assertLedgerHolds()

    def test_an_expired_package_is_income_as_far_as_it_was_paid(self):
        package = self.sell(self.package_of(5, 500), 300)
        self.use(package)
        before = self.income()
        self.company.salon_breakage = "expiry"
        package.sudo().date_end = fields.Date.today() - timedelta(days=2)
        self.run_estimates()
        self.assertEqual(self.income() - before, 200)
        self.assertEqual((package.amount_owed, package.amount_unpaid), (0, 200))
        self.assertEqual(package.credits_left, 0)
        self.assertProven()

    def expired_package(self):
        package = self.sell(self.package_of(5, 500), 300)
        self.use(package)
        self.company.salon_breakage = "expiry"
        package.sudo().date_end = fields.Date.today() - timedelta(days=2)
        self.run_estimates()
        self.assertEqual((package.amount_owed, package.credits_left), (0, 0))
        entry = package.entry_ids.filtered(lambda one: one.kind == "expired").move_id
        return package, entry.ensure_one()

    def test_what_expires_is_income_of_the_branch_that_sold_it(self):
        _package, entry = self.expired_package()
        item = entry.line_ids.filtered(
            lambda line: line.account_id == self.company.salon_breakage_account_id
        )
        self.assertEqual(
            item.analytic_distribution, self.branch._get_analytic_distribution()
        )

    def test_a_package_that_lapsed_is_expired_and_not_used_up(self):
        package, entry = self.expired_package()
        self.assertEqual(package.state, "expired")
        self.assertEqual((package.credits_used, package.credits_lapsed), (1, 4))
        found = self.env["salon.package"].search([("state", "=", "expired")])
        self.assertIn(package, found)
        self.assertNotIn(package, found.search([("state", "=", "used")]))
        entry.button_draft()
        self.assertEqual((package.state, package.credits_lapsed), ("expired", 0))
        package.sudo().date_end = False
        self.assertEqual(package.state, "open")

    def test_an_expiry_that_is_undone_gives_money_and_credits_back(self):
        package, entry = self.expired_package()
        entry.button_draft()
        self.assertEqual((package.amount_owed, package.credits_left), (200, 4))
        self.assertProven()
        entry.action_post()
        self.assertEqual((package.amount_owed, package.credits_left), (0, 0))
        self.assertProven()

    def test_an_expiry_that_is_reversed_gives_money_and_credits_back(self):
        package, entry = self.expired_package()
        package.sudo().date_end = fields.Date.today() + timedelta(days=20)
        opposite = entry._reverse_moves([{"date": entry.date}])
        opposite.action_post()
        self.assertEqual((package.amount_owed, package.credits_left), (200, 4))
        self.assertEqual(package.state, "open")
        self.assertEqual(self.revenue_of(self.use(package, at="12:00")), 100)
        self.assertProven()
        package.sudo().date_end = fields.Date.today() - timedelta(days=2)
        self.run_estimates()
        self.assertEqual((package.amount_owed, package.credits_left), (0, 0))
        with self.assertRaisesRegex(UserError, "already used"):
            opposite.button_draft()

    def test_an_expiry_of_certificates_that_is_undone_gives_them_back(self):
        card = self.own_certificates()
        card.expiration_date = fields.Date.today() - timedelta(days=2)
        self.company.salon_breakage = "expiry"
        self.run_estimates()
        entry = card.salon_entry_ids.filtered(lambda one: one.kind == "expired").move_id
        entry.button_draft()
        self.assertEqual(card.points, 27500)
        self.assertDifferenceZero()
        entry.action_post()
        self.assertEqual(card.points, 0)
        self.assertDifferenceZero()
        opposite = entry._reverse_moves([{"date": entry.date}])
        opposite.action_post()
        self.assertEqual(card.points, 27500)
        self.assertDifferenceZero()
        self.run_estimates()
        self.assertEqual(card.points, 0, "it has expired again")
        self.assertDifferenceZero()
        self.assertLedgerHolds()

    def test_an_estimate_that_is_undone_is_made_anew(self):
        before = self.income()
        self.own_certificates()
        self.company.salon_breakage = "proportional"
        self.run_estimates()
        estimate = self.env["salon.estimate"].search([], limit=1)
        estimate.move_id.button_draft()
        self.assertDifferenceZero()
        self.run_estimates()
        self.assertEqual(self.income() - before, 2500)
        self.assertDifferenceZero()
        estimate.move_id.action_post()
        self.assertDifferenceZero()
        self.run_estimates()
        self.assertEqual(self.income() - before, 2500)
        self.assertDifferenceZero()

    def test_a_package_that_never_lapses_stays_owed(self):
        package = self.sell(self.package_of(5, 500))
        package.sudo().date_end = fields.Date.today() - timedelta(days=2)
        self.run_estimates()
        self.assertEqual((package.amount_owed, package.credits_left), (500, 5))

    def test_packages_lapse_in_proportion_too(self):
        product = self.package_of(5, 500, salon_package_breakage=20)
        package = self.sell(product)
        self.use(package, at="10:00")
        self.use(package, at="11:00")
        before = self.income()
        self.company.salon_breakage = "proportional"
        self.run_estimates()
        # 80 % will be used, and the half of that was: the half of 100.
        self.assertEqual(self.income() - before, 50)
        self.assertDifferenceZero()
        for at in ("12:00", "13:00", "14:00"):
            self.use(package, at=at)
        self.run_estimates()
        self.assertEqual(self.income() - before, 0, "all was used after all")
        self.assertDifferenceZero()

    def test_cents_that_rounding_left_do_not_stay(self):
        self.haircut.taxes_id = self.tax
        package = self.sell(self.package_of(1, 0.16))
        self.use(package)
        left = package.amount_owed
        self.run_estimates()
        self.assertLessEqual(left, 0.01)
        self.assertEqual(package.amount_owed, 0)

    def test_points_are_a_part_of_the_price_until_they_are_used(self):
        self.company.salon_defers_points = True
        self.program.write({"salon_point_value": 1, "company_id": self.company.id})
        self.haircut.list_price = 100
        bill = self.checkout_paid(self.book(self.haircut))
        card = self.card()
        self.assertEqual((card.points, card.salon_entry_ids.worth), (100, 50))
        self.run_estimates()
        self.assertEqual(self.deferred(), 50)
        self.env["salon.loyalty.ledger"]._post(
            [{"card": card, "kind": "spent", "points": -4000}]
        )
        self.run_estimates()
        self.assertEqual(self.deferred(), 30)
        self.refund(bill["invoice"])
        self.run_estimates()
        self.assertEqual(self.deferred(), 0)
        self.assertDifferenceZero()

    def test_m6_by_what_will_be_used_in_the_end(self):
        """Worth 9,000; 4,500 of 9,700 are used, then 8,500 of 9,900."""
        self.company.salon_defers_points = True
        self.program.write({"salon_points_used": 97, "company_id": self.company.id})
        card = self.give(0)
        ledger = self.env["salon.loyalty.ledger"]
        ledger._post([{"card": card, "kind": "earned", "points": 10**6, "worth": 9000}])
        self.run_estimates()
        self.assertEqual(self.deferred(), 9000)
        ledger._post([{"card": card, "kind": "spent", "points": -450000}])
        self.run_estimates()
        self.assertEqual(round(9000 - self.deferred()), 4175)
        self.program.salon_points_used = 99
        ledger._post([{"card": card, "kind": "spent", "points": -400000}])
        first = self.deferred()
        self.run_estimates()
        self.assertEqual(round(first - self.deferred()), 3552)
        self.assertDifferenceZero()

    def deferred(self):
        estimates = self.env["salon.estimate"].search(
            [("kind", "=", "points"), ("program_id", "=", self.program.id)]
        )
        return round(sum(estimates.mapped("amount")), 2)

    def test_who_does_not_want_it_owes_no_points(self):
        self.checkout_paid(self.book(self.haircut))
        self.run_estimates()
        self.assertFalse(self.card().salon_entry_ids.worth)
        self.assertEqual(self.deferred(), 0)

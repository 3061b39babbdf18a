from odoo.tests import HttpCase, tagged

from .test_packages import PackageCase


@tagged("post_install", "-at_install")
class TestPackageTours(PackageCase, HttpCase):
    """A package from its sale to the refund of what is left, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.receptionist | cls.manager).salon_branch_ids = cls.branch
        cls.branch.tender_journal_ids = cls.cash_journal
        cls.haircut.taxes_id = cls.tax
        cls.package = cls.package_of(2, 100)
        cls.package.name = "Package of the Tour"

    def arrive(self, at):
        visit = self.book(self.haircut, at=at, date=self.today)
        visit._set_state("arrived")
        return visit

    def walk(self, record, tour, user):
        self.start_tour(f"/odoo/{record._name}/{record.id}", tour, login=user.login)
        self.env.invalidate_all()

    def test_a_package_is_sold_used_and_what_is_left_refunded(self):
        self.walk(
            self.arrive("10:00"),
            "salon_receptionist_sells_a_package",
            self.receptionist,
        )
        package = self.env["salon.package"].search([("client_id", "=", self.anna.id)])
        self.assertEqual((package.amount_owed, package.credits_left), (100, 2))
        self.walk(
            self.arrive("12:00"), "salon_receptionist_uses_a_package", self.receptionist
        )
        self.assertEqual((package.amount_owed, package.credits_left), (50, 1))
        self.walk(package, "salon_manager_refunds_a_package", self.manager)
        self.assertEqual((package.amount_owed, package.credits_left), (0, 0))
        self.assertProven()

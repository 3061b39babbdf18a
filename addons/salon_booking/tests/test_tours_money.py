from odoo.tests import HttpCase, tagged

from .common import SalonCase


@tagged("post_install", "-at_install")
class TestMoneyTours(SalonCase, HttpCase):
    """How money is taken and given back at the desk, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.receptionist | cls.manager).salon_branch_ids = cls.branch
        card = cls.bank_journal
        card.name = "Card of the Tour"
        cls.branch.tender_journal_ids = cls.cash_journal | card
        today = cls.today
        cls.visit = cls.env["salon.booking"]._book(
            cls.branch,
            cls.anna,
            [
                {
                    "product_id": service.id,
                    "staff_id": staff.id,
                    "start": cls.at(at, today),
                }
                for service, staff, at in (
                    (cls.haircut, cls.mia, "10:00"),
                    (cls.blowdry, cls.oleg, "10:45"),
                )
            ],
        )
        cls.visit._set_state("arrived")

    def walk(self, tour, login):
        self.start_tour(f"/odoo/salon.visit/{self.visit.id}", tour, login=login)
        self.env.invalidate_all()

    def test_a_payment_is_split_with_a_tip_and_a_debt(self):
        self.walk("salon_receptionist_splits_a_payment", "test_receptionist")
        # sudo: account.move - the bill, as the accountant sees it
        bill = self.visit.sudo().invoice_ids
        self.assertEqual((bill.amount_total, bill.amount_residual), (88, 20))
        self.assertEqual(sum(bill.matched_payment_ids.mapped("amount")), 68)
        tips = self.env["salon.tip"].search([("visit_id", "=", self.visit.id)])
        self.assertEqual(
            {tip.staff_id: tip.amount for tip in tips}, {self.mia: 5, self.oleg: 3}
        )
        self.assertEqual(self.anna.salon_debt, 20)

    def test_one_line_is_refunded(self):
        self.checkout(self.visit, 88)
        self.walk("salon_manager_refunds_one_line", "test_manager")
        # sudo: account.move - the credit note, as the accountant sees it
        credit = self.visit.sudo().invoice_ids.filtered(
            lambda move: move.move_type == "out_refund"
        )
        self.assertEqual(credit.amount_total, 33)
        self.assertEqual(credit.invoice_line_ids.product_id, self.blowdry)
        self.assertEqual(credit.matched_payment_ids.amount, 33)
        self.assertEqual(self.visit.amount_total, 55)

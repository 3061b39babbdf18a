from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestRewards(LoyaltyCase):
    def claim(self, visit, card, tender=None, reward=None):
        reward = reward or card.program_id.reward_ids
        return self.checkout(
            visit,
            *([tender] if tender else []),
            user=self.receptionist,
            options={"rewards": [(reward.id, card.id)]},
        )

    def test_points_buy_a_discount_at_checkout(self):
        card = self.give(45)
        result = self.claim(self.book(self.haircut), card)
        self.assertAlmostEqual(result["invoice"].amount_total, 50)
        self.assertEqual(card.points, 5)
        spent = card.salon_entry_ids.sorted("id")[-1:]
        self.assertEqual((spent.kind, spent.points), ("spent", -40))
        self.assertEqual(spent.order_id, result["order"])
        self.assertLedgerHolds()

    def test_what_points_paid_is_a_discount_of_the_income_report(self):
        bill = self.claim(self.book(self.haircut), self.give(45))["invoice"]
        self.env.flush_all()
        facts = SQL(" UNION ALL ").join(self.env["salon.income"]._get_facts())
        [(revenue, discount)] = self.env.execute_query(
            SQL(
                "SELECT SUM(revenue), SUM(discount) FROM (%s) fact WHERE move_id = %s",
                facts,
                bill.id,
            )
        )
        self.assertAlmostEqual(float(revenue), bill.amount_untaxed)
        self.assertAlmostEqual(float(revenue) + float(discount), 50)

    def test_points_are_earned_on_what_was_really_paid(self):
        card = self.give(40)
        result = self.claim(self.book(self.haircut), card)
        self.pay(result["invoice"])
        self.assertAlmostEqual(card.points, 45.45)
        self.assertLedgerHolds()

    def test_too_few_points_buy_nothing(self):
        card = self.give(39)
        with self.assertRaisesRegex(UserError, "cannot claim"):
            self.claim(self.book(self.haircut), card)

    def test_points_of_somebody_else_cannot_be_used(self):
        card = self.give(100, self.bella)
        with self.assertRaisesRegex(UserError, "Bella"):
            self.claim(self.book(self.haircut), card)

    def test_a_free_product_costs_its_points(self):
        card = self.give(60)
        self.program.reward_ids = [
            Command.create(
                {
                    "reward_type": "product",
                    "reward_product_id": self.shampoo.id,
                    "required_points": 50,
                }
            )
        ]
        gift = self.program.reward_ids.filtered(lambda r: r.reward_type == "product")
        result = self.claim(self.book(self.haircut), card, 55, gift)
        self.assertEqual(result["invoice"].amount_total, 55)
        self.assertEqual(card.points, 10 + 50)
        self.refund(result["invoice"])
        self.assertEqual(card.points, 60)
        self.assertLedgerHolds()

    def test_a_refund_gives_spent_points_back_and_takes_earned_ones(self):
        card = self.give(40)
        invoice = self.claim(self.book(self.haircut), card)["invoice"]
        self.pay(invoice)
        self.refund(invoice)
        self.assertEqual(card.points, 40)
        self.assertEqual(card.salon_points_owed, 0)
        self.assertLedgerHolds()

    def test_reward_and_certificate_together_pay_a_bill(self):
        points = self.give(40)
        certificate = self.sell_certificate(30)
        result = self.checkout(
            self.book(self.haircut),
            20,
            options={
                "rewards": [(self.program.reward_ids.id, points.id)],
                "certificate_codes": [certificate.code],
            },
        )
        self.assertEqual(result["invoice"].payment_state, "paid")
        self.assertEqual(certificate.points, 0)
        self.assertOwed(0)
        self.assertLedgerHolds()

    def test_a_discount_by_points_lowers_the_figures_of_the_branch(self):
        card = self.give(40)
        result = self.claim(self.book(self.haircut), card)
        discount = result["order"].order_line.filtered("reward_id")
        self.assertTrue(discount.analytic_distribution)

    def test_cancelling_the_order_gives_the_points_back(self):
        card = self.give(40)
        order = self.env["sale.order"].create(
            {
                "partner_id": self.anna.id,
                "salon_branch_id": self.branch.id,
                "order_line": [Command.create({"product_id": self.haircut.id})],
            }
        )
        checkout = self.env["salon.checkout"]
        checkout._claim_reward(order, self.program.reward_ids, card)
        order.action_confirm()
        self.assertEqual(card.points, 0)
        order._action_cancel()
        self.assertEqual(card.points, 40)
        self.assertLedgerHolds()

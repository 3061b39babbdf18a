from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestCheckoutDialog(LoyaltyCase):
    def dialog(self, visit):
        """The checkout dialog as the desk sees it."""
        action = visit.with_user(self.receptionist).action_checkout()
        wizard = self.env[action["res_model"]].with_user(self.receptionist)
        return wizard.browse(action["res_id"])

    def test_the_desk_sees_the_balance_of_a_code_at_once(self):
        card = self.sell_certificate(30)
        with Form(self.dialog(self.book(self.haircut))) as form:
            form.certificate_codes = card.code
            self.assertIn("30.00", form.certificate_info)
            self.assertEqual(form.amount_loyalty, 30)
            with form.tender_ids.edit(0) as tender:
                self.assertEqual(tender.amount, 25)

    def test_a_wrong_code_is_told_at_once_and_refused_at_checkout(self):
        wizard = self.dialog(self.book(self.haircut))
        with Form(wizard) as form:
            form.certificate_codes = "0441-2345"
            self.assertIn("cannot be used", form.certificate_problem)
            self.assertEqual(form.amount_loyalty, 0)
        with self.assertRaisesRegex(UserError, "cannot be used"):
            wizard.action_checkout()

    def test_the_bill_is_what_the_dialog_said(self):
        card = self.sell_certificate(30)
        visit = self.book(self.haircut)
        wizard = self.dialog(visit)
        with Form(wizard) as form:
            form.certificate_codes = card.code
        wizard.action_checkout()
        self.assertEqual(visit.payment_state, "paid")
        self.assertEqual(visit.sudo().invoice_ids.matched_payment_ids.amount, 25)
        self.assertOwed(0)

    def test_rewards_the_client_has_points_for_are_offered(self):
        self.give(45)
        visit = self.book(self.haircut)
        wizard = self.dialog(visit)
        self.assertIn("45 ", wizard.points_info)
        with Form(wizard) as form:
            with form.reward_line_ids.edit(0) as line:
                line.is_used = True
            self.assertAlmostEqual(form.amount_loyalty, 5)
        wizard.action_checkout()
        self.assertEqual(visit.payment_state, "paid")
        self.assertAlmostEqual(self.points(), 5 + 45.45)

    def test_no_reward_is_offered_for_too_few_points(self):
        self.give(39)
        self.assertFalse(self.dialog(self.book(self.haircut)).reward_line_ids)

    def test_whoever_pays_may_use_own_points(self):
        self.give(60, self.bella)
        visit = self.book(self.haircut)
        wizard = self.dialog(visit)
        with Form(wizard) as form:
            form.payer_id = self.bella
            with form.reward_line_ids.edit(0) as line:
                self.assertEqual(line.client_id, self.bella)
                line.is_used = True
        wizard.action_checkout()
        self.assertEqual(self.points(self.bella), 20)
        self.assertAlmostEqual(self.points(self.anna), 45.45)

    def test_the_dialog_and_the_bill_agree_on_a_percentage_with_tax(self):
        self.give(40)
        self.program.reward_ids.write({"discount_mode": "percent", "discount": 7})
        self.haircut.list_price = 33.33
        visit = self.book(self.haircut)
        wizard = self.dialog(visit)
        with Form(wizard) as form, form.reward_line_ids.edit(0) as line:
            line.is_used = True
        expected = wizard.amount_total - wizard.amount_loyalty
        wizard.action_checkout()
        self.assertAlmostEqual(visit.order_id.sudo().amount_total, expected, places=2)

    def test_a_certificate_used_meanwhile_is_noticed(self):
        card = self.sell_certificate(30)
        wizard = self.dialog(self.book(self.haircut))
        with Form(wizard) as form:
            form.certificate_codes = card.code
        self.env["salon.loyalty.ledger"]._post(
            [{"card": card, "kind": "spent", "points": -1000}]
        )
        options = {
            "certificate_codes": [card.code],
            "expected_total": 25,
        }
        with self.assertRaisesRegex(UserError, "meanwhile"):
            self.checkout(wizard.visit_ids, 25, options=options)

    def test_a_certificate_is_sold_in_the_dialog_like_any_product(self):
        visit = self.book(self.haircut)
        wizard = self.dialog(visit)
        with Form(wizard) as form:
            with form.line_ids.new() as line:
                line.product_id = self.certificate
                line.price_unit = 80
            with form.tender_ids.edit(0) as tender:
                tender.amount = 135
        wizard.action_checkout()
        self.assertEqual(visit.payment_state, "paid")
        self.assertOwed(80)

from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .test_till import TillCase


@tagged("post_install", "-at_install")
class TestPaymentLink(HttpCase, TillCase):
    """A bill or a deposit is paid online, by a provider of the host."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.method = cls.env.ref("payment.payment_method_unknown")
        cls.provider = cls.env["payment.provider"].create(
            {
                "name": "Online (test)",
                "code": "none",
                "state": "test",
                "is_published": True,
                "payment_method_ids": [Command.set(cls.method.ids)],
            }
        )
        cls.method.active = True
        cls.env["account.payment.method.line"].create(
            {
                "name": "Online (test)",
                "journal_id": cls.bank_journal.id,
                "payment_method_id": cls.env.ref(
                    "account.account_payment_method_manual_in"
                ).id,
                "payment_provider_id": cls.provider.id,
            }
        )
        parts = cls.tax.invoice_repartition_line_ids
        parts |= cls.tax.refund_repartition_line_ids
        parts.filtered(
            lambda part: part.repartition_type == "tax"
        ).account_id = cls.env["salon.accounts"]._create_account(
            cls.company, "Tax of the test", "liability_current"
        )
        cls.anna.email = "anna@example.com"

    def dialog_of(self, visit):
        visit = visit.with_user(self.receptionist)
        action = visit.action_payment_link()
        return visit.env["salon.payment.link"].browse(action["res_id"])

    def pay_online(self, bill, amount=None):
        """What the host does when the provider reports a payment, twice."""
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.method.id,
                "amount": amount or bill.amount_residual,
                "currency_id": bill.currency_id.id,
                "partner_id": bill.partner_id.id,
                "invoice_ids": [Command.set(bill.ids)],
                "operation": "online_redirect",
                "reference": f"online {bill.name}",
            }
        )
        transaction._set_done()
        transaction._post_process()
        transaction._post_process()
        return transaction.payment_id

    def test_the_link_opens_the_bill_and_asks_for_the_rest(self):
        self.pay_bill(20)
        dialog = self.dialog_of(self.visit)
        self.assertEqual(dialog.line_ids.amount, 35)
        path = dialog.line_ids.link.split("/my/", 1)[1]
        page = self.url_open(f"/my/{path}")
        self.assertEqual(page.status_code, 200)
        self.assertIn(self.visit.invoice_ids.name, page.text)
        self.assertIn("o_payment_form", page.text)

    def test_a_bill_paid_online_is_paid_once_with_all_that_hangs_on_it(self):
        self.pay_bill()
        bill = self.visit.invoice_ids
        paid = []
        with patch.object(
            self.env.registry["account.move"],
            "_on_salon_bill_paid",
            lambda moves: paid.extend(moves),
        ):
            payment = self.pay_online(bill)
        self.assertEqual(paid, [bill])
        self.assertEqual(payment.salon_branch_id, self.branch)
        self.assertEqual((bill.payment_state, payment.amount), ("paid", 55))
        self.assertEqual(bill.matched_payment_ids, payment)
        self.assertEqual(self.visit.payment_state, "paid")
        with self.assertRaisesRegex(UserError, "Nothing is open"):
            self.dialog_of(self.visit)

    def test_what_was_paid_online_goes_back_the_same_way(self):
        """The journal of the provider is no tender of the desk."""
        self.branch.tender_journal_ids = self.cash_journal
        self.pay_bill()
        bill = self.visit.invoice_ids
        self.pay_online(bill)
        visit = self.visit.with_user(self.manager)
        dialog = visit.env["salon.refund.wizard"].browse(
            visit.action_refund()["res_id"]
        )
        self.assertIn(self.bank_journal, dialog.tender_journal_ids)
        self.assertEqual(dialog.tender_ids.journal_id, self.bank_journal)
        self.assertIn("payment provider", dialog.online_note)
        dialog.reason = "Not happy"
        dialog.action_refund()
        back = bill.reversal_move_ids.matched_payment_ids
        self.assertEqual((back.journal_id, back.amount), (self.bank_journal, 55))

    def test_what_goes_back_in_cash_asks_nothing_of_the_provider(self):
        self.pay_bill()
        self.pay_online(self.visit.invoice_ids)
        visit = self.visit.with_user(self.manager)
        dialog = visit.env["salon.refund.wizard"].browse(
            visit.action_refund()["res_id"]
        )
        dialog.tender_ids.journal_id = self.cash_journal
        self.assertFalse(dialog.online_note)

    def request(self, amount):
        visit = self.visit.with_user(self.receptionist)
        action = visit.action_take_deposit()
        dialog = visit.env["salon.deposit.wizard"].browse(action["res_id"])
        dialog.amount = amount
        dialog.action_request()
        return self.visit.invoice_ids.filtered("is_salon_deposit")

    def test_a_deposit_by_link_is_held_when_it_is_paid(self):
        self.visit.deposit_asked = 20
        bill = self.request(20)
        self.assertEqual((self.visit.deposit_held, bill.amount_residual), (0, 20))
        self.assertEqual(self.visit.deposit_state, "missing")
        self.assertEqual(self.anna.with_user(self.receptionist).salon_debt, 0)
        self.pay_online(bill)
        self.assertEqual(self.visit.deposit_held, 20)
        self.assertEqual(self.visit.deposit_state, "paid")
        self.assertEqual(self.open_dialog().tender_ids.amount, 35)
        self.assertEqual(self.pay_bill(35)["invoice"].payment_state, "paid")
        self.assertEqual(self.visit.deposit_state, "settled")
        self.assert_deposits_agree()

    def assert_deposits_agree(self):
        # In the demo salon it may be tomorrow.
        day = self.today + self.days(1)
        totals = self.env["salon.instruments"]._totals(self.company, day)
        self.assertFalse([total for total in totals if total["difference"]])

    def test_a_deposit_nobody_paid_is_withdrawn_with_the_bill(self):
        asked = self.request(20)
        result = self.pay_bill(55)
        self.assertEqual(result["invoice"].amount_total, 55)
        self.assertEqual(self.visit.payment_state, "paid")
        self.assertEqual(asked.payment_state, "reversed")
        self.assertEqual(self.anna.with_user(self.receptionist).salon_debt, 0)
        self.assert_deposits_agree()

    def test_a_deposit_nobody_paid_is_withdrawn_with_the_visit(self):
        asked = self.request(20)
        self.visit.with_user(self.receptionist).action_no_show()
        self.assertEqual(asked.payment_state, "reversed")
        self.assertEqual(self.visit.deposit_held, 0)

    def test_what_is_asked_anew_replaces_what_was_asked(self):
        self.visit.deposit_asked = 20
        first = self.request(20)
        both = self.request(10)
        self.assertEqual(first.payment_state, "reversed")
        self.assertEqual((both - first).amount_residual, 10)
        self.assertEqual(self.visit.deposit_state, "missing")
        visit = self.visit.with_user(self.receptionist)
        visit.env["salon.deposit"]._take(visit, [self.tender(15)])
        self.assertEqual(self.visit.deposit_held, 15)
        self.assert_deposits_agree()

    def test_the_link_is_mailed_to_who_pays(self):
        self.pay_bill()
        self.dialog_of(self.visit).action_send()
        mail = self.env["mail.mail"].search(
            [("recipient_ids", "in", self.anna.ids)], limit=1
        )
        self.assertIn("payment_token", mail.body_html)
        self.anna.email = False
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            self.dialog_of(self.visit).action_send()

    def test_without_a_provider_nobody_is_sent_anywhere(self):
        self.pay_bill()
        self.env["payment.provider"].search([]).state = "disabled"
        with self.assertRaisesRegex(UserError, "takes no payments online"):
            self.dialog_of(self.visit)

    def test_a_stylist_gets_no_link(self):
        self.pay_bill()
        with self.assertRaises(AccessError):
            self.visit.with_user(self.stylist).action_payment_link()

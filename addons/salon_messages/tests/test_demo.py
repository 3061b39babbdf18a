from odoo import fields
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    def test_the_outbox_of_the_demo_salon_looks_lived_in_and_nothing_leaves(self):
        center = self.env.ref("salon_booking.branch_center", raise_if_not_found=False)
        if not center:
            self.skipTest("There is no demo salon.")
        messages = self.env["salon.message"]
        messages.search([]).unlink()
        mails = self.env["mail.mail"].search_count([])
        texts = self.env["sms.sms"].search_count([])
        now = fields.Datetime.now()
        self.env["salon.demo.messages"]._fill()
        told = messages.search([])
        self.assertTrue(told)
        self.assertLessEqual({"sent", "delivered", "failed"}, set(told.mapped("state")))
        late = told.filtered_domain(
            [("state", "=", "queued"), ("not_before", "<=", now)]
        )
        self.assertFalse(late)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.assertEqual(self.env["sms.sms"].search_count([]), texts)

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import MessagesCase


@tagged("post_install", "-at_install")
class TestMoneyMessages(MessagesCase):
    """What the desk sends about money goes through the outbox like all else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["payment.provider"].search([], limit=1).state = "test"
        cls.visit = cls.book(cls.haircut)
        cls.bill = cls.checkout(cls.visit)["invoice"]

    def send_link(self):
        visit = self.visit.with_user(self.receptionist)
        action = self.env["salon.payment.link"].with_user(self.receptionist)
        dialog = action.browse(action._open(visit)["res_id"])
        self.assertTrue(dialog.can_send)
        before = self.env["mail.mail"].search_count([])
        dialog.action_send()
        self.assertEqual(self.env["mail.mail"].search_count([]), before)
        return self.messages("payment_link")

    def test_a_payment_link_is_mailed_by_the_outbox(self):
        told = self.send_link()
        self.assertEqual((told.partner_id, told.channel), (self.anna, "mail"))
        self.assertEqual(told.visit_id, self.visit)
        self.send()
        self.assertIn("payment_token", told.mail_id.body_html)

    def test_without_an_email_the_link_goes_by_sms(self):
        self.anna.write({"email": False, "phone": "+32470123456"})
        told = self.send_link()
        self.assertEqual(told.channel, "sms")
        self.send()
        self.assertIn("payment_token", told.body)

    def test_a_link_that_is_not_needed_any_more_is_kept_back(self):
        told = self.send_link()
        self.pay(self.bill)
        self.send()
        self.assertEqual(told.state, "cancelled")

    def test_who_wants_no_messages_is_not_written_to_behind_the_back(self):
        self.env["salon.message.preference"].create(
            {"partner_id": self.anna.id, "topic": "confirmations", "is_off": True}
        )
        with self.assertRaisesRegex(UserError, "wants no messages"):
            self.send_link()

    def test_where_the_event_is_off_the_host_mails_the_link(self):
        self.event("payment_link").active = False
        visit = self.visit.with_user(self.receptionist)
        dialogs = self.env["salon.payment.link"].with_user(self.receptionist)
        dialogs.browse(dialogs._open(visit)["res_id"]).action_send()
        mail = self.env["mail.mail"].search(
            [("recipient_ids", "in", self.anna.ids)], limit=1, order="id desc"
        )
        self.assertIn("payment_token", mail.body_html)

    def test_a_statement_leaves_by_the_outbox_with_its_paper(self):
        action = self.anna.with_user(self.receptionist).action_salon_statement()
        statement = self.env["salon.statement"].with_user(self.receptionist)
        before = self.anna.message_ids
        statement.browse(action["res_id"]).action_send()
        told = self.messages("statement")
        self.assertEqual((told.partner_id, told.channel), (self.anna, "mail"))
        self.assertEqual(self.anna.message_ids, before)
        self.send()
        self.assertEqual(told.state, "sending")
        self.assertEqual(told.mail_id.attachment_ids.res_id, self.anna.id)
        self.assertIn("statement of your account", told.mail_id.body_html)

from odoo.tests import tagged

from odoo.addons.salon_messages.tests.common import MessagesCase


@tagged("post_install", "-at_install")
class TestLinksInMessages(MessagesCase):
    def test_a_message_leads_to_the_visit_by_a_secret_link(self):
        visit = self.book(self.haircut)
        self.send()
        said = self.messages("visit_booked").body
        token = said.rpartition("/salon/visit/")[2].partition("/change")[0]
        link = self.env["salon.link"]._find(token)
        self.assertEqual(link.visit_id, visit)
        self.assertNotIn("access_token", said)

    def test_thanks_lead_to_the_own_page_before_any_public_site(self):
        self.branch.message_review_url = "https://maps.test/review"
        visit = self.book(self.haircut)
        visit._set_state("done")
        self.send("2031-06-10 10:30:00")
        said = self.messages("visit_thanks").body
        self.assertNotIn("maps.test", said)
        token = said.rpartition("/salon/visit/")[2].partition("/review")[0]
        self.assertEqual(self.env["salon.link"]._find(token).visit_id, visit)

    def test_who_changes_the_time_by_link_is_told_the_new_one(self):
        visit = self.book(self.haircut)
        self.send()
        own = self.env["salon.own.visit"]
        offer = own._find_days(visit, "change")["times"][0]
        own._change(visit, offer["start"], offer["tag"])
        told = self.messages("visit_changed", state="queued")
        self.assertEqual(told.visit_id, visit)

    def test_who_must_call_to_cancel_cannot_do_it_by_a_short_answer(self):
        visit = self.book(self.haircut)
        self.send()
        self.branch.client_can_cancel = False
        answers = self.env["salon.message.answers"]
        self.assertIsNone(answers._receive(self.anna, "2", "sms"))
        self.assertEqual(visit.state, "booked")
        self.branch.client_can_cancel = True
        answers._receive(self.anna, "2", "sms")
        self.assertEqual(visit.state, "cancelled")

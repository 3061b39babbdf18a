from odoo.tests import tagged

from odoo.addons.salon_loyalty.tests.common import LoyaltyCase
from odoo.addons.salon_messages.tests.common import MessagesCase


@tagged("post_install", "-at_install")
class TestPoints(MessagesCase, LoyaltyCase):
    """Points that were given on 10 June 2031 to a client who was here."""

    def setUp(self):
        super().setUp()
        self.own = self.give(120)
        visit = self.book(self.haircut)
        visit._set_state("done")
        self.messages().unlink()
        self.env.flush_all()

    def tell(self, moment):
        with self.later(moment):
            return self.messenger._tell_points()

    def test_the_balance_is_told_once_in_the_first_days_of_the_month(self):
        self.assertEqual(self.tell("2031-06-30 09:00:00"), 0)
        self.assertEqual(self.tell("2031-07-01 05:00:00"), 1)
        self.assertEqual(self.tell("2031-07-02 05:00:00"), 0)
        told = self.messages("points")
        self.assertEqual((told.partner_id, told.branch_id), (self.anna, self.branch))
        self.assertEqual(str(told.not_before), "2031-07-01 08:00:00")
        self.send("2031-07-01 08:00:00")
        self.assertIn("120", told.body)
        self.assertIn("120", told.mail_id.body_html)

    def test_a_clock_that_stood_still_tells_a_few_days_late_or_not_at_all(self):
        self.assertEqual(self.tell("2031-07-08 05:00:00"), 0)
        self.assertEqual(self.tell("2031-07-07 09:00:00"), 1)
        told = self.messages("points")
        self.assertEqual(str(told.not_before), "2031-07-07 09:00:00")

    def test_whose_points_did_not_change_is_not_told_again(self):
        self.assertEqual(self.tell("2031-08-01 05:00:00"), 0)

    def test_points_that_are_spent_meanwhile_are_not_told(self):
        self.tell("2031-07-01 05:00:00")
        self.own.points = 0
        self.send("2031-07-01 08:00:00")
        self.assertEqual(self.messages("points").state, "cancelled")

    def test_who_wants_no_such_messages_is_left_out(self):
        self.anna._set_message_preferences({"thanks": {"is_off": True}}, "desk")
        self.assertEqual(self.tell("2031-07-01 05:00:00"), 0)
        self.assertEqual(self.messages("points").reason, "unwanted")

    def test_one_statement_whatever_the_number_of_cards(self):
        def queries(month):
            before = self.env.cr.sql_log_count
            self.tell(f"2031-{month}-01 05:00:00")
            return self.env.cr.sql_log_count - before

        alone = queries("07")
        self.env["salon.message"].search([]).unlink()
        for client in self.env["res.partner"].create(
            [{"name": f"Client {number}"} for number in range(5)]
        ):
            self.give(10, client)
        self.env.flush_all()
        self.assertLessEqual(queries("07"), alone)

from odoo import Command, fields
from odoo.tests import tagged

from odoo.addons.salon_booking.tests.common import THURSDAY

from .common import MessagesCase


@tagged("post_install", "-at_install")
class TestEvents(MessagesCase):
    """Who is told of what, event by event; test_outbox tells more of some."""

    def setUp(self):
        super().setUp()
        self.oleg.user_id = self.manager

    def book_two(self):
        """A haircut by Mia and a blow-dry by Oleg after it; the client knows of it."""
        wishes = [
            {
                "product_id": service.id,
                "staff_id": staff.id,
                "start": self.at(hour),
            }
            for service, staff, hour in (
                (self.haircut, self.mia, "10:00"),
                (self.blowdry, self.oleg, "10:45"),
            )
        ]
        booking = self.env(user=self.receptionist)["salon.booking"]
        visit = booking._book(self.branch, self.anna, wishes)
        self.send("2031-06-10 08:02:00")
        return visit

    def told(self, code):
        """Who has been told or will be."""
        return self.messages(code).filtered(lambda m: m.state != "cancelled").partner_id

    def test_the_client_is_told_which_part_is_left(self):
        visit = self.book_two()
        visit.appointment_ids[1]._set_state("cancelled", "too long")
        part = self.messages("visit_part_cancelled")
        self.assertEqual((part.partner_id, part.state), (self.anna, "queued"))
        self.assertFalse(self.messages("visit_cancelled"))
        self.send("2031-06-10 08:10:00")
        self.assertIn("Haircut", part.body)
        self.assertNotIn("Blow-dry", part.body)

    def test_whose_service_is_cancelled_is_told_and_nobody_else_of_the_team(self):
        visit = self.book_two()
        appointment = visit.appointment_ids[1].with_user(self.receptionist)
        appointment._set_state("cancelled", "too long")
        self.assertEqual(self.told("staff_part_cancelled"), self.manager.partner_id)
        self.assertFalse(self.told("staff_cancelled"))

    def test_without_its_first_part_the_visit_is_told_once_with_its_new_time(self):
        visit = self.book_two()
        visit.appointment_ids[1].start = self.at("11:00")
        visit.appointment_ids[0]._set_state("cancelled", "no time")
        self.assertFalse(self.told("visit_changed"))
        self.send("2031-06-10 08:10:00")
        self.assertIn("11:00", self.messages("visit_part_cancelled").body)

    def test_a_part_taken_back_before_it_was_told_is_not_told(self):
        visit = self.book_two()
        part = visit.appointment_ids[1].with_user(self.manager)
        part._set_state("cancelled", "too long")
        part._set_state("booked")
        self.assertEqual(self.messages("visit_part_cancelled").state, "cancelled")
        self.assertEqual(len(self.messages("visit_booked")), 1)

    def test_part_after_part_cancelled_the_whole_visit_is_told_as_cancelled(self):
        visit = self.book_two()
        for appointment in visit.appointment_ids:
            appointment._set_state("cancelled", "ill")
        self.assertFalse(self.told("visit_part_cancelled"))
        self.assertEqual(self.told("visit_cancelled"), self.anna)

    def test_told_by_the_desk_a_part_is_told_at_once(self):
        visit = self.book_two()
        visit.appointment_ids[1]._set_state("cancelled", "too long")
        self.assertFalse(visit._notify_client("mail_template_visit_cancelled"))
        part = self.messages("visit_part_cancelled", state="queued")
        self.assertEqual(part.not_before, fields.Datetime.now())
        visit._spare_client()
        self.assertEqual(part.state, "cancelled")

    def test_given_to_somebody_else_both_of_the_team_are_told(self):
        visit = self.book(self.haircut, user=self.receptionist)
        self.send("2031-06-10 08:02:00")
        self.messages("staff_booked").unlink()
        appointment = visit.appointment_ids.with_user(self.receptionist)
        appointment.staff_id = self.oleg
        self.assertEqual(self.told("staff_booked"), self.manager.partner_id)
        self.assertEqual(self.told("staff_part_cancelled"), self.stylist.partner_id)
        self.assertFalse(self.told("staff_moved"))

    def test_who_is_moved_along_is_told_of_the_new_time(self):
        visit = self.book(self.haircut, user=self.receptionist)
        visit.with_user(self.receptionist).appointment_ids.start = self.at("15:00")
        self.assertEqual(self.told("staff_moved"), self.stylist.partner_id)
        visit.with_user(self.receptionist)._set_state("cancelled", "ill")
        self.assertFalse(self.told("staff_moved"))
        self.assertEqual(self.told("staff_cancelled"), self.stylist.partner_id)

    def test_a_missing_deposit_is_asked_for_until_it_is_paid(self):
        self.env["salon.deposit.rule"].create(
            {"name": "Half", "branch_id": self.branch.id, "percent": 50}
        )
        visit = self.book(self.haircut)
        asked = self.messages("deposit_missing")
        self.assertEqual((asked.visit_id, asked.partner_id), (visit, self.anna))
        self.send("2031-06-10 08:20:00")
        self.assertIn("27.50", asked.body)

    def test_a_time_has_become_free(self):
        taken = [
            self.book(self.haircut, at="09:00", staff=staff, duration_minutes=540)
            for staff in (self.mia, self.oleg)
        ]
        self.bella.email = "bella@salon.test"
        entry = self.env["salon.waitlist.entry"].create(
            {
                "branch_id": self.branch.id,
                "client_id": self.bella.id,
                "product_ids": [Command.set(self.haircut.ids)],
                "wish_ids": [
                    Command.create({"date_from": THURSDAY, "date_to": THURSDAY})
                ],
            }
        )
        taken[0]._set_state("cancelled")
        self.run_cron(self.env["salon.waitlist"]._run)
        offer = self.messages("waitlist_offer")
        self.assertEqual(
            (offer.res_id, offer.partner_id), (entry.offer_ids.id, self.bella)
        )
        self.send()
        self.assertIn(f"/my/waitlist/{entry.offer_ids.id}", offer.body)

    def test_whoever_works_tomorrow_is_told_in_the_afternoon(self):
        self.env["salon.shift"].create(
            {
                "staff_id": self.mia.id,
                "branch_id": self.branch.id,
                "business_date": THURSDAY,
                "time_from": 9,
                "time_to": 18,
                "is_published": True,
            }
        )
        with self.later("2031-06-11 15:00:00"):
            self.messenger._remind_team()
        shift = self.messages("shift_tomorrow")
        self.assertEqual(shift.partner_id, self.stylist.partner_id)
        self.send("2031-06-11 15:10:00")
        self.assertIn("9:00", shift.body)

    def test_whoever_missed_a_visit_is_told_where_the_salon_wants_it(self):
        self.event("visit_no_show").active = True
        self.book(self.haircut)._set_state("no_show")
        self.assertEqual(self.told("visit_no_show"), self.anna)

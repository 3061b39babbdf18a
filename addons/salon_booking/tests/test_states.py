from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import SalonCase


@tagged("post_install", "-at_install")
class TestStates(SalonCase):
    def setUp(self):
        super().setUp()
        self.visit = self.book(self.haircut)
        self.appointment = self.visit.appointment_ids

    def test_every_step_leaves_its_moment_and_who_made_it(self):
        visit = self.visit.with_user(self.receptionist)
        with freeze_time("2031-06-12 07:58:00"):
            visit.action_arrive()
        self.assertEqual(str(self.appointment.arrived_at), "2031-06-12 07:58:00")
        event = self.visit.event_ids.sorted("id")[-1]
        self.assertEqual(
            (event.previous, event.state, event.user_id),
            ("booked", "arrived", self.receptionist),
        )

    def test_a_stylist_works_through_her_own_appointment(self):
        appointment = self.appointment.with_user(self.stylist)
        appointment.action_arrive()
        appointment.action_start()
        appointment.action_done()
        self.assertEqual(self.visit.state, "done")

    def test_a_stylist_cannot_move_a_colleagues_appointment(self):
        other = self.book(self.haircut, at="12:00", staff=self.oleg).appointment_ids
        with self.assertRaises(AccessError):
            other.with_user(self.stylist).action_arrive()

    def test_a_state_written_over_the_wire_goes_through_the_table(self):
        self.visit.action_done()
        with self.assertRaises(UserError):
            self.appointment.with_user(self.receptionist).write({"state": "no_show"})
        with self.assertRaises(UserError):
            self.visit.with_user(self.receptionist).write({"state": "cancelled"})

    def test_taking_back_what_is_done_needs_the_right_to_undo(self):
        self.visit.action_done()
        with self.assertRaisesRegex(AccessError, "right to undo"):
            self.visit.with_user(self.receptionist).action_reopen()
        self.visit.with_user(self.manager).action_reopen()
        self.assertEqual(self.visit.state, "in_service")
        self.assertFalse(self.appointment.done_at)

    def test_the_history_cannot_be_rewritten(self):
        event = self.visit.event_ids[0]
        with self.assertRaisesRegex(UserError, "cannot be edited"):
            event.write({"reason": "never happened"})
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            event.unlink()

    def test_the_refusal_names_the_record_and_both_states(self):
        self.visit.action_no_show()
        with self.assertRaisesRegex(UserError, "Anna.*No-show.*Confirmed"):
            self.appointment.action_confirm()

    def test_cancelling_keeps_reason_and_notice(self):
        with freeze_time(self.at("20:00") - self.days(3)):
            self.env["salon.cancel.wizard"].with_user(self.receptionist).create(
                {
                    "appointment_ids": [(6, 0, self.appointment.ids)],
                    "reason": "She is ill",
                }
            ).action_cancel()
        self.assertEqual(self.visit.state, "cancelled")
        self.assertEqual(self.appointment.cancel_reason, "She is ill")
        self.assertEqual(self.appointment.cancel_notice_days, 3)

    def test_cancelling_after_the_day_is_a_negative_notice(self):
        with freeze_time(self.at("09:00") + self.days(37)):
            self.visit._set_state("cancelled")
        self.assertEqual(self.appointment.cancel_notice_days, -37)

    def test_without_its_first_service_the_visit_begins_with_what_is_left(self):
        second = self.env["salon.appointment"].create(
            {
                "visit_id": self.visit.id,
                "product_id": self.blowdry.id,
                "staff_id": self.oleg.id,
                "start": self.at("11:00"),
            }
        )
        self.appointment._set_state("cancelled")
        self.assertEqual(self.visit.start, self.at("11:00"))
        self.assertEqual(self.visit.service_names, self.blowdry.name)
        second._set_state("cancelled")
        self.assertEqual(self.visit.start, self.at("10:00"))

    def test_a_cancelled_service_stays_cancelled_when_the_visit_goes_on(self):
        second = self.env["salon.appointment"].create(
            {
                "visit_id": self.visit.id,
                "product_id": self.blowdry.id,
                "staff_id": self.mia.id,
                "start": self.at("11:00"),
            }
        )
        second._set_state("cancelled")
        self.visit.action_done()
        self.assertEqual(self.appointment.state, "done")
        self.assertEqual(second.state, "cancelled")
        self.assertEqual(self.visit.state, "done")

    def test_what_happened_is_not_deleted(self):
        self.visit.action_done()
        with self.assertRaisesRegex(UserError, "Cancel it instead"):
            self.appointment.unlink()
        with self.assertRaisesRegex(UserError, "Cancel it instead"):
            self.visit.unlink()

    def test_a_mistaken_booking_is_deleted_and_frees_its_time(self):
        self.visit.with_user(self.manager).unlink()
        self.book(self.haircut)

    def test_the_business_day_is_the_branchs_day(self):
        late = self.book(self.haircut, at="00:30", overlap_reason="Night")
        self.assertEqual(late.start.day, 11)
        self.assertEqual(late.business_date.day, 12)

    def test_states_of_many_visits_cost_a_fixed_number_of_queries(self):
        def arrive(visits):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            visits.appointment_ids._set_state("arrived")
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        def many(count, hours):
            return self.env["salon.visit"].union(
                *(
                    self.book(self.blowdry, at=f"{hour:02}:{minute:02}")
                    for hour in hours
                    for minute in (0, 30)
                )
            )[:count]

        arrive(many(1, (9,)))
        few, lots = many(2, (11,)), many(8, (13, 14, 15, 16))
        self.assertEqual(arrive(few), arrive(lots))

    def test_a_visit_entered_as_done_went_through_every_hook(self):
        heard = []
        model = self.env.registry["salon.appointment"]
        with patch.object(
            model, "_after_state_change", lambda moved, before: heard.append(before)
        ):
            visit = self.book(self.haircut, at="12:00", state="done")
        self.assertEqual(visit.state, "done")
        self.assertEqual(heard, [{visit.appointment_ids.id: "booked"}])

    def test_what_the_system_keeps_is_not_set_by_hand(self):
        appointment = self.appointment.with_user(self.receptionist)
        for values in (
            {"arrived_at": self.at("09:00")},
            {"is_billed": True},
            {"overlap_reason": "x", "overlap_user_id": self.manager.id},
        ):
            with self.assertRaises(AccessError):
                appointment.write(values)
        for values in ({"payment_state": "paid"}, {"is_history": True}):
            with self.assertRaises(AccessError):
                self.visit.with_user(self.receptionist).write(values)

    def test_defaults_in_the_context_set_nothing_by_the_back_door(self):
        desk = self.env["salon.visit"].with_user(self.receptionist)
        wish = {
            "product_id": self.haircut.id,
            "staff_id": self.mia.id,
            "start": self.at("14:00"),
        }
        visit = desk.with_context(
            default_is_history=True, default_state="done", default_is_billed=True
        ).create({"branch_id": self.branch.id, "appointment_ids": [(0, 0, dict(wish))]})
        self.assertFalse(visit.is_history)
        self.assertEqual(visit.appointment_ids.state, "booked")
        self.assertFalse(visit.appointment_ids.is_billed)
        self.assertTrue(visit.appointment_ids.occupancy_ids)

    def test_an_appointment_stays_in_its_visit(self):
        other = self.book(self.haircut, at="12:00", client=self.bella)
        with self.assertRaisesRegex(UserError, "book it in the other visit"):
            self.appointment.with_user(self.receptionist).visit_id = other

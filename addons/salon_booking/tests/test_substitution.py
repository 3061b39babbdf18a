from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..exceptions import SlotTaken
from .common import THURSDAY, SalonCase


@tagged("post_install", "-at_install")
class TestSubstitution(SalonCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shift = cls.make_shift(cls.mia, 9, 17)
        cls.morning = cls.book(cls.haircut, at="10:00").appointment_ids
        cls.noon = cls.book(cls.haircut, at="12:00").appointment_ids
        cls.evening = cls.book(cls.haircut, at="17:15").appointment_ids

    @classmethod
    def make_shift(cls, staff, time_from=9, time_to=17, **values):
        return cls.env["salon.shift"].create(
            {
                "staff_id": staff.id,
                "branch_id": cls.branch.id,
                "business_date": THURSDAY,
                "time_from": time_from,
                "time_to": time_to,
                **values,
            }
        )

    def candidate(self, staff=None):
        service = self.env["salon.substitution"].with_user(self.manager)
        staff = staff or self.oleg
        return next(
            candidate
            for candidate in service._candidates(self.shift.with_user(self.manager))
            if candidate.staff == staff
        )

    def open_dialog(self):
        action = self.shift.with_user(self.manager).action_substitute()
        return (
            self.env["salon.shift.substitute"]
            .with_user(self.manager)
            .browse(action["res_id"])
        )

    def hand_over(self, **values):
        dialog = self.open_dialog()
        dialog.candidate_ids.filtered(
            lambda candidate: candidate.staff_id == self.oleg
        ).action_choose()
        dialog.write(values)
        return dialog.action_hand_over()

    def test_who_is_free_and_able_is_named(self):
        self.assertEqual((self.candidate().problem, self.candidate().refused), ("", {}))

    def test_who_works_or_is_away_then_is_not_free(self):
        other = self.make_shift(self.oleg, 12, 20)
        self.assertIn("12:00", self.candidate().problem)
        other.unlink()
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Beach",
                "resource_id": self.oleg.resource_id.id,
                "date_from": self.at("08:00"),
                "date_to": self.at("20:00"),
            }
        )
        self.assertEqual(self.candidate().problem, "Time off")

    def test_bookings_that_do_not_fit_are_named_with_the_reason(self):
        self.book(self.haircut, at="10:15", staff=self.oleg)
        self.assertEqual(self.candidate().refused, {self.morning: "Oleg is busy then"})
        self.oleg.salon_skill_ids.unlink()
        self.assertEqual(set(self.candidate().refused), {self.morning, self.noon})
        self.assertIn("Haircut", self.candidate().refused[self.noon])

    def test_without_a_licence_a_booking_does_not_go_over(self):
        self.env["salon.licence.type"].create(
            {
                "name": "Scissors (test)",
                "product_tmpl_ids": [Command.set(self.haircut.product_tmpl_id.ids)],
            }
        )
        self.assertIn("licence", self.candidate().refused[self.noon])

    def test_shift_and_bookings_go_over_at_the_price_agreed(self):
        self.noon.write({"price": 44, "is_requested": True})
        illness = self.env.ref("salon_booking.absence_reason_illness")
        self.hand_over(reason_id=illness.id)
        self.assertEqual(self.shift.staff_id, self.oleg)
        self.assertEqual((self.morning | self.noon).staff_id, self.oleg)
        self.assertEqual((self.noon.price, self.noon.is_requested), (44, False))
        self.assertEqual(self.noon.occupancy_ids.resource_id, self.oleg.resource_id)
        self.assertEqual(self.evening.staff_id, self.mia, "it is not in the shift")
        off = self.env["salon.shift"].search(
            [("staff_id", "=", self.mia.id), ("business_date", "=", THURSDAY)]
        )
        self.assertEqual((off.kind, off.reason_id), ("off", illness))

    def test_what_cannot_go_over_is_listed_and_not_lost(self):
        self.book(self.haircut, at="10:15", staff=self.oleg)
        action = self.hand_over()
        self.assertEqual(action["domain"], [("id", "in", self.morning.ids)])
        self.assertEqual(self.morning.staff_id, self.mia)
        self.assertEqual(self.morning.state, "booked")
        self.assertEqual(self.noon.staff_id, self.oleg)

    def test_what_the_substitute_may_not_do_stays(self):
        self.oleg.salon_skill_ids.filtered(
            lambda skill: skill.product_tmpl_id == self.haircut.product_tmpl_id
        ).unlink()
        dried = self.book(self.blowdry, at="14:00").appointment_ids
        action = self.hand_over()
        self.assertEqual(self.shift.staff_id, self.oleg)
        self.assertEqual(dried.staff_id, self.oleg)
        self.assertEqual((self.morning | self.noon).staff_id, self.mia)
        self.assertEqual(
            action["domain"], [("id", "in", (self.morning | self.noon).ids)]
        )

    def test_a_class_goes_over_with_who_takes_part(self):
        workshop = self._service("Brow workshop", 60, [("work", 90)])
        workshop.write({"is_salon_group_service": True, "salon_group_capacity": 4})
        event = self.env["salon.group.event"].create(
            {
                "product_id": workshop.id,
                "branch_id": self.branch.id,
                "staff_ids": [Command.set(self.mia.ids)],
                "start": self.at("14:00"),
            }
        )
        visit = self.env["salon.booking"]._join(event, self.anna)
        self.hand_over()
        self.assertEqual(event.staff_ids, self.oleg)
        self.assertEqual(visit.appointment_ids.staff_id, self.oleg)
        with self.assertRaises(SlotTaken), self.env.cr.savepoint():
            self.book(self.haircut, at="14:00", staff=self.oleg)
        self.book(self.haircut, at="14:00", staff=self.mia)

    def test_bookings_stay_when_only_the_shift_is_given(self):
        self.hand_over(is_with_bookings=False)
        self.assertEqual(self.shift.staff_id, self.oleg)
        self.assertEqual(self.noon.staff_id, self.mia)

    def test_a_plain_day_off_of_the_substitute_gives_way(self):
        off = self.make_shift(self.oleg, kind="off")
        self.assertFalse(self.candidate().problem)
        self.hand_over()
        self.assertFalse(off.exists())

    def test_somebody_absent_for_a_reason_is_left_alone(self):
        reason = self.env.ref("salon_booking.absence_reason_holiday")
        self.make_shift(self.oleg, kind="off", reason_id=reason.id)
        self.assertEqual(self.candidate().problem, "Absent that day")

    def test_whoever_is_not_of_the_team_keeps_her_days_off(self):
        other = self.env["salon.branch"].create({"name": "Other"})
        stranger = self.env["hr.employee"].create(
            {
                "name": "Stranger",
                "is_salon_staff": True,
                "salon_branch_ids": [Command.set(other.ids)],
            }
        )
        off = self.env["salon.shift"].create(
            {
                "staff_id": stranger.id,
                "branch_id": other.id,
                "business_date": self.shift.business_date,
                "kind": "off",
            }
        )
        self.manager.salon_branch_ids = self.branch
        dialogs = self.env["salon.shift.substitute"].with_user(self.manager)
        dialog = dialogs.create({"shift_id": self.shift.id, "staff_id": stranger.id})
        with self.assertRaisesRegex(UserError, "does not work in"):
            dialog.action_hand_over()
        self.assertTrue(off.exists())

    def test_a_receptionist_gives_away_no_shifts(self):
        with self.assertRaises(AccessError):
            self.shift.with_user(self.receptionist).action_substitute()

    def test_only_what_stays_is_listed_as_having_lost_its_time(self):
        day = fields.Date.today() + self.days(3)
        shift = self.make_shift(self.mia, business_date=day)
        moving = self.book(self.haircut, at="10:00", date=day).appointment_ids
        staying = self.book(self.haircut, at="12:00", date=day).appointment_ids
        self.book(self.haircut, at="12:15", date=day, staff=self.oleg)
        self.shift = shift
        action = self.hand_over()
        listed = self.env["salon.displacement"].search(
            [("appointment_id", "in", (moving | staying).ids)]
        )
        self.assertEqual(listed.appointment_id, staying)
        self.assertEqual(action["res_model"], "salon.displacement")
        self.assertEqual(action["domain"], [("id", "in", listed.ids)])

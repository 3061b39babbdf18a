from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import THURSDAY, SalonCase


@tagged("post_install", "-at_install")
class TestBlock(SalonCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        kind = cls.env["salon.facility.type"].create({"name": "Basin (test)"})
        cls.basins = cls.env["salon.facility"].create(
            {
                "name": "Basins (test)",
                "branch_id": cls.branch.id,
                "type_id": kind.id,
                "capacity": 2,
            }
        )
        cls.wash = cls._service("Wash", 10, [("work", 15)], kind)
        cls.mia.salon_skill_ids = [
            Command.create({"product_tmpl_id": cls.wash.product_tmpl_id.id})
        ]

    @classmethod
    def block(cls, staff=None, start="10:00", stop="11:00", user=None, **values):
        env = cls.env(user=user) if user else cls.env
        day = values.pop("date", THURSDAY)
        staff = cls.mia if staff is None else staff
        return env["salon.block"].create(
            {
                "branch_id": cls.branch.id,
                "kind": "business",
                "staff_ids": [Command.set(staff.ids)],
                "start": cls.at(start, day),
                "stop": cls.at(stop, day),
                **values,
            }
        )

    def test_blocks_that_overlap_share_what_a_cancelled_booking_frees(self):
        visit = self.book(self.wash, at="10:00")
        first = self.block(start="09:00", stop="12:00", overlap_reason="Training")
        second = self.block(start="09:30", stop="13:00", overlap_reason="Stocktaking")
        visit._set_state("cancelled", "ill")
        with self.assertRaises(UserError):
            self.book(self.wash, at="10:00")
        first.unlink()
        with self.assertRaises(UserError):
            self.book(self.wash, at="10:00")
        second.unlink()
        self.book(self.wash, at="10:00")

    def starts(self, service=None, day=THURSDAY):
        slots = self.env["salon.availability"]._search_slots(
            self.branch, service or self.haircut, day, day, self.mia
        )
        return {slot.start for slot in slots}

    def test_blocked_time_cannot_be_booked_until_it_is_given_back(self):
        block = self.block(user=self.receptionist)
        with self.assertRaises(UserError):
            self.book(self.haircut, at="10:15")
        block.unlink()
        self.assertEqual(self.book(self.haircut, at="10:15").state, "booked")

    def test_blocked_time_is_not_offered(self):
        free = self.starts()
        self.block(start="09:00", stop="18:00")
        self.assertTrue(free)
        self.assertFalse(self.starts())

    def test_all_places_of_a_facility_are_blocked(self):
        self.assertTrue(self.starts(self.wash))
        self.block(
            staff=self.env["hr.employee"],
            kind="maintenance",
            facility_ids=[Command.set(self.basins.ids)],
            start="08:00",
            stop="20:00",
            user=self.receptionist,
        )
        self.assertFalse(self.starts(self.wash))
        self.assertTrue(self.starts(self.haircut))

    def test_what_is_booked_is_named_and_stays(self):
        self.book(self.haircut, at="10:30", client=self.anna)
        with self.assertRaisesRegex(UserError, "Move these first") as refused:
            self.block(user=self.receptionist)
        self.assertIn("Anna · Haircut", str(refused.exception))
        self.assertIn("Mia", str(refused.exception))

    def test_who_may_squeeze_in_blocks_around_a_booking(self):
        self.book(self.haircut, at="10:00", client=self.anna)
        with self.assertRaises(UserError):
            self.block(user=self.manager, stop="12:00")
        block = self.block(
            user=self.manager, stop="12:00", overlap_reason="Fire inspection"
        )
        self.assertEqual(block.overlap_user_id, self.manager)
        with self.assertRaises(UserError):
            self.book(self.haircut, at="11:00")

    def test_what_a_left_booking_frees_is_blocked_too(self):
        visit = self.book(self.haircut, at="10:00", client=self.anna)
        self.block(user=self.manager, stop="12:00", overlap_reason="Fire inspection")
        visit.with_user(self.receptionist)._set_state("cancelled")
        with self.assertRaises(UserError):
            self.book(self.haircut, at="10:00")

    def test_what_a_deleted_booking_frees_is_blocked_too(self):
        at_ten = self.book(self.haircut, at="10:00", client=self.anna)
        at_eleven = self.book(self.haircut, at="11:00", client=self.anna)
        self.block(user=self.manager, stop="12:00", overlap_reason="Fire inspection")
        at_ten.with_user(self.manager).unlink()
        with self.assertRaises(UserError):
            self.book(self.haircut, at="10:00")
        at_eleven.with_user(self.manager).appointment_ids.unlink()
        with self.assertRaises(UserError):
            self.book(self.haircut, at="11:00")

    def test_what_a_deleted_block_frees_is_blocked_by_the_one_around_it(self):
        inner = self.block(user=self.manager, start="10:30", stop="11:00")
        self.block(user=self.manager, stop="12:00", overlap_reason="The whole morning")
        inner.unlink()
        with self.assertRaises(UserError):
            self.book(self.blowdry, at="10:30")

    def test_what_a_moved_or_cancelled_group_frees_is_blocked_too(self):
        course = self._service("Course", 60, [("work", 60)])
        course.write({"is_salon_group_service": True, "salon_group_capacity": 4})
        event = self.env["salon.group.event"].create(
            {
                "product_id": course.id,
                "branch_id": self.branch.id,
                "staff_ids": [Command.set(self.mia.ids)],
                "start": self.at("10:00"),
            }
        )
        self.block(user=self.manager, stop="13:00", overlap_reason="Fire inspection")
        with self.assertRaises(UserError):
            self.book(self.haircut, at="11:00")
        event.start = self.at("14:00")
        with self.assertRaises(UserError):
            self.book(self.haircut, at="10:00")
        event._cancel("Too few")
        self.assertTrue(self.book(self.haircut, at="14:00"))

    def test_the_desk_may_not_block_over_a_booking(self):
        with self.assertRaises(AccessError):
            self.block(user=self.receptionist, overlap_reason="Because")

    def test_a_block_is_moved_in_one_step(self):
        block = self.block(user=self.receptionist)
        block.write({"start": self.at("10:30"), "stop": self.at("11:30")})
        self.assertEqual(self.book(self.haircut, at="09:45").state, "booked")
        with self.assertRaises(UserError):
            self.book(self.haircut, at="11:00")

    def test_daily_blocks_keep_their_hour_when_the_clock_changes(self):
        saturday = date(2031, 10, 25)
        block = self.block(date=saturday, repeat_until=date(2031, 10, 27))
        series = block | self.env["salon.block"].search([("series_id", "=", block.id)])
        self.assertEqual(
            series.sorted("start").mapped("start"),
            [self.at("10:00", date(2031, 10, day)) for day in (25, 26, 27)],
        )
        self.assertEqual(len(set(series.mapped("hours"))), 1)
        series[1].with_user(self.receptionist).action_delete_series()
        self.assertFalse(series.exists())

    def test_a_conflict_on_a_later_day_stops_the_whole_series(self):
        friday = date(2031, 6, 13)
        self.book(self.haircut, at="10:00", date=friday)
        with self.assertRaisesRegex(UserError, "Move these first"):
            self.block(repeat_until=friday)

    def test_a_block_of_several_days_is_taken_whole(self):
        block = self.block(start="00:00", stop="10:00")
        block.write({"stop": self.at("23:00", date(2031, 6, 15))})
        self.assertFalse(self.starts(day=date(2031, 6, 14)))

    def test_a_stylist_blocks_own_personal_time_where_the_branch_allows_it(self):
        with self.assertRaisesRegex(AccessError, "only the desk"):
            self.block(user=self.stylist, kind="personal")
        self.branch.staff_may_block = True
        block = self.block(user=self.stylist, kind="personal")
        self.assertEqual(block.user_ids, self.stylist)
        for values in (
            {"kind": "business"},
            {"staff_ids": [Command.set(self.oleg.ids)]},
            {"staff_ids": [Command.link(self.oleg.id)]},
            {"facility_ids": [Command.set(self.basins.ids)]},
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                block.write(values)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.block(staff=self.oleg, user=self.stylist, kind="personal")
        block.unlink()

    def test_a_stylist_neither_sees_nor_deletes_what_others_blocked(self):
        block = self.block(staff=self.oleg)
        self.branch.staff_may_block = True
        for method in ("unlink", "action_delete_series"):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                getattr(block.with_user(self.stylist), method)()
        mine = self.block(start="12:00", stop="13:00")
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            mine.with_user(self.stylist).unlink()

    def test_something_must_be_blocked_in_the_right_branch(self):
        with self.assertRaises(ValidationError):
            self.block(staff=self.env["hr.employee"])
        other = self.env["salon.branch"].create({"name": "Other"})
        with self.assertRaises(ValidationError):
            self.block(branch_id=other.id, facility_ids=[Command.set(self.basins.ids)])

    def test_a_stylists_form_starts_with_the_own_name(self):
        self.branch.staff_may_block = True
        with Form(self.env["salon.block"].with_user(self.stylist)) as form:
            form.branch_id = self.branch
            form.start = self.at("10:00")
            form.stop = self.at("11:00")
        self.assertEqual(form.record.staff_ids, self.mia)
        self.assertEqual(form.record.kind, "personal")

from datetime import date, datetime, timedelta

from psycopg2.errors import CheckViolation, ExclusionViolation, UniqueViolation

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import THURSDAY, SalonCase


class ShiftCase(SalonCase):
    @classmethod
    def shift(cls, hours="9-17", staff=None, day=THURSDAY, user=None, **values):
        """A shift such as "9-17" or "22-6", or "off"."""
        env = cls.env(user=user) if user else cls.env
        if hours == "off":
            values["kind"] = "off"
        else:
            values["time_from"], values["time_to"] = map(float, hours.split("-"))
        plan = {
            "staff_id": (cls.mia if staff is None else staff).id,
            "branch_id": cls.branch.id,
            "business_date": day,
            **values,
        }
        return env["salon.shift"]._plan([plan])


@tagged("post_install", "-at_install")
class TestShifts(ShiftCase):
    def test_hours_are_typed_on_the_clock_of_the_branch(self):
        shift = self.shift("9.5-17")
        self.assertEqual(shift.start, self.at("09:30"))
        self.assertEqual(shift.stop, self.at("17:00"))
        self.assertEqual(shift.planned_hours, 7.5)

    def test_a_shift_past_midnight_belongs_to_its_first_day(self):
        shift = self.shift("22-6", breaks=[(1, 1.5)])
        friday = THURSDAY + self.days(1)
        self.assertEqual(shift.business_date, THURSDAY)
        self.assertEqual(shift.stop, self.at("06:00", friday))
        self.assertEqual(shift.break_ids.start, self.at("01:00", friday))
        self.assertEqual(shift.planned_hours, 7.5)

    def test_a_shift_on_the_night_of_the_clock_change_is_as_long_as_it_is(self):
        self.branch.tz = "Europe/Kyiv"
        shift = self.shift("2-6", day=date(2027, 3, 28))
        self.assertEqual(shift.planned_hours, 3)

    def test_a_shift_dragged_on_the_calendar_changes_its_hours_and_day(self):
        shift = self.shift("9-17", breaks=[(13, 13.5)])
        friday = THURSDAY + self.days(1)
        shift.write(
            {"start": self.at("10:00", friday), "stop": self.at("18:15", friday)}
        )
        self.assertEqual(
            (shift.business_date, shift.time_from, shift.time_to), (friday, 10, 18.25)
        )
        self.assertEqual(shift.break_ids.start, self.at("13:00", friday))
        self.env.flush_all()
        shift.invalidate_recordset()
        self.assertEqual(shift.start, self.at("10:00", friday))

    def test_a_shift_given_by_its_moments_knows_its_day_and_hours(self):
        shift = self.env["salon.shift"].create(
            {
                "staff_id": self.mia.id,
                "branch_id": self.branch.id,
                "start": self.at("22:00"),
                "stop": self.at("02:00", THURSDAY + self.days(1)),
            }
        )
        self.assertEqual(
            (shift.business_date, shift.time_from, shift.time_to), (THURSDAY, 22, 2)
        )

    def test_a_corrected_zone_of_the_branch_keeps_the_hours_on_the_clock(self):
        shift = self.shift("9-17")
        self.branch.tz = "Asia/Tbilisi"
        self.assertEqual(shift.time_from, 9)
        self.assertEqual(shift.start, self.at("09:00"))

    def test_with_another_zone_each_shift_moves_to_where_another_one_was(self):
        shifts = self.env["salon.shift"]
        for day in range(150):
            shifts |= self.shift("0-20", day=THURSDAY + timedelta(days=day))
        self.branch.tz = "Pacific/Honolulu"
        self.assertEqual(shifts[0].start, datetime(2031, 6, 12, 10))
        self.assertEqual(shifts[-1].stop - shifts[0].stop, timedelta(days=149))

    def test_a_zone_in_which_shifts_of_two_branches_meet_is_refused(self):
        other = self.branch.copy({"name": "Other Branch", "tz": "Asia/Tokyo"})
        self.mia.salon_branch_ids |= other
        self.shift("9-17")
        self.shift("0-8", branch_id=other.id)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(ExclusionViolation),
            self.cr.savepoint(),
        ):
            other.tz = "America/New_York"

    def test_one_person_has_no_two_shifts_at_once(self):
        self.shift("9-17")
        self.shift("17-20")
        self.shift("9-17", staff=self.oleg)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(ExclusionViolation),
            self.cr.savepoint(),
        ):
            self.shift("16-18")

    def test_a_day_off_stands_alone(self):
        self.shift("off")
        with self.assertRaisesRegex(ValidationError, "Mia"), self.cr.savepoint():
            self.shift("9-17")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.cr.savepoint(),
        ):
            self.shift("off")

    def test_a_night_shift_may_end_on_a_day_off(self):
        self.shift("22-6")
        self.shift("off", day=THURSDAY + self.days(1))

    def test_a_break_lies_inside_of_its_shift(self):
        with (
            self.assertRaisesRegex(ValidationError, "16:30 – 17:30"),
            self.cr.savepoint(),
        ):
            self.shift("9-17", breaks=[(16.5, 17.5)])
        shift = self.shift("9-17", breaks=[(13, 13.5)])
        with self.assertRaisesRegex(ValidationError, "13:00 – 13:30"):
            shift.time_from = 14

    def test_hours_beyond_the_day_are_refused(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(CheckViolation),
            self.cr.savepoint(),
        ):
            self.shift("9-25")

    def test_many_shifts_are_made_in_a_fixed_number_of_queries(self):
        def plans(first, count):
            return [
                {
                    "staff_id": self.oleg.id,
                    "branch_id": self.branch.id,
                    "business_date": THURSDAY + self.days(first + index),
                    "time_from": 9,
                    "time_to": 17,
                    "breaks": [(13, 13.5)],
                    "is_published": False,
                }
                for index in range(count)
            ]

        counts = []
        for first, count in ((0, 5), (5, 40)):
            self.env.flush_all()
            before = self.cr.sql_log_count
            self.env["salon.shift"]._plan(plans(first, count))
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_a_stylist_reads_own_published_shifts_only(self):
        own = self.shift("9-17", breaks=[(13, 13.5)])
        draft = self.shift("9-17", day=THURSDAY + self.days(1), is_published=False)
        foreign = self.shift("9-17", staff=self.oleg)
        shifts = self.env["salon.shift"].with_user(self.stylist)
        found = shifts.search([("id", "in", (own | draft | foreign).ids)])
        self.assertEqual(found, own)
        self.assertEqual(found.break_ids.mapped("time_from"), [13])
        with self.assertRaises(AccessError):
            found.time_from = 10
        with self.assertRaises(AccessError):
            draft.with_user(self.stylist).action_publish()

    def test_the_desk_reads_shifts_and_the_manager_writes_those_of_own_branches(self):
        shift = self.shift("9-17", is_published=False)
        self.assertEqual(shift.with_user(self.receptionist).staff_id.name, "Mia")
        with self.assertRaises(AccessError):
            shift.with_user(self.receptionist).time_from = 10
        shift.with_user(self.manager).action_publish()
        self.assertTrue(shift.is_published)
        other = self.env["salon.branch"].create({"name": "Other"})
        self.manager.salon_branch_ids = [Command.set(other.ids)]
        with self.assertRaises(AccessError):
            shift.with_user(self.manager).time_from = 10

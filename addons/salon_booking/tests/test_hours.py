from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.tests import new_test_user, tagged

from ..engine import clock
from ..engine.windows import LONGEST
from .common import THURSDAY
from .test_shifts import ShiftCase

FRIDAY = THURSDAY + timedelta(days=1)
#: Beyond the days kept as rows.
FAR = THURSDAY + timedelta(days=300)


@freeze_time("2031-06-01 08:00:00")
class HoursCase(ShiftCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hours = cls.env["salon.hours"]
        cls.resources = (cls.mia | cls.oleg).resource_id
        cls.desk_type = cls.env["salon.facility.type"].create({"name": "Chair (test)"})
        cls.chair = cls.env["salon.facility"].create(
            {
                "name": "Chair 1",
                "branch_id": cls.branch.id,
                "type_id": cls.desk_type.id,
            }
        )

    def walls(self, intervals, branch=None):
        zone = (branch or self.branch).tz

        def wall(minute):
            shown = clock.local(minute, zone)
            return (
                f"{shown.hour}:{shown.minute:02}" if shown.minute else str(shown.hour)
            )

        return " ".join(f"{wall(start)}-{wall(stop)}" for start, stop in intervals)

    def open(self, who=None, day=THURSDAY, branch=None):
        """Stored hours of a business day, such as "9-13 13:30-18"."""
        who = self.mia if who is None else who
        branch = branch or self.branch
        rows = self.env["salon.opening"].search(
            [
                ("resource_id", "=", who.resource_id.id),
                ("branch_id", "=", branch.id),
                ("business_date", "=", day),
            ]
        )
        self.assert_rows_are_true()
        return self.walls([(r.start_minute, r.stop_minute) for r in rows], branch)

    def live(self, who, day, branch=None):
        branch = branch or self.branch
        pair = (who.resource_id.id, branch.id)
        found = self.hours._compute({pair}, day, day)[pair]
        return self.walls([(w.start, w.stop) for w in found], branch)

    def assert_rows_are_true(self):
        """Every stored row is what would be worked out now, for everybody here."""
        coverage = self.env["salon.opening.coverage"].search(
            [("branch_id.company_id", "=", self.company.id)]
        )
        spans = {
            (one.resource_id.id, one.branch_id.id): (
                date(2031, 6, 1) - timedelta(days=2),
                one.last_day,
            )
            for one in coverage
            if one.first_day.year == 2031
        }
        stored = self.hours._stored(spans)
        computed = set()
        for (first, last), pairs in self.hours._by_span(spans, ()).items():
            for pair, windows in self.hours._compute(pairs, first, last).items():
                computed |= {(*pair, w.day, w.start, w.stop) for w in windows}
        self.assertEqual(stored.keys() - computed, set())
        self.assertEqual(computed - stored.keys(), set())

    def leave(self, start="12:00", stop="15:00", resource=None, **values):
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "Away",
                "resource_id": resource.id if resource else False,
                "calendar_id": False,
                "company_id": self.company.id,
                "date_from": self.at(start),
                "date_to": self.at(stop),
                **values,
            }
        )


@tagged("post_install", "-at_install")
@freeze_time("2031-06-01 08:00:00")
class TestSources(HoursCase):
    """Whatever decides when somebody can be booked, the rows follow it."""

    def test_personnel_that_knows_nothing_of_the_salon_changes_hours(self):
        officer = new_test_user(
            self.env, "test_officer", groups="base.group_user,hr.group_hr_manager"
        )
        late = self.calendar.copy({"name": "Late"})
        late.attendance_ids.hour_from = 13
        mia = self.mia.with_user(officer)
        mia.resource_calendar_id = late
        self.assertEqual(self.open(), "13-18")
        mia.action_archive()
        self.assertEqual(self.open(), "")

    def test_holidays_of_a_calendar_that_is_deleted_are_the_companys(self):
        own = self.calendar.copy({"name": "Nobody's"})
        self.leave(calendar_id=own.id)
        self.assertEqual(self.open(), "9-18")
        own.unlink()
        self.assertEqual(self.open(), "9-12 15-18")

    def test_the_absence_of_somebody_deleted_is_no_holiday_of_everybody(self):
        gone = self.env["hr.employee"].create(
            {
                "name": "Gone",
                "is_salon_staff": True,
                "salon_branch_ids": [Command.set(self.branch.ids)],
            }
        )
        leave = self.leave(resource=gone.resource_id)
        gone.unlink()
        self.assertFalse(leave.exists())
        self.assertEqual(self.open(), "9-18")

    def test_a_new_person_and_a_new_place_have_rows_at_once(self):
        self.assertEqual(self.open(), "9-18")
        self.assertEqual(self.open(self.chair), "0-0")

    def test_time_off_of_a_person(self):
        leave = self.leave(resource=self.mia.resource_id)
        self.assertEqual(self.open(), "9-12 15-18")
        self.assertEqual(self.open(self.oleg), "9-18")
        leave.date_to = self.at("17:00")
        self.assertEqual(self.open(), "9-12 17-18")
        leave.resource_id = self.oleg.resource_id
        self.assertEqual(self.open(), "9-18")
        self.assertEqual(self.open(self.oleg), "9-12 17-18")
        leave.unlink()
        self.assertEqual(self.open(self.oleg), "9-18")

    def test_a_training_takes_a_person_from_the_chair_though_it_is_work(self):
        self.leave(resource=self.mia.resource_id, time_type="other")
        self.assertEqual(self.open(), "9-12 15-18")

    def test_maintenance_of_a_place(self):
        leave = self.leave(resource=self.chair.resource_id)
        self.assertEqual(self.open(self.chair), "0-12 15-0")
        self.assertEqual(self.open(), "9-18")
        leave.unlink()
        self.assertEqual(self.open(self.chair), "0-0")

    def test_a_holiday_of_a_calendar(self):
        other = self.calendar.copy({"name": "Mia's hours"})
        self.mia.resource_calendar_id = other
        leave = self.leave(calendar_id=other.id)
        self.assertEqual(self.open(), "9-12 15-18")
        self.assertEqual(self.open(self.oleg), "9-18")
        leave.calendar_id = self.calendar
        self.assertEqual(self.open(), "9-12 15-18", "the branch is closed")
        leave.unlink()
        self.assertEqual(self.open(), "9-18")

    def test_a_public_holiday_of_the_company(self):
        leave = self.leave("00:00", "23:59:59")
        self.assertEqual(self.open(), "")
        self.assertEqual(self.open(self.oleg), "")
        leave.unlink()
        self.assertEqual(self.open(), "9-18")

    def test_lines_of_a_calendar(self):
        lines = self.calendar.attendance_ids
        line = lines.filtered(lambda one: one.dayofweek == "3")
        line.hour_to = 14
        self.assertEqual(self.open(), "9-14")
        self.calendar.attendance_ids = [
            Command.create(
                {
                    "name": "Evening",
                    "dayofweek": "3",
                    "hour_from": 16,
                    "hour_to": 24,
                    "day_period": "afternoon",
                }
            )
        ]
        self.assertEqual(self.open(), "9-14 16-0")
        line.unlink()
        self.assertEqual(self.open(), "16-0")

    def test_a_calendar_of_two_weeks(self):
        own = self.calendar.copy({"name": "Every second week"})
        self.mia.resource_calendar_id = own
        parity = str((THURSDAY.toordinal() - 1) // 7 % 2)
        own.write(
            {
                "two_weeks_calendar": True,
                "attendance_ids": [
                    Command.clear(),
                    Command.create(
                        {
                            "name": "Thursday",
                            "dayofweek": "3",
                            "week_type": parity,
                            "hour_from": 10,
                            "hour_to": 14,
                            "day_period": "morning",
                        }
                    ),
                ],
            }
        )
        self.assertEqual(self.open(), "10-14")
        self.assertEqual(self.open(day=THURSDAY + self.days(7)), "")
        self.assertEqual(self.open(day=THURSDAY + self.days(14)), "10-14")

    def test_a_flexible_calendar_and_none_at_all(self):
        own = self.calendar.copy({"name": "Flexible"})
        own.attendance_ids.hour_from = 12
        self.mia.resource_calendar_id = own
        self.assertEqual(self.open(), "12-18")
        own.schedule_type = "flexible"
        self.assertEqual(self.open(), "9-18")
        own.schedule_type = "fully_fixed"
        self.assertEqual(self.open(), "12-18")
        self.mia.resource_calendar_id = False
        self.assertEqual(self.open(), "9-18")

    def test_a_calendar_that_is_deleted(self):
        own = self.calendar.copy({"name": "Short"})
        own.attendance_ids.hour_to = 11
        self.chair.resource_calendar_id = own
        self.assertEqual(self.open(self.chair), "9-11")
        own.unlink()
        self.assertEqual(self.open(self.chair), "0-0")

    def test_terms_that_change_in_the_middle_do_not_widen_the_hours(self):
        late = self.calendar.copy({"name": "Late"})
        late.attendance_ids.hour_from = 13
        version = self.mia.create_version(
            {"date_version": FRIDAY, "resource_calendar_id": late.id}
        )
        self.assertEqual(self.open(), "9-18")
        self.assertEqual(self.open(day=FRIDAY), "13-18")
        version.date_version = THURSDAY
        self.assertEqual(self.open(), "13-18")
        self.mia.version_ids.write(
            {"contract_date_start": date(2031, 1, 1), "contract_date_end": THURSDAY}
        )
        self.assertEqual(self.open(day=FRIDAY), "")
        version.unlink()
        self.assertEqual(self.open(), "9-18")

    def test_branches_of_a_person(self):
        other = self.env["salon.branch"].create(
            {
                "name": "Other",
                "tz": "Europe/Brussels",
                "resource_calendar_id": self.calendar.id,
            }
        )
        self.mia.salon_branch_ids = [Command.link(other.id)]
        self.assertEqual(self.open(branch=other), "9-18")
        other.staff_ids = [Command.set(self.oleg.ids)]
        self.assertEqual(self.open(branch=other), "")
        self.assertEqual(self.open(self.oleg, branch=other), "9-18")
        self.assertEqual(self.open(), "9-18")

    def test_who_is_no_staff_any_more_or_archived(self):
        self.mia.is_salon_staff = False
        self.assertEqual(self.open(), "")
        self.mia.is_salon_staff = True
        self.assertEqual(self.open(), "9-18")
        self.mia.active = False
        self.assertEqual(self.open(), "")
        self.mia.action_unarchive()
        self.assertEqual(self.open(), "9-18")

    def test_the_zone_of_a_person(self):
        self.mia.tz = "Europe/Lisbon"
        self.assertEqual(self.open(), "10-18", "9 in Lisbon, until the door closes")

    def test_shifts(self):
        shift = self.shift("11-19")
        self.assertEqual(self.open(), "11-18", "never outside of opening hours")
        self.assertEqual(self.open(day=FRIDAY), "9-18")
        shift.time_to = 15
        self.assertEqual(self.open(), "11-15")
        shift.business_date = FRIDAY
        self.assertEqual(self.open(), "9-18")
        self.assertEqual(self.open(day=FRIDAY), "11-15")
        shift.staff_id = self.oleg
        self.assertEqual(self.open(self.oleg, FRIDAY), "11-15")
        self.assertEqual(self.open(day=FRIDAY), "9-18")
        shift.unlink()
        self.assertEqual(self.open(self.oleg, FRIDAY), "9-18")

    def test_a_day_off_and_a_draft(self):
        off = self.shift("off", is_published=False)
        self.assertEqual(self.open(), "9-18")
        off.with_user(self.manager).action_publish()
        self.assertEqual(self.open(), "")
        off.is_published = False
        self.assertEqual(self.open(), "9-18")

    def test_breaks_of_a_shift(self):
        shift = self.shift("9-17", breaks=[(13, 13.5)])
        self.assertEqual(self.open(), "9-13 13:30-17")
        shift.break_ids.time_to = 14
        self.assertEqual(self.open(), "9-13 14-17")
        shift.break_ids = [Command.create({"time_from": 10, "time_to": 10.25})]
        self.assertEqual(self.open(), "9-10 10:15-13 14-17")
        shift.break_ids.unlink()
        self.assertEqual(self.open(), "9-17")

    def test_time_off_goes_before_a_shift(self):
        self.shift("9-17")
        self.leave(resource=self.mia.resource_id)
        self.assertEqual(self.open(), "9-12 15-17")

    def test_a_shift_in_another_branch_takes_the_person_there(self):
        other = self.env["salon.branch"].create(
            {"name": "Other", "tz": "Europe/Brussels", "resource_calendar_id": False}
        )
        shift = self.shift("10-16", branch_id=other.id)
        self.assertEqual(self.open(), "")
        self.assertEqual(self.open(branch=other), "10-16", "she is lent for one day")
        self.assertEqual(self.open(branch=other, day=FRIDAY), "")
        shift.unlink()
        self.assertEqual(self.open(branch=other), "")
        self.assertEqual(self.open(), "9-18")

    def test_opening_hours_zone_and_end_of_a_branch(self):
        short = self.calendar.copy({"name": "Short"})
        short.attendance_ids.hour_from = 10
        self.branch.resource_calendar_id = short
        self.assertEqual(self.open(), "10-18")
        self.branch.tz = "Europe/Lisbon"
        self.assertEqual(self.open(), "10-17", "18 in Brussels is 17 in Lisbon")
        self.branch.tz = "Europe/Brussels"
        self.branch.resource_calendar_id = False
        self.assertEqual(self.open(), "9-18")
        self.branch.active = False
        self.assertEqual(self.open(), "")
        self.assertEqual(self.open(self.chair), "")

    def test_hours_branch_and_end_of_a_place(self):
        own = self.calendar.copy({"name": "Short"})
        own.attendance_ids.hour_to = 11
        self.chair.resource_calendar_id = own
        self.assertEqual(self.open(self.chair), "9-11")
        other = self.env["salon.branch"].create(
            {"name": "Other", "tz": "Europe/Lisbon", "resource_calendar_id": False}
        )
        self.chair.branch_id = other
        self.assertEqual(self.open(self.chair), "")
        self.assertEqual(self.open(self.chair, branch=other), "9-11")
        self.chair.active = False
        self.assertEqual(self.open(self.chair, branch=other), "")
        self.chair.active = True
        self.chair.unlink()
        self.assert_rows_are_true()

    def test_a_longer_horizon_and_the_days_that_pass(self):
        last = self.env["salon.opening.coverage"].search(
            [("resource_id", "=", self.mia.resource_id.id)]
        )
        self.assertEqual(last.last_day, date(2031, 9, 29))
        cron = self.env["ir.cron"]
        for moment, horizon, expected in (
            ("2031-06-11 01:00:00", 120, date(2031, 10, 9)),
            ("2031-06-12 01:00:00", 150, date(2031, 11, 9)),
        ):
            with (
                freeze_time(moment),
                patch.object(type(cron), "_commit_progress", lambda *a, **k: 60),
            ):
                self.branch.hours_horizon_days = horizon
                self.hours._cron_refresh()
                last.invalidate_recordset()
                self.assertEqual(last.last_day, expected)
                self.assertEqual(self.open(day=expected), "9-18")
                self.assertFalse(self.hours._due())

    def test_the_night_mends_what_was_changed_behind_our_back(self):
        self.env.cr.execute(
            "DELETE FROM salon_opening"
            " WHERE resource_id = %s AND business_date > '2031-06-03'",
            [self.mia.resource_id.id],
        )
        cron = self.env["ir.cron"]
        with (
            freeze_time("2031-06-02 01:00:00"),
            patch.object(type(cron), "_commit_progress", lambda *a, **k: 60),
        ):
            self.hours._cron_refresh()
        self.assertEqual(self.open(), "9-18")

    def test_whoever_has_no_rows_yet_gets_them_at_an_upgrade(self):
        for table in ("salon_opening", "salon_opening_coverage"):
            self.env.cr.execute(
                f"DELETE FROM {table} WHERE branch_id = %s", [self.branch.id]
            )
        self.hours._fill()
        self.assertEqual(self.open(), "9-18")
        self.assertEqual(self.open(self.chair), "0-0")

    def test_the_past_stays_as_it_was(self):
        with freeze_time("2031-06-20 08:00:00"):
            self.calendar.attendance_ids.hour_from = 11
            rows = self.env["salon.opening"].search(
                [
                    ("resource_id", "=", self.mia.resource_id.id),
                    ("business_date", "in", (THURSDAY, date(2031, 6, 20))),
                ]
            )
            self.assertEqual(
                self.walls([(r.start_minute, r.stop_minute) for r in rows]),
                "9-18 11-18",
            )


@tagged("post_install", "-at_install")
@freeze_time("2031-06-01 08:00:00")
class TestHours(HoursCase):
    def windows(self, day, until=None, branch=None):
        branch = branch or self.branch
        first = clock.day_bounds(day, branch.tz)[0]
        last = clock.day_bounds(until or day, branch.tz)[1]
        return self.hours._windows(branch, self.resources, first, last)

    def test_rows_and_live_hours_are_the_same(self):
        self.shift("11-15", day=THURSDAY, breaks=[(13, 13.5)])
        self.shift("22-3", day=FRIDAY)
        self.leave(resource=self.oleg.resource_id)
        stored = self.windows(THURSDAY, FRIDAY)
        self.env.cr.execute("DELETE FROM salon_opening_coverage")
        self.assertEqual(self.windows(THURSDAY, FRIDAY), stored)

    def test_reading_is_one_query_for_any_number_of_days(self):
        self.env.flush_all()
        for until in (THURSDAY, THURSDAY + self.days(60)):
            self.branch.read(["tz"])
            with self.assertQueryCount(1):
                self.windows(THURSDAY, until)

    def test_beyond_the_rows_hours_are_worked_out_and_nothing_is_stored(self):
        self.shift("10-12", day=FAR)
        self.env.flush_all()
        self.env.cr.execute("SELECT count(*) FROM salon_opening")
        before = self.env.cr.fetchone()
        found = self.windows(FAR)
        self.assertEqual(self.walls(found[self.mia.resource_id.id]), "10-12")
        self.assertEqual(self.walls(found[self.oleg.resource_id.id]), "9-18")
        self.env.cr.execute("SELECT count(*) FROM salon_opening")
        self.assertEqual(self.env.cr.fetchone(), before)

    def test_a_holiday_for_many_people_takes_a_fixed_number_of_queries(self):
        def queries(calendar, start="14:00", stop="15:00"):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.leave(start, stop, calendar_id=calendar.id)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        calendars = [self.calendar.copy({"name": str(count)}) for count in (2, 50)]
        for calendar, count in zip(calendars, (2, 50), strict=True):
            self.env["hr.employee"].create(
                [
                    {
                        "name": f"Person {number}",
                        "is_salon_staff": True,
                        "salon_branch_ids": [Command.set(self.branch.ids)],
                        "resource_calendar_id": calendar.id,
                    }
                    for number in range(count)
                ]
            )
        # Another time of the day: the host lets no two holidays overlap.
        queries(calendars[0], "16:00", "16:30")
        few, many = (queries(calendar) for calendar in calendars)
        # The host's time off asks one more where nothing was before.
        self.assertLessEqual(many, few + 1)
        self.assert_rows_are_true()

    def test_only_what_differs_is_written(self):
        rows = self.env["salon.opening"].search(
            [("resource_id", "=", self.mia.resource_id.id)]
        )
        self.leave(resource=self.mia.resource_id)
        self.assertEqual(len(rows - rows.exists()), 1)

    def test_what_was_cut_is_told_with_its_reason(self):
        told = []
        hook = type(self.hours)._after_windows_cut

        def listen(hours, cuts, branch, origin):
            told.append((cuts, branch, origin))
            return hook(hours, cuts, branch, origin)

        with patch.object(type(self.hours), "_after_windows_cut", listen):
            leave = self.leave(resource=self.mia.resource_id)
            leave.date_from = self.at("13:00")
            leave.unlink()
            self.leave(
                resource=self.mia.resource_id,
                date_from="2031-05-30 10:00:00",
                date_to="2031-05-31 23:00:00",
            )
        ((cuts, branch, origin),) = told
        self.assertEqual(branch, self.branch)
        self.assertEqual(origin, "Time off")
        self.assertEqual(self.walls(cuts[self.mia.resource_id.id]), "12-15")

    def test_s6_a_booking_after_midnight_belongs_to_the_day_of_the_shift(self):
        night = self.env["salon.branch"].create(
            {"name": "Night", "tz": "Europe/Brussels", "resource_calendar_id": False}
        )
        self.mia.salon_branch_ids = [Command.set(night.ids)]
        shift = self.shift("22-6", branch_id=night.id)
        self.assertEqual(self.open(branch=night), "22-6")
        self.assertEqual(self.open(branch=night, day=FRIDAY), "9-18")
        late = self.book(self.haircut, at="23:30", branch=night, duration_minutes=60)
        early = self.book(self.haircut, at="00:30", branch=night, date=FRIDAY)
        morning = self.book(self.haircut, at="09:00", branch=night, date=FRIDAY)
        self.assertEqual(late.business_date, THURSDAY)
        self.assertEqual(early.business_date, THURSDAY)
        self.assertEqual(morning.business_date, FRIDAY)
        early.unlink()
        slots = self.env["salon.availability"]._search_slots(
            night, self.haircut, THURSDAY, FRIDAY, self.mia
        )
        starts = [
            slot.start for slot in slots if slot.start > clock.to_minutes(late.start)
        ]
        self.assertEqual(clock.to_utc(starts[0]), self.at("00:30", FRIDAY))
        early = self.book(self.haircut, at="00:30", branch=night, date=FRIDAY)
        shift.business_date = FRIDAY
        self.assertEqual(late.business_date, THURSDAY)
        self.assertEqual(early.business_date, FRIDAY)

    def test_a_plan_made_later_moves_what_is_booked_to_its_day(self):
        visit = self.book(self.haircut, at="00:30", date=FRIDAY)
        self.assertEqual(visit.business_date, FRIDAY)
        shift = self.shift("22-6")
        self.assertEqual(visit.business_date, THURSDAY)
        shift.unlink()
        self.assertEqual(visit.business_date, FRIDAY)

    def test_the_first_night_shift_of_a_salon_is_not_overlooked(self):
        self.env["salon.shift"].search([]).unlink()
        self.env.registry.clear_cache()
        early = (self.branch, self.mia, self.at("00:30", FRIDAY))
        # From here on it is known that nobody works past midnight.
        self.assertEqual(self.env["salon.hours"]._business_dates([early]), [FRIDAY])
        self.shift("22-6")
        self.assertEqual(self.env["salon.hours"]._business_dates([early]), [THURSDAY])

    def test_by_day_nobody_asks_for_shifts_past_midnight(self):
        self.shift("22-6")
        hours = self.env["salon.hours"]
        noon = (self.branch, self.mia, self.at("12:00"))
        hours._business_dates([noon])
        with self.assertQueryCount(0):
            self.assertEqual(hours._business_dates([noon]), [THURSDAY])

    def test_a_night_shift_is_not_cut_by_a_door_that_is_always_open(self):
        self.calendar.attendance_ids.write({"hour_from": 0, "hour_to": 24})
        self.shift("22-6")
        self.assertEqual(self.open(), "22-6")
        self.assertEqual(self.open(day=FRIDAY), "6-0", "the rest of her week")

    def test_no_row_is_longer_than_a_reader_looks_back(self):
        self.env.cr.execute("SELECT max(stop_minute - start_minute) FROM salon_opening")
        self.assertLessEqual(self.env.cr.fetchone()[0], LONGEST)

    def test_a_branch_knows_when_it_is_open(self):
        self.leave("12:00", "13:00", calendar_id=self.calendar.id)
        first, last = clock.day_bounds(THURSDAY, self.branch.tz)
        found = self.hours._branch_windows(self.branch, first, last)
        self.assertEqual(self.walls(found), "9-12 13-18")

    def test_nobody_sees_hours_without_being_asked_to_manage_them(self):
        rows = self.env["salon.opening"].search([], limit=1)
        self.assertTrue(rows.with_user(self.manager).has_access("read"))
        self.assertFalse(rows.with_user(self.receptionist).has_access("read"))
        for user in (self.manager, self.owner):
            self.assertFalse(rows.with_user(user).has_access("write"))

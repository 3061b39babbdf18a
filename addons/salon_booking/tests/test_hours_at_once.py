"""Two transactions of two real connections change the hours of the same people."""

from contextlib import contextmanager
from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, Command, api, fields
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, get_db_name, tagged
from odoo.tools import mute_logger

from ..engine import clock


@tagged("post_install", "-at_install")
class TestHoursAtOnce(TransactionCase):
    def setUp(self):
        super().setUp()
        self.day = fields.Date.today() + timedelta(days=30)
        with self.transaction() as env:
            self.ids = self.make_salon(env)
        self.addCleanup(self.remove_salon)

    @contextmanager
    def transaction(self):
        """A connection of its own; commits at the end, as a request does."""
        with db_connect(get_db_name()).cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def make_salon(self, env):
        calendar, other = env["resource.calendar"].create(
            [
                {
                    "name": name,
                    "tz": "UTC",
                    "attendance_ids": [
                        Command.create(
                            {
                                "name": str(day),
                                "dayofweek": str(day),
                                "hour_from": 9,
                                "hour_to": 18,
                                "day_period": "full_day",
                            }
                        )
                        for day in range(7)
                    ],
                }
                for name in ("At once", "At once, other")
            ]
        )
        branch = env["salon.branch"].create(
            {"name": "At once", "tz": "UTC", "resource_calendar_id": False}
        )
        mia, oleg = env["hr.employee"].create(
            [
                {
                    "name": f"At once {name}",
                    "tz": "UTC",
                    "is_salon_staff": True,
                    "salon_branch_ids": [Command.set(branch.ids)],
                    "resource_calendar_id": hours.id,
                }
                for name, hours in (("Mia", calendar), ("Oleg", other))
            ]
        )
        return {"branch": branch.id, "calendar": calendar.id, "other": other.id} | {
            "mia": mia.id,
            "oleg": oleg.id,
        }

    def remove_salon(self):
        with self.transaction() as env:
            branch, calendars, staff = self.records(env)
            env["resource.calendar.leaves"].search([("name", "=", "At once")]).unlink()
            made = branch.analytic_account_id, branch.walk_in_partner_id
            resources = staff.resource_id
            staff.unlink()
            resources.exists().unlink()
            branch.unlink()
            for records in made:
                records.unlink()
            calendars.unlink()

    def records(self, env):
        return (
            env["salon.branch"].browse(self.ids["branch"]),
            env["resource.calendar"].browse((self.ids["calendar"], self.ids["other"])),
            env["hr.employee"].browse((self.ids["mia"], self.ids["oleg"])),
        )

    def be_off(self, env, hour, hours=1):
        _branch, _calendars, staff = self.records(env)
        start = clock.to_utc(clock.day_bounds(self.day, "UTC")[0])
        leave = env["resource.calendar.leaves"].create(
            {
                "name": "At once",
                "resource_id": staff[0].resource_id.id,
                "date_from": start + timedelta(hours=hour),
                "date_to": start + timedelta(hours=hour + hours),
            }
        )
        env.flush_all()
        return leave.id

    def open_hours(self, env, person=0):
        branch, _calendars, staff = self.records(env)
        resource = staff[person].resource_id
        first, last = clock.day_bounds(self.day, "UTC")
        return [
            (clock.local(start, "UTC").hour, clock.local(stop, "UTC").hour)
            for start, stop in env["salon.hours"]._windows(
                branch, resource, first, last
            )[resource.id]
        ]

    def test_two_absences_of_one_person_do_not_overwrite_each_other(self):
        with self.transaction() as late:
            self.assertEqual(self.open_hours(late), [(9, 18)])
            with self.transaction() as early:
                self.be_off(early, 10)
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(SerializationFailure),
            ):
                self.be_off(late, 14)
            late.cr.rollback()
        with self.transaction() as again:
            self.be_off(again, 14)
        with self.transaction() as env:
            self.assertEqual(self.open_hours(env), [(9, 10), (11, 14), (15, 18)])

    def test_an_absence_that_is_taken_back_meets_one_that_begins(self):
        """The second has no row to cut, as it does not see that the first is gone."""
        with self.transaction() as env:
            whole_day = self.be_off(env, 0, 24)
        with self.transaction() as late:
            self.assertEqual(self.open_hours(late), [])
            with self.transaction() as early:
                early["resource.calendar.leaves"].browse(whole_day).unlink()
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(SerializationFailure),
            ):
                self.be_off(late, 14)
            late.cr.rollback()
        with self.transaction() as again:
            self.be_off(again, 14)
        with self.transaction() as env:
            self.assertEqual(self.open_hours(env), [(9, 14), (15, 18)])

    def test_who_gets_a_calendar_meets_who_changes_it(self):
        with self.transaction() as late:
            self.assertEqual(self.open_hours(late, 1), [(9, 18)])
            with self.transaction() as early:
                _branch, calendars, _staff = self.records(early)
                calendars[0].attendance_ids.hour_to = 15
            _branch, calendars, staff = self.records(late)
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(SerializationFailure),
            ):
                staff[1].resource_calendar_id = calendars[0]
            late.cr.rollback()
        with self.transaction() as again:
            _branch, calendars, staff = self.records(again)
            staff[1].resource_calendar_id = calendars[0]
        with self.transaction() as env:
            self.assertEqual(self.open_hours(env, 1), [(9, 15)])

    def test_a_replica_that_cannot_write_answers(self):
        far = self.day
        for day in (far, far + timedelta(days=900)):
            self.day = day
            with self.transaction() as env:
                env.cr.execute("SET TRANSACTION READ ONLY")
                self.assertEqual(self.open_hours(env), [(9, 18)])

    def test_people_who_have_nothing_to_do_with_each_other_do_not_wait(self):
        with self.transaction() as one:
            self.be_off(one, 10)
            with self.transaction() as two:
                two.cr.execute("SET LOCAL lock_timeout = '2s'")
                _branch, _calendars, staff = self.records(two)
                two["salon.shift"].create(
                    {
                        "staff_id": staff[1].id,
                        "branch_id": self.ids["branch"],
                        "business_date": self.day,
                        "time_from": 12,
                        "time_to": 20,
                    }
                )
        with self.transaction() as env:
            self.assertEqual(self.open_hours(env), [(9, 10), (11, 18)])
            self.assertEqual(self.open_hours(env, 1), [(12, 20)])

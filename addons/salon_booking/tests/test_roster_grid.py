from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .common import THURSDAY
from .test_shifts import ShiftCase

MONDAY = THURSDAY - timedelta(days=3)


class RosterGridCase(ShiftCase):
    def grid(self, user, days=7, first=MONDAY):
        grid = self.env["salon.roster.grid"].with_user(user)
        return grid.load(self.branch.id, fields.Date.to_string(first), days)

    def row(self, data, staff=None):
        staff = staff or self.mia
        return next(row for row in data["staff"] if row["id"] == staff.id)

    def cell(self, data, day=THURSDAY, staff=None):
        return self.row(data, staff)["days"][fields.Date.to_string(day)]

    def column(self, data, day=THURSDAY):
        name = fields.Date.to_string(day)
        return next(column for column in data["days"] if column["date"] == name)


@tagged("post_install", "-at_install")
class TestRosterGrid(RosterGridCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.manager | cls.receptionist | cls.stylist).salon_branch_ids = cls.branch

    def test_days_without_a_shift_show_the_weekly_hours(self):
        cell = self.cell(self.grid(self.manager))
        self.assertEqual(cell["shifts"], [])
        self.assertEqual(cell["weekly"], [[9, 18]])
        self.assertEqual(cell["planned"], 9)

    def test_a_published_shift_takes_the_place_of_the_weekly_hours(self):
        self.shift("10-16", breaks=[(12, 12.5)])
        cell = self.cell(self.grid(self.manager))
        self.assertEqual(cell["weekly"], [])
        (shift,) = cell["shifts"]
        self.assertEqual((shift["from"], shift["to"]), (10, 16))
        self.assertEqual(shift["breaks"], [[12, 12.5]])
        self.assertEqual(cell["planned"], 5.5)

    def test_a_draft_is_planned_with_while_weekly_hours_still_count(self):
        self.shift("10-16", is_published=False)
        cell = self.cell(self.grid(self.manager))
        self.assertTrue(cell["shifts"][0]["draft"])
        self.assertEqual(cell["weekly"], [[9, 18]])
        self.assertEqual(cell["planned"], 6)

    def test_hours_booked_stand_beside_hours_planned(self):
        self.book(self.haircut, at="10:00")
        data = self.grid(self.manager)
        self.assertEqual(self.cell(data)["booked"], 0.75)
        column = self.column(data)
        at_ten = column["hours"][10 - data["first_hour"]]
        people = sum(
            bool(self.cell(data, staff=one)["planned"]) for one in (self.mia, self.oleg)
        )
        self.assertEqual(at_ten, [people, 0.75])
        self.assertEqual(column["booked"], 0.75)

    def test_a_break_is_no_coverage(self):
        self.shift("9-17", breaks=[(13, 14)])
        self.shift("off", staff=self.oleg)
        data = self.grid(self.manager)
        hours = self.column(data)["hours"]
        first = data["first_hour"]
        self.assertEqual(hours[12 - first][0], 1)
        self.assertEqual(hours[13 - first][0], 0)

    def test_time_off_is_seen(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Away",
                "resource_id": self.mia.resource_id.id,
                "date_from": self.at("00:00"),
                "date_to": self.at("00:00", THURSDAY + self.days(1)),
            }
        )
        cell = self.cell(self.grid(self.manager))
        self.assertEqual(cell["off"], {"all_day": True})
        self.assertEqual(cell["planned"], 0)

    def test_a_manager_puts_shifts_on_several_days_as_drafts(self):
        days = [fields.Date.to_string(MONDAY + self.days(n)) for n in (0, 1)]
        ids = (
            self.env["salon.roster.grid"]
            .with_user(self.manager)
            .place(
                [
                    {
                        "staff": self.mia.id,
                        "branch": self.branch.id,
                        "date": day,
                        "kind": "work",
                        "from": 11,
                        "to": 19,
                        "breaks": [[14, 14.5]],
                    }
                    for day in days
                ]
            )
        )
        shifts = self.env["salon.shift"].browse(ids)
        self.assertEqual(shifts.mapped("is_published"), [False, False])
        self.assertEqual(shifts.mapped("planned_hours"), [7.5, 7.5])

    def test_the_desk_reads_the_roster_but_does_not_write_it(self):
        data = self.grid(self.receptionist)
        self.assertFalse(data["can_edit"])
        wish = {
            "staff": self.mia.id,
            "branch": self.branch.id,
            "date": fields.Date.to_string(THURSDAY),
            "from": 9,
            "to": 12,
        }
        with self.assertRaises(AccessError):
            self.env["salon.roster.grid"].with_user(self.receptionist).place([wish])

    def test_a_stylist_sees_her_own_row_alone(self):
        self.shift("10-16")
        self.shift("11-17", staff=self.oleg)
        data = self.grid(self.stylist)
        self.assertEqual([row["id"] for row in data["staff"]], [self.mia.id])

    def test_the_roster_of_another_branch_stays_closed(self):
        other = self.branch.copy({"name": "Elsewhere"})
        grid = self.env["salon.roster.grid"].with_user(self.manager)
        with self.assertRaises(AccessError):
            grid.load(other.id, fields.Date.to_string(MONDAY))

    def test_a_year_at_once_is_refused_politely(self):
        with self.assertRaisesRegex(UserError, "35 days"):
            self.grid(self.manager, days=365)

    def test_more_people_and_days_need_no_more_queries(self):
        self.shift("10-16")
        self.shift("10-16", staff=self.oleg)

        def count(days):
            self.env.invalidate_all()
            self.env.registry.clear_cache()
            before = self.env.cr.sql_log_count
            self.grid(self.manager, days=days)
            return self.env.cr.sql_log_count - before

        few = count(7)
        people = self.env["hr.employee"].create(
            [
                {
                    "name": f"One of many {number}",
                    "is_salon_staff": True,
                    "salon_branch_ids": self.branch.ids,
                    "resource_calendar_id": self.calendar.id,
                    "tz": "Europe/Brussels",
                }
                for number in range(10)
            ]
        )
        for number, person in enumerate(people):
            self.shift("9-17", staff=person, day=THURSDAY + self.days(number))
        self.assertLessEqual(count(28), few)


@tagged("post_install", "-at_install")
class TestRosterGridTour(RosterGridCase, HttpCase):
    def test_a_manager_plans_moves_undoes_and_publishes(self):
        self.manager.salon_branch_ids = self.branch
        self.start_tour(
            "/odoo/salon-roster",
            "salon_manager_plans_a_week",
            login=self.manager.login,
        )
        shifts = self.env["salon.shift"].search([("branch_id", "=", self.branch.id)])
        self.assertEqual(len(shifts), 1)
        self.assertEqual(shifts.staff_id, self.mia)
        self.assertEqual(shifts.business_date.weekday(), 1)
        self.assertEqual((shifts.time_from, shifts.time_to), (9, 18))
        self.assertTrue(shifts.is_published)

    def test_a_manager_plans_with_keys_alone(self):
        self.manager.salon_branch_ids = self.branch
        self.start_tour(
            "/odoo/salon-roster", "salon_manager_plans_by_keys", login="test_manager"
        )
        shifts = self.env["salon.shift"].search([("branch_id", "=", self.branch.id)])
        self.assertEqual(
            {(shift.staff_id, shift.business_date.weekday()) for shift in shifts},
            {(self.mia, 3), (self.oleg, 0)},
        )
        self.assertFalse(any(shifts.mapped("is_published")))

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import THURSDAY, SalonCase


@tagged("post_install", "-at_install")
class TestRosterReport(SalonCase):
    def shift(self, time_from=9, time_to=17, **values):
        return self.env["salon.shift"].create(
            {
                "staff_id": self.mia.id,
                "branch_id": self.branch.id,
                "business_date": THURSDAY,
                "time_from": time_from,
                "time_to": time_to,
                **values,
            }
        )

    def row(self, date=THURSDAY, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return (
            self.env["salon.roster.report"]
            .with_user(user or self.manager)
            .search([("staff_id", "=", self.mia.id), ("business_date", "=", date)])
        )

    def test_planned_hours_are_the_shift_less_its_breaks(self):
        self.shift(break_ids=[(0, 0, {"time_from": 13, "time_to": 14})])
        self.assertEqual(self.row().planned_hours, 7)

    def test_processing_in_which_she_is_free_is_not_booked_time(self):
        self.shift()
        self.book(self.colour)
        self.assertAlmostEqual(self.row().booked_hours, 55 / 60)
        self.assertAlmostEqual(self.row().booked_share, 55 / 60 / 8)

    def test_only_visits_that_came_count_as_busy(self):
        self.shift()
        self.book(self.haircut)
        came = self.book(self.haircut, at="12:00")
        came.appointment_ids._set_state("done")
        row = self.row()
        self.assertEqual((row.booked_hours, row.busy_hours), (1.5, 0.75))

    def test_a_cancelled_appointment_is_not_booked_time(self):
        self.shift()
        self.book(self.haircut).appointment_ids._set_state("cancelled", "Ill")
        self.assertEqual(self.row().booked_hours, 0)

    def test_what_is_booked_past_midnight_belongs_to_the_day_of_the_shift(self):
        self.shift(20, 4)
        self.book(self.haircut, at="01:00", date=THURSDAY + self.days(1))
        self.assertEqual(self.row().booked_hours, 0.75)

    def test_without_a_shift_the_weekly_hours_are_the_plan(self):
        tomorrow = fields.Date.today() + self.days(1)
        self.assertEqual(self.row(tomorrow).planned_hours, 9)
        self.shift(10, 12, business_date=tomorrow, is_published=False)
        self.assertEqual(self.row(tomorrow).planned_hours, 9, "a draft is no plan")
        self.shift(14, 16, business_date=tomorrow)
        self.assertEqual(self.row(tomorrow).planned_hours, 2)

    def test_weekly_hours_in_two_branches_are_planned_once(self):
        other = self.env["salon.branch"].create(
            {
                "name": "Other",
                "tz": self.branch.tz,
                "resource_calendar_id": self.calendar.copy().id,
            }
        )
        # The other branch closes later.
        other.resource_calendar_id.attendance_ids.hour_to = 20
        self.mia.resource_calendar_id = other.resource_calendar_id
        self.mia.salon_branch_ids |= other
        tomorrow = fields.Date.today() + self.days(1)

        def planned(user=None):
            return {
                row.branch_id: row.planned_hours
                for row in self.row(tomorrow, user or self.owner)
            }

        self.assertEqual(planned(), {self.branch: 9, other: 2})
        self.book(self.haircut, at="10:00", date=tomorrow, branch=other)
        self.assertEqual(planned(), {other: 11})
        self.manager.salon_branch_ids = self.branch
        self.assertEqual(planned(self.manager), {})

    def test_groups_divide_sums_and_do_not_average_ratios(self):
        self.shift()
        self.book(self.haircut)
        self.shift(10, 12, business_date=THURSDAY + self.days(1))
        self.env.flush_all()
        ((share,),) = self.env["salon.roster.report"]._read_group(
            [
                ("staff_id", "=", self.mia.id),
                ("business_date", ">=", THURSDAY),
                ("business_date", "<=", THURSDAY + self.days(1)),
            ],
            [],
            ["booked_share:avg"],
        )
        self.assertAlmostEqual(share, 0.75 / 10)

    def test_a_row_leads_to_its_appointments_and_shifts(self):
        shift, visit = self.shift(), self.book(self.haircut)
        row = self.row()
        for action, records in (
            (row.action_view_shifts(), shift),
            (row.action_view_appointments(), visit.appointment_ids),
        ):
            found = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(found, records)

    def test_a_row_can_be_read_again_by_its_id(self):
        self.shift()
        row = self.row()
        row.invalidate_recordset()
        self.assertEqual(row.browse(row.id).staff_id, self.mia)

    def test_a_manager_sees_own_branches_and_a_stylist_nothing(self):
        self.shift()
        self.manager.salon_branch_ids = self.env["salon.branch"].create(
            {"name": "Own (test)"}
        )
        self.assertFalse(self.row())
        with self.assertRaises(AccessError):
            self.row(user=self.stylist)

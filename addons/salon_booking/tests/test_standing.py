from datetime import date, timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from ..engine import clock
from .common import THURSDAY, SalonCase


@tagged("post_install", "-at_install")
@freeze_time("2031-06-02 08:00:00")
class TestStanding(SalonCase):
    def standing(self, *services, user=None, **values):
        env = self.env(user=user or self.env.user)
        lines = services or ((self.haircut, self.mia),)
        return env["salon.standing"].create(
            {
                "branch_id": self.branch.id,
                "client_id": self.anna.id,
                "date_start": THURSDAY,
                "hour": 10,
                "every": 1,
                "unit": "week",
                "end_kind": "count",
                "count": 4,
                "line_ids": [
                    Command.create({"product_id": service.id, "staff_id": person.id})
                    for service, person in lines
                ],
                **values,
            }
        )

    def change(self, standing, visit=None, **values):
        """What the dialog "Change series" does with these answers."""
        action = self.env["salon.standing.change"]._open(standing, visit)
        return (
            self.env["salon.standing.change"]
            .with_context(**action["context"])
            .create(values)
            .action_apply()
        )

    def successor(self, action):
        return self.env["salon.standing"].browse(action["res_id"])

    @users("test_receptionist")
    def test_all_dates_are_seen_before_anything_is_booked(self):
        self.book(self.haircut, at="10:00", date=THURSDAY + timedelta(weeks=1))
        standing = self.standing(user=self.env.user)
        standing.action_plan()
        self.assertEqual(
            standing.date_ids.mapped("state"), ["free", "conflict", "free", "free"]
        )
        self.assertFalse(standing.visit_ids)
        self.assertEqual(standing.conflict_count, 1)
        self.assertIn("Mia", standing.date_ids[1].reason)

    @users("test_receptionist")
    def test_one_click_books_every_date(self):
        standing = self.standing(user=self.env.user)
        standing.action_plan()
        standing.action_book()
        self.assertEqual(len(standing.visit_ids), 4)
        self.assertEqual(standing.state, "active")
        self.assertEqual(set(standing.date_ids.mapped("state")), {"booked"})
        starts = standing.visit_ids.sorted("start").mapped("start")
        self.assertEqual(starts[1], self.at("10:00", THURSDAY + timedelta(weeks=1)))
        self.assertEqual(
            standing.visit_ids.appointment_ids.occupancy_ids.resource_id,
            self.mia.sudo().resource_id,
        )

    @users("test_receptionist")
    def test_nothing_is_booked_while_a_date_is_in_conflict(self):
        self.book(self.haircut, at="10:00")
        standing = self.standing(user=self.env.user)
        standing.action_plan()
        with self.assertRaisesRegex(UserError, "not free: 1"):
            standing.action_book()
        self.assertFalse(standing.visit_ids)

    @users("test_receptionist")
    def test_each_conflict_is_solved_alone(self):
        for weeks in (0, 1, 2):
            self.book(self.haircut, at="10:00", date=THURSDAY + timedelta(weeks=weeks))
        standing = self.standing(user=self.env.user)
        standing.action_plan()
        earlier, left_out, other, free = standing.date_ids
        same = next(p for p in earlier.proposals if p["staff"] == self.mia.ids)
        earlier.action_take(same["start"], same["staff"])
        left_out.action_skip()
        oleg = next(p for p in other.proposals if p["staff"] == self.oleg.ids)
        self.assertEqual(oleg["start"], clock.to_minutes(other.start))
        other.action_take(oleg["start"], oleg["staff"])
        standing.action_book()
        self.assertEqual(len(standing.visit_ids), 3)
        self.assertFalse(left_out.visit_id)
        self.assertEqual(other.visit_id.appointment_ids.staff_id.id, self.oleg.id)
        self.assertEqual(earlier.visit_id.start, clock.to_utc(same["start"]))
        self.assertEqual(free.visit_id.standing_date, free.date)

    def test_a_manager_squeezes_a_date_in_and_says_why(self):
        self.book(self.haircut, at="10:00")
        standing = self.standing(user=self.manager)
        standing.action_plan()
        standing.date_ids[0].action_squeeze()
        with self.assertRaisesRegex(UserError, "Say why"):
            standing.action_book()
        standing.overlap_reason = "Always at ten"
        standing.action_book()
        squeezed = standing.date_ids[0].visit_id.appointment_ids
        self.assertEqual(squeezed.overlap_reason, "Always at ten")
        self.assertEqual(squeezed.overlap_user_id, self.manager)

    def test_what_is_squeezed_in_lasts_as_long_as_this_client_needs(self):
        self.env["salon.client.timing"].create(
            {
                "client_id": self.anna.id,
                "product_tmpl_id": self.haircut.product_tmpl_id.id,
                "extra_minutes": 15,
            }
        )
        self.book(self.haircut, at="10:00", client=self.bella)
        standing = self.standing(
            user=self.manager, overlap_reason="Always at ten", count=2
        )
        standing.action_plan()
        standing.date_ids[0].action_squeeze()
        standing.action_book()
        self.assertEqual(
            standing.visit_ids.appointment_ids.mapped("duration_minutes"), [60, 60]
        )

    def test_a_receptionist_may_not_squeeze_in(self):
        self.book(self.haircut, at="10:00")
        standing = self.standing(user=self.receptionist, overlap_reason="Please")
        standing.action_plan()
        standing.date_ids[0].action_squeeze()
        with self.assertRaisesRegex(AccessError, "squeeze in"):
            standing.action_book()

    @users("test_receptionist")
    def test_a_decision_can_be_taken_back(self):
        self.book(self.haircut, at="10:00")
        standing = self.standing(user=self.env.user)
        standing.action_plan()
        standing.date_ids[0].action_skip()
        standing.date_ids[0].action_undo()
        self.assertEqual(standing.date_ids[0].state, "conflict")

    @users("test_receptionist")
    def test_looking_again_keeps_what_was_left_out(self):
        standing = self.standing(user=self.env.user)
        standing.action_plan()
        standing.date_ids[1].action_skip()
        standing.action_plan()
        self.assertEqual(
            standing.date_ids.mapped("state"), ["free", "skipped", "free", "free"]
        )

    def test_a_year_of_weeks_stays_at_ten_over_both_clock_changes(self):
        standing = self.standing(count=52)
        standing.action_plan()
        self.assertEqual(set(standing.date_ids.mapped("state")), {"free"})
        standing.action_book()
        walls = {
            clock.local(clock.to_minutes(visit.start), "Europe/Brussels").time()
            for visit in standing.visit_ids
        }
        self.assertEqual({wall.isoformat("minutes") for wall in walls}, {"10:00"})
        self.assertEqual(len({visit.start.hour for visit in standing.visit_ids}), 2)

    def test_planning_takes_as_many_queries_for_a_year_as_for_a_month(self):
        few, many = self.standing(count=4), self.standing(count=52)
        self.book(self.haircut, at="10:00")
        self.env["salon.series"]._plan(self.standing(count=1))
        counts = []
        for standing in (few, many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["salon.series"]._plan(standing)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        # What lies beyond the hours kept as rows is worked out live, in six queries.
        self.assertLessEqual(counts[1], counts[0] + 8)

    def test_a_time_that_the_clock_skips_is_reported(self):
        self.calendar.attendance_ids.hour_from = 0
        self.calendar.attendance_ids.hour_to = 24
        standing = self.standing(date_start=date(2032, 3, 21), hour=2.5, count=2)
        standing.action_plan()
        self.assertEqual(standing.date_ids.mapped("is_shifted"), [False, True])
        self.assertIn("Clocks change", standing.date_ids[1].reason)

    def test_two_services_are_booked_as_one_visit_each_time(self):
        standing = self.standing(
            (self.haircut, self.mia), (self.blowdry, self.mia), count=2
        )
        standing.action_plan()
        standing.action_book()
        for visit in standing.visit_ids:
            self.assertEqual(len(visit.appointment_ids), 2)
            first, second = visit.appointment_ids.sorted("start")
            self.assertEqual(first.stop, second.start)

    def test_a_date_of_a_series_is_booked_once(self):
        standing = self.standing()
        standing.action_plan()
        standing.action_book()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.env["salon.visit"].create(
                {
                    "branch_id": self.branch.id,
                    "standing_id": standing.id,
                    "standing_date": THURSDAY,
                }
            )
            self.env.flush_all()

    @users("test_receptionist")
    def test_this_and_following_move_and_what_was_before_stays(self):
        standing = self.standing(user=self.env.user)
        standing.action_plan()
        standing.action_book()
        visits = standing.visit_ids.sorted("start")
        action = self.change(standing, visits[2], scope="following")
        later = self.successor(action)
        later.write(
            {
                "hour": 12,
                "line_ids": [
                    Command.update(later.line_ids.id, {"staff_id": self.oleg.id})
                ],
            }
        )
        later.action_plan()
        self.assertEqual(visits[2].start.hour, 8)
        later.action_book()
        self.assertEqual(standing.state, "ended")
        self.assertEqual(standing.visit_ids, visits[:2])
        self.assertEqual(later.visit_ids, visits[2:])
        self.assertEqual(visits[3].start, self.at("12:00", visits[3].standing_date))
        self.assertEqual(visits[3].appointment_ids.staff_id.id, self.oleg.id)
        self.assertIn("Before", visits[3].message_ids[0].body)

    @users("test_receptionist")
    def test_the_last_thursday_stays_the_last_from_a_month_with_four(self):
        standing = self.standing(
            user=self.env.user, unit="month", date_start=date(2031, 7, 31)
        )
        standing.action_plan()
        standing.action_book()
        visits = standing.visit_ids.sorted("start")
        later = self.successor(self.change(standing, visits[1], scope="following"))
        later.action_plan()
        self.assertEqual(
            later.date_ids.mapped("date"),
            [date(2031, 8, 28), date(2031, 9, 25), date(2031, 10, 30)],
        )

    @users("test_receptionist")
    def test_what_was_cancelled_behind_does_not_come_back_with_what_is_left(self):
        standing = self.standing(user=self.env.user, end_kind="never", ahead_weeks=4)
        standing.action_plan()
        standing.action_book()
        visits = standing.visit_ids.sorted("start")
        self.change(
            standing,
            visits[2],
            scope="following",
            decision="cancel",
            reason="Moved away",
        )
        later = self.successor(self.change(standing, visits[1], scope="following"))
        later.action_plan()
        self.assertEqual(later.date_ids.mapped("date"), [visits[1].standing_date])
        later.action_book()
        self.assertEqual(visits[1].standing_id, later)

    @users("test_receptionist")
    def test_a_series_moves_by_half_an_hour_though_it_stands_in_its_own_way(self):
        standing = self.standing(user=self.env.user)
        standing.action_plan()
        standing.action_book()
        later = self.successor(self.change(standing, scope="all"))
        later.hour = 10.5
        later.action_plan()
        self.assertEqual(set(later.date_ids.mapped("state")), {"free"})
        later.action_book()
        self.assertEqual({visit.start.minute for visit in later.visit_ids}, {30})

    @users("test_receptionist")
    def test_visits_that_the_changed_series_has_no_date_for_are_cancelled(self):
        standing = self.standing(user=self.env.user)
        standing.action_plan()
        standing.action_book()
        visits = standing.visit_ids.sorted("start")
        later = self.successor(self.change(standing, visits[1], scope="following"))
        later.count = 1
        later.action_plan()
        later.action_book()
        self.assertEqual(
            visits.mapped("state"), ["booked", "booked", "cancelled", "cancelled"]
        )

    @users("test_receptionist")
    def test_cancelling_all_keeps_what_is_done(self):
        standing = self.standing(user=self.env.user)
        standing.action_plan()
        standing.action_book()
        visits = standing.visit_ids.sorted("start")
        visits[0].action_done()
        self.change(standing, scope="all", decision="cancel", reason="Moved away")
        self.assertEqual(
            visits.mapped("state"), ["done", "cancelled", "cancelled", "cancelled"]
        )
        self.assertEqual(standing.state, "ended")

    @users("test_receptionist")
    def test_this_date_alone_is_cancelled(self):
        standing = self.standing(user=self.env.user)
        standing.action_plan()
        standing.action_book()
        visit = standing.visit_ids.sorted("start")[1]
        self.change(
            standing, visit, scope="this", decision="cancel", reason="On holiday"
        )
        self.assertEqual(
            standing.visit_ids.filtered(lambda v: v.state != "booked"), visit
        )
        self.assertEqual(standing.state, "active")

    def test_a_series_without_end_is_booked_ahead_and_asks_where_it_cannot(self):
        standing = self.standing(end_kind="never", ahead_weeks=4)
        standing.action_plan()
        standing.action_book()
        last = standing.planned_until
        self.book(self.haircut, at="10:00", date=last + timedelta(weeks=2))
        with freeze_time(f"{last} 08:00:00"):
            self.env["salon.series"]._extend(standing)
        new = standing.date_ids.filtered(lambda date: date.date > last)
        self.assertEqual(
            new.mapped("state"), ["booked", "conflict", "booked", "booked"]
        )
        self.assertEqual(len(standing.activity_ids), 1)
        new[1].action_skip()
        self.assertEqual(standing.conflict_count, 0)

    def test_a_series_that_a_rule_refuses_waits_while_the_others_are_booked(self):
        endless = {"end_kind": "never", "ahead_weeks": 4}
        refused = self.standing((self.blowdry, self.mia), **endless)
        other = self.standing((self.haircut, self.oleg), **endless)
        for standing in refused, other:
            standing.action_plan()
            standing.action_book()
        last = other.planned_until
        self.blowdry.product_tmpl_id.is_salon_service = False
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *_, **_kw: 60)
        with freeze_time(f"{last} 08:00:00"):
            self.env["salon.standing"]._extend_all()
        waiting, booked = (
            standing.date_ids.filtered(lambda date: date.date > last)
            for standing in (refused, other)
        )
        self.assertEqual(set(waiting.mapped("state")), {"conflict"})
        self.assertIn("no salon service", waiting[0].reason)
        self.assertEqual(len(refused.activity_ids), 1)
        self.assertEqual(set(booked.mapped("state")), {"booked"})

    def test_a_booked_series_is_changed_by_its_dialog_only(self):
        standing = self.standing(user=self.receptionist)
        standing.action_plan()
        standing.action_book()
        with self.assertRaisesRegex(UserError, "Change series"):
            standing.hour = 11
        with self.assertRaises(AccessError):
            standing.state = "draft"
        with self.assertRaises(UserError):
            standing.unlink()

    def test_a_stylist_sees_series_of_own_clients_and_changes_none(self):
        own, other = self.standing(), self.standing((self.haircut, self.oleg))
        seen = self.env["salon.standing"].with_user(self.stylist).search([])
        self.assertIn(own, seen)
        self.assertNotIn(other, seen)
        with self.assertRaises(AccessError):
            own.with_user(self.stylist).action_plan()

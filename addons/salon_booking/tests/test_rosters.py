from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import THURSDAY, SalonCase

MONDAY = THURSDAY - timedelta(days=3)
SUNDAY = MONDAY + timedelta(days=6)


class RosterCase(SalonCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pattern = cls.make_pattern(
            "Weekdays (test)",
            {
                "weekday": "mon_fri",
                "time_from": 9,
                "time_to": 17,
                "break_from": 13,
                "break_to": 13.5,
            },
        )
        cls.assignment = cls.assign(cls.mia)

    @classmethod
    def make_pattern(cls, name, *lines, **values):
        return cls.env["salon.roster.pattern"].create(
            {
                "name": name,
                "line_ids": [Command.create(line) for line in lines],
                **values,
            }
        )

    @classmethod
    def assign(cls, staff, pattern=None, branch=None, **values):
        return cls.env["salon.roster.assignment"].create(
            {
                "staff_id": staff.id,
                "branch_id": (branch or cls.branch).id,
                "pattern_id": (pattern or cls.pattern).id,
                "date_from": MONDAY,
                **values,
            }
        )

    def generate(self, assignments=None, first=MONDAY, last=SUNDAY, user=None, **how):
        env = self.env(user=user or self.manager)
        return env["salon.roster"]._generate(
            (assignments or self.assignment).with_env(env), first, last, **how
        )

    def shifts(self, staff=None, first=MONDAY, last=SUNDAY):
        return self.env["salon.shift"].search(
            [
                ("staff_id", "=", (staff or self.mia).id),
                ("business_date", ">=", first),
                ("business_date", "<=", last),
            ]
        )


@tagged("post_install", "-at_install")
class TestGeneration(RosterCase):
    def test_a_week_is_made_with_breaks_and_days_off(self):
        made = self.generate()
        self.assertEqual(made.shifts.mapped("kind"), ["work"] * 5 + ["off"] * 2)
        self.assertEqual(made.shifts[0].planned_hours, 7.5)
        self.assertEqual(made.shifts[0].start, self.at("09:00", MONDAY))
        self.assertEqual(made.shifts[0].break_ids.start, self.at("13:00", MONDAY))
        self.assertFalse(any(made.shifts.mapped("is_published")))
        self.assertEqual(self.assignment.generated_until, SUNDAY)

    def test_making_it_again_changes_nothing(self):
        first = self.generate().shifts
        again = self.generate()
        self.assertFalse(again.shifts)
        self.assertEqual(self.shifts(), first)

    def test_a_changed_pattern_replaces_what_nobody_touched(self):
        shift = self.generate(is_published=True).shifts[0]
        self.pattern.line_ids.time_to = 18
        made = self.generate()
        self.assertFalse(shift.exists())
        self.assertEqual(made.shifts[0].time_to, 18)
        self.assertTrue(made.shifts[0].is_published, "it does not vanish meanwhile")

    def test_days_changed_by_hand_are_kept(self):
        shift = self.generate().shifts[1]
        shift.time_from = 11
        self.pattern.line_ids.time_to = 18
        made = self.generate()
        self.assertEqual(made.kept, [(self.mia.id, MONDAY + timedelta(days=1))])
        self.assertEqual((shift.time_from, shift.time_to), (11, 17))

    def test_days_changed_by_hand_are_replaced_when_asked(self):
        shift = self.generate().shifts[1]
        shift.time_from = 11
        made = self.generate(edited="replace")
        self.assertEqual(made.shifts.time_from, 9)
        self.assertFalse(shift.exists())

    def test_publishing_does_not_count_as_a_change_by_hand(self):
        shifts = self.generate().shifts
        shifts.with_user(self.manager).action_publish()
        self.assertFalse(any(shifts.mapped("is_edited")))

    def test_replacing_a_published_roster_takes_no_time_from_bookings(self):
        first = fields.Date.today() + self.days(1)
        last = first + self.days(6)
        self.assignment.date_from = first
        every = self.make_pattern(
            "Every day (test)", {"weekday": "all", "time_from": 9, "time_to": 17}
        )
        self.assignment.pattern_id = every
        self.generate(first=first, last=last, is_published=True)
        visit = self.book(self.haircut, at="10:00", date=first)
        every.line_ids.time_to = 18
        self.generate(first=first, last=last)
        lost = self.env["salon.displacement"].search([("visit_id", "=", visit.id)])
        self.assertFalse(lost)
        every.line_ids.time_from = 11
        self.generate(first=first, last=last)
        lost = self.env["salon.displacement"].search([("visit_id", "=", visit.id)])
        self.assertTrue(lost, "what really loses its time is listed")

    def test_weeks_a_and_b_take_turns(self):
        pattern = self.make_pattern(
            "A and B (test)",
            {"week": 1, "weekday": "0", "time_from": 8, "time_to": 14},
            {"week": 2, "weekday": "0", "time_from": 14, "time_to": 20},
            weeks=2,
        )
        # A Thursday of week B stands for its week.
        turns = self.assign(self.oleg, pattern, anchor=THURSDAY + timedelta(weeks=1))
        made = self.generate(turns, last=MONDAY + timedelta(weeks=3, days=-1))
        worked = made.shifts.filtered(lambda shift: shift.kind == "work")
        self.assertEqual(worked.mapped("time_from"), [14, 8, 14])

    def test_two_on_two_off_counts_from_its_anchor(self):
        pattern = self.make_pattern(
            "2/2 (test)",
            {"time_from": 10, "time_to": 22},
            kind="rotation",
            days_on=2,
            days_off=2,
        )
        turns = self.assign(self.oleg, pattern, anchor=MONDAY + timedelta(days=1))
        made = self.generate(turns)
        kinds = "".join(shift.kind[0] for shift in made.shifts)
        self.assertEqual(kinds, "owwooww")

    def test_a_night_shift_has_its_break_after_midnight(self):
        pattern = self.make_pattern(
            "Night (test)",
            {
                "weekday": "3",
                "time_from": 20,
                "time_to": 4,
                "break_from": 0.5,
                "break_to": 1,
            },
        )
        made = self.generate(self.assign(self.oleg, pattern))
        night = made.shifts.filtered(lambda shift: shift.kind == "work")
        self.assertEqual(night.business_date, THURSDAY)
        self.assertEqual(
            night.break_ids.start, self.at("00:30", THURSDAY + timedelta(days=1))
        )
        self.assertEqual(night.planned_hours, 7.5)

    def test_two_branches_share_a_week(self):
        other = self.env["salon.branch"].create({"name": "Other (test)"})
        weekend = self.make_pattern(
            "Saturday (test)", {"weekday": "5", "time_from": 10, "time_to": 16}
        )
        both = self.assignment | self.assign(self.mia, weekend, other)
        self.generate(both)
        shifts = self.shifts()
        self.assertEqual(shifts.mapped("kind"), ["work"] * 6 + ["off"])
        self.assertEqual(shifts[5].branch_id, other)
        self.generate(self.assignment)
        self.assertEqual(self.shifts(), shifts)

    def test_a_night_before_kept_by_hand_is_not_overlapped(self):
        self.env["salon.shift"].create(
            {
                "staff_id": self.mia.id,
                "branch_id": self.branch.id,
                "business_date": MONDAY,
                "time_from": 20,
                "time_to": 10,
            }
        )
        made = self.generate()
        self.assertIn((self.mia.id, MONDAY + timedelta(days=1)), made.kept)
        self.assertEqual(len(made.shifts), 5)

    def test_the_roster_ends_with_its_assignment(self):
        self.assignment.date_until = THURSDAY
        self.assertEqual(len(self.generate().shifts), 4)
        self.assertEqual(self.assignment.generated_until, THURSDAY)

    def test_months_for_many_cost_no_more_queries(self):
        self.assign(self.oleg)
        everybody = self.assignment.search([("branch_id", "=", self.branch.id)])

        def count(assignments, days):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.generate(assignments, last=MONDAY + timedelta(days=days))
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        few = count(everybody[:1], 6)
        many = count(everybody, 90)
        self.assertLess(many, few + 25)

    @freeze_time("2031-06-12 06:00:00")
    def test_at_night_rosters_are_made_ahead(self):
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *_, **_kw: 1)
        self.assignment.write({"weeks_ahead": 2, "is_published_ahead": True})
        self.env["salon.roster.assignment"]._cron_generate()
        last = THURSDAY + timedelta(weeks=2)
        shifts = self.shifts(last=last + timedelta(weeks=9))
        self.assertEqual(len(shifts), 15)
        self.assertTrue(all(shifts.mapped("is_published")))
        shifts[3].unlink()
        self.env["salon.roster.assignment"]._cron_generate()
        self.assertEqual(len(self.shifts(last=last)), 14, "what was deleted stays so")

    def test_a_stylist_makes_no_roster(self):
        with self.assertRaises(AccessError):
            self.generate(user=self.stylist)

    def test_a_manager_makes_none_in_a_foreign_branch(self):
        self.manager.salon_branch_ids = self.env["salon.branch"].create({"name": "Own"})
        with self.assertRaises(AccessError):
            self.generate()


@tagged("post_install", "-at_install")
class TestPatterns(RosterCase):
    def test_hours_per_week_are_an_average_without_breaks(self):
        self.assertEqual(self.pattern.hours_per_week, 37.5)

    def test_a_day_outside_of_the_cycle_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "outside of the cycle"):
            self.make_pattern("Odd (test)", {"week": 2, "weekday": "0"})

    def test_overlapping_hours_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "overlap"):
            self.pattern.line_ids = [
                Command.create({"weekday": "0", "time_from": 16, "time_to": 20})
            ]

    def test_a_night_into_the_next_days_hours_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "overlap"):
            self.make_pattern(
                "Always (test)",
                {"weekday": "all", "time_from": 10, "time_to": 11},
                {"weekday": "6", "time_from": 20, "time_to": 10.5},
            )

    def test_a_break_outside_of_its_hours_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "not inside"):
            self.pattern.line_ids.break_to = 18

    def test_one_pattern_at_a_time_in_a_branch(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.assign(self.mia, date_from=THURSDAY)
            self.env.flush_all()

    def test_a_new_pattern_ends_the_one_before(self):
        late = self.make_pattern(
            "Late (test)", {"weekday": "all", "time_from": 12, "time_to": 20}
        )
        dialog = (
            self.env["salon.roster.generate"]
            .with_user(self.manager)
            .create(
                {
                    "branch_id": self.branch.id,
                    "staff_ids": self.mia.ids,
                    "pattern_id": late.id,
                    "date_from": THURSDAY,
                    "date_until": SUNDAY,
                }
            )
        )
        dialog.action_generate()
        self.assertEqual(self.assignment.date_until, THURSDAY - timedelta(days=1))
        self.assertEqual(self.shifts().mapped("time_from"), [12] * 4)

    def test_marked_rosters_of_two_branches_are_all_made(self):
        other = self.env["salon.branch"].create(
            {"name": "Other", "tz": self.branch.tz, "resource_calendar_id": False}
        )
        (self.mia | self.oleg).salon_branch_ids |= other
        marked = self.assignment | self.assign(self.oleg, branch=other)
        self.assign(self.oleg)
        dialog = self.open_dialog(marked, date_from=MONDAY, date_until=SUNDAY)
        dialog.action_generate()
        made = self.env["salon.shift"].search(
            [("staff_id", "in", (self.mia | self.oleg).ids), ("kind", "=", "work")]
        )
        self.assertEqual(made.assignment_id, marked)
        self.assertEqual(made.branch_id, self.branch | other)

    def test_a_new_pattern_for_marked_rosters_stays_in_their_branches(self):
        other = self.env["salon.branch"].create({"name": "Other"})
        self.oleg.salon_branch_ids |= other
        late = self.make_pattern(
            "Late (test)", {"weekday": "all", "time_from": 12, "time_to": 20}
        )
        marked = self.assignment | self.assign(self.oleg, branch=other)
        self.open_dialog(
            marked, pattern_id=late.id, date_from=THURSDAY, date_until=SUNDAY
        ).action_generate()
        given = marked.search([("pattern_id", "=", late.id)])
        self.assertEqual(
            {(one.staff_id, one.branch_id) for one in given},
            {(self.mia, self.branch), (self.oleg, other)},
        )

    def open_dialog(self, marked, **values):
        action = marked.with_user(self.manager).action_generate()
        dialog = self.env[action["res_model"]].with_user(self.manager)
        return dialog.with_context(**action["context"]).create(values)

    def test_the_dialog_refuses_a_roster_of_years(self):
        dialog = self.env["salon.roster.generate"].create(
            {
                "branch_id": self.branch.id,
                "date_from": MONDAY,
                "date_until": MONDAY + timedelta(days=3000),
            }
        )
        with self.assertRaisesRegex(UserError, "at once"):
            dialog.action_generate()


@tagged("post_install", "-at_install")
class TestWeeksAndPublishing(RosterCase):
    def copy_week(self, **values):
        return (
            self.env["salon.roster.copy"]
            .with_user(self.manager)
            .create(
                {"branch_id": self.branch.id, "day": THURSDAY, "weeks": 2, **values}
            )
            .action_copy()
        )

    def test_a_week_is_copied_into_the_weeks_after_it(self):
        self.generate()
        self.copy_week()
        later = self.shifts(
            first=SUNDAY + timedelta(days=1), last=SUNDAY + timedelta(weeks=9)
        )
        self.assertEqual(later.mapped("kind"), (["work"] * 5 + ["off"] * 2) * 2)
        self.assertEqual(later[0].break_ids.mapped("time_from"), [13])
        self.assertEqual(later[7].start, self.at("09:00", MONDAY + timedelta(weeks=2)))

    def test_a_copy_leaves_days_by_hand_or_replaces_them(self):
        self.generate()
        own = self.env["salon.shift"].create(
            {
                "staff_id": self.mia.id,
                "branch_id": self.branch.id,
                "business_date": MONDAY + timedelta(weeks=1),
                "time_from": 15,
                "time_to": 20,
            }
        )
        self.copy_week()
        self.assertTrue(own.exists())
        self.copy_week(edited="replace")
        self.assertFalse(own.exists())

    def test_wall_clock_is_kept_over_a_clock_change(self):
        monday = self.env["salon.shift"]._fields["business_date"].to_date("2031-10-20")
        self.env["salon.shift"].create(
            {
                "staff_id": self.mia.id,
                "branch_id": self.branch.id,
                "business_date": monday,
                "time_from": 9,
                "time_to": 17,
            }
        )
        self.copy_week(day=monday, weeks=1)
        copied = self.shifts(
            first=monday + timedelta(weeks=1), last=monday + timedelta(weeks=1)
        )
        self.assertEqual(copied.start, self.at("09:00", monday + timedelta(weeks=1)))
        self.assertEqual(copied.start.hour, 8)

    def test_the_person_is_told_once_of_a_published_roster(self):
        shifts = self.generate().shifts
        before = self.env["mail.message"].search([], order="id desc", limit=1).id
        shifts.with_user(self.manager).action_publish()
        told = self.env["mail.message"].search(
            [
                ("id", ">", before),
                ("partner_ids", "in", self.stylist.partner_id.ids),
            ]
        )
        self.assertEqual(len(told), 1)
        self.assertIn("37:30", told.body)
        shifts.with_user(self.manager).action_publish()
        self.assertEqual(
            self.env["mail.message"].search_count(
                [("id", ">", told.id), ("partner_ids", "in", told.partner_ids.ids)]
            ),
            0,
        )

    def test_publishing_by_the_switch_on_the_form_tells_as_well(self):
        shift = self.generate().shifts[0]
        told = []
        self.patch(type(shift), "_after_publish", lambda shifts: told.append(shifts))
        shift.with_user(self.manager).is_published = True
        shift.note = "Bring the scissors"
        self.assertEqual(told, [shift])

    def test_a_stylist_sees_her_own_published_shifts_only(self):
        shifts = self.generate().shifts | self.generate(self.assign(self.oleg)).shifts
        seen = self.env["salon.shift"].with_user(self.stylist)
        self.assertFalse(seen.search([]) & shifts)
        shifts.with_user(self.manager).action_publish()
        self.assertEqual(set((seen.search([]) & shifts).staff_id), {self.mia})

    def test_only_a_manager_takes_back_a_published_roster(self):
        shifts = self.generate(is_published=True).shifts
        with self.assertRaises(AccessError):
            shifts.with_user(self.receptionist).action_unpublish()
        shifts.with_user(self.manager).action_unpublish()
        self.assertFalse(any(shifts.mapped("is_published")))

    def test_only_managers_read_why_somebody_is_off(self):
        off = self.generate(is_published=True).shifts.filtered(
            lambda shift: shift.kind == "off"
        )[0]
        off.with_user(self.manager).reason_id = self.env.ref(
            "salon_booking.absence_reason_illness"
        )
        with self.assertRaises(AccessError):
            off.with_user(self.receptionist).read(["reason_id"])
        off.with_user(self.manager).kind = "work"
        self.assertFalse(off.reason_id)

from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged, users

from ..engine import clock
from .common import THURSDAY, SalonCase


@tagged("post_install", "-at_install")
@freeze_time("2031-06-10 08:00:00")
class TestDisplacement(SalonCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = cls.env["salon.displacement"]
        cls.anna.email = "anna@example.com"

    def cut(self, person, start="09:00", stop="18:00", date=THURSDAY):
        """Time of a person that is closed now, as the hook of the hours tells it."""
        return {
            person.resource_id.id: [
                (
                    clock.to_minutes(self.at(start, date)),
                    clock.to_minutes(self.at(stop, date)),
                )
            ]
        }

    def be_off(self, person, start="09:00", stop="18:00", date=THURSDAY):
        # As somebody of personnel does it, whoever runs the test.
        return (
            self.env["resource.calendar.leaves"]
            .sudo()
            .create(
                {
                    "name": "Off",
                    "resource_id": person.resource_id.id,
                    "calendar_id": person.resource_calendar_id.id,
                    "date_from": self.at(start, date),
                    "date_to": self.at(stop, date),
                }
            )
        )

    def live(self, *visits):
        return self.rows.search(
            [
                ("appointment_id", "in", [v.appointment_ids.id for v in visits]),
                ("state", "=", "open"),
            ]
        )

    def test_time_that_is_closed_lists_what_was_booked_in_it(self):
        hit = self.book(self.haircut, at="10:00")
        beside = self.book(self.haircut, at="15:00")
        other = self.book(self.haircut, at="10:00", staff=self.oleg)
        found = self.rows._detect(self.cut(self.mia, "09:00", "12:00"), "Ill")
        self.assertEqual(found.appointment_id, hit.appointment_ids)
        self.assertEqual(found.reason, "Mia: Ill")
        self.assertEqual(found.start, self.at("10:00"))
        self.assertFalse(self.live(beside, other))

    def test_a_booking_is_listed_once_however_often_it_is_hit(self):
        visit = self.book(self.haircut)
        self.rows._detect(self.cut(self.mia), "Mia is off")
        self.assertFalse(self.rows._detect(self.cut(self.mia), "Closed"))
        self.assertEqual(len(self.live(visit)), 1)

    def test_a_leave_over_thirty_bookings_makes_thirty_rows_in_few_queries(self):
        def fill(date):
            for number in range(30):
                wall = clock.to_utc(9 * 60 + number * 15).time().isoformat("minutes")
                self.book(self.haircut, at=wall, date=date, duration_minutes=15)

        day = THURSDAY + timedelta(days=1)
        self.book(self.haircut, date=THURSDAY)
        fill(day)
        self.env.flush_all()
        with self.assertQueryCount(3):
            few = self.rows._detect(self.cut(self.mia), "Off")
        with self.assertQueryCount(3):
            many = self.rows._detect(self.cut(self.mia, date=day), "Off")
        self.assertEqual((len(few), len(many)), (1, 30))

    def test_the_managers_of_the_branch_are_told_once_what_is_affected(self):
        self.manager.salon_branch_ids = self.branch
        self.manager.notification_type = "inbox"
        self.book(self.haircut, at="10:00")
        self.book(self.haircut, at="11:00")
        self.rows._detect(self.cut(self.mia), "Ill")._announce()
        told = self.env["mail.message"].search(
            [("notified_partner_ids", "in", self.manager.partner_id.ids)]
        )
        self.assertEqual(len(told), 1)
        self.assertIn(": 2 (", told.body)
        self.assertIn("Mia: Ill", told.body)

    def test_only_bookings_of_the_branch_that_closed_are_listed(self):
        self.book(self.haircut)
        other = self.branch.copy()
        self.assertFalse(self.rows._detect(self.cut(self.mia), "Off", branch=other))

    def test_who_takes_part_in_a_class_is_listed_when_nobody_holds_it(self):
        workshop = self._service("Brow workshop", 60, [("work", 90)])
        workshop.write({"is_salon_group_service": True, "salon_group_capacity": 4})
        event = self.env["salon.group.event"].create(
            {
                "product_id": workshop.id,
                "branch_id": self.branch.id,
                "staff_ids": [Command.set(self.mia.ids)],
                "start": self.at("10:00"),
            }
        )
        visit = self.env["salon.booking"]._join(event, self.anna)
        leave = self.be_off(self.mia)
        row = self.live(visit)
        self.assertEqual(row.staff_id, self.mia)
        self.assertFalse(row.proposals)
        leave.unlink()
        self.assertFalse(self.live(visit))
        self.be_off(self.mia)
        self.rows._check(visit.appointment_ids)
        self.assertTrue(self.live(visit))
        event.write({"staff_ids": [Command.set(self.oleg.ids)]})
        self.assertFalse(self.live(visit))

    def test_what_has_begun_or_is_over_is_not_moved(self):
        visit = self.book(self.haircut)
        visit.action_arrive()
        self.assertFalse(self.rows._detect(self.cut(self.mia), "Off"))
        gone = self.book(self.haircut, at="14:00")
        with freeze_time("2031-06-12 16:00:00"):
            self.assertFalse(self.rows._detect(self.cut(self.mia), "Off"))
        self.assertFalse(self.live(gone))

    def test_a_day_off_lists_what_is_booked_and_its_withdrawal_settles_it(self):
        visit = self.book(self.haircut)
        leave = self.be_off(self.mia)
        row = self.live(visit)
        self.assertEqual(len(row), 1)
        self.assertIn("Mia", row.reason)
        leave.unlink()
        self.assertEqual(row.state, "gone")

    def test_a_shorter_leave_settles_what_it_does_not_hit_any_more(self):
        early, late = self.book(self.haircut), self.book(self.haircut, at="16:00")
        leave = self.be_off(self.mia)
        rows = self.live(early, late)
        self.assertEqual(len(rows), 2)
        leave.date_from = self.at("15:00")
        self.assertEqual([row.state for row in rows.sorted("start")], ["gone", "open"])

    def test_a_shift_that_is_cut_lists_what_was_booked_in_the_rest(self):
        shift = self.env["salon.shift"].create(
            {
                "staff_id": self.mia.id,
                "branch_id": self.branch.id,
                "business_date": THURSDAY,
                "start": self.at("09:00"),
                "stop": self.at("18:00"),
                "is_published": True,
            }
        )
        early, late = self.book(self.haircut), self.book(self.haircut, at="16:00")
        shift.stop = self.at("15:00")
        self.assertEqual(self.live(early, late).appointment_id, late.appointment_ids)

    def test_new_opening_hours_list_what_is_booked_after_closing(self):
        early, late = self.book(self.haircut), self.book(self.haircut, at="17:00")
        hours = self.calendar.copy({"name": "Closes at five"})
        hours.attendance_ids.hour_to = 17
        self.branch.resource_calendar_id = hours
        self.assertEqual(self.live(early, late).appointment_id, late.appointment_ids)

    def test_somebody_who_leaves_the_team_leaves_no_booking_behind(self):
        visit = self.book(self.haircut)
        self.mia.active = False
        self.assertTrue(self.live(visit))

    def test_a_facility_out_of_order_lists_who_is_booked_in_it(self):
        kind = self.env["salon.facility.type"].create({"name": "Sauna (test)"})
        sauna = self.env["salon.facility"].create(
            {"name": "Sauna", "branch_id": self.branch.id, "type_id": kind.id}
        )
        service = self._service("Sauna", 40, [("work", 60)], kind)
        visit = self.book(service, staff=self.env["hr.employee"])
        sauna.active = False
        self.assertIn("Sauna", self.live(visit).reason)

    def test_a_place_that_serves_fewer_seats_others_and_lists_who_is_left(self):
        kind = self.env["salon.facility.type"].create({"name": "Basins (test)"})
        basins = self.env["salon.facility"].create(
            {
                "name": "Basins (test)",
                "branch_id": self.branch.id,
                "type_id": kind.id,
                "capacity": 3,
            }
        )
        service = self._service("Wash", 10, [("work", 60)], kind)
        nobody = self.env["hr.employee"]
        first, second, third = (self.book(service, staff=nobody) for _ in range(3))
        first.appointment_ids._set_state("cancelled", "Ill")
        basins.capacity = 2
        self.assertFalse(self.live(second, third), "each has a basin that is left")
        taken = (second | third).appointment_ids.occupancy_ids
        self.assertEqual(set(taken.mapped("unit")), {1, 2})
        basins.capacity = 1
        row = self.live(second, third)
        self.assertEqual(len(row), 1)
        self.assertIn("Basins (test)", row.reason)
        self.rows._check(row.appointment_id)
        self.assertEqual(row.state, "open", "the nightly check finds it, too")
        basins.capacity = 2
        self.assertEqual(row.state, "gone")

    def test_a_licence_that_ends_before_a_booking_lists_it(self):
        kind = self.env["salon.licence.type"].create(
            {"name": "Scissors permit (test)", "needed_for": "all"}
        )
        licence = self.env["salon.licence"].create(
            {"staff_id": self.mia.id, "type_id": kind.id}
        )
        visit = self.book(self.haircut)
        licence.valid_until = THURSDAY - timedelta(days=1)
        row = self.live(visit)
        self.assertIn("licence", row.reason)
        licence.valid_until = THURSDAY
        self.assertEqual(row.state, "gone")

    def test_the_nightly_check_finds_whatever_lies_outside(self):
        visit = self.book(self.haircut, at="10:00")
        fine = self.book(self.haircut, at="10:00", staff=self.oleg)
        self.be_off(self.mia)
        self.live(visit).unlink()
        self.rows._check(visit.appointment_ids | fine.appointment_ids)
        self.assertTrue(self.live(visit))
        self.assertIn("Mia", self.live(visit).reason)
        self.assertFalse(self.live(fine))

    def test_the_cron_runs_over_everything(self):
        visit = self.book(self.haircut)
        self.be_off(self.mia)
        self.live(visit).unlink()
        with patch.object(type(self.env["ir.cron"]), "_commit_progress") as progress:
            progress.return_value = 100
            self.rows._check_all()
        self.assertTrue(self.live(visit))

    def both(self):
        """One visit: a haircut by Mia, then a blow-dry by Oleg; both are off."""
        visit = self.env["salon.booking"]._book(
            self.branch,
            self.anna,
            [
                {
                    "product_id": service.id,
                    "staff_id": staff.id,
                    "start": self.at(start),
                }
                for service, staff, start in (
                    (self.haircut, self.mia, "10:00"),
                    (self.blowdry, self.oleg, "10:45"),
                )
            ],
        )
        self.be_off(self.mia)
        self.be_off(self.oleg)
        return visit, self.rows.search([("visit_id", "=", visit.id)])

    def decide(self, row, decision):
        action = getattr(row, f"action_{decision}")()
        return (
            self.env["salon.displacement.settle"]
            .with_user(self.env.user)
            .with_context(**action["context"])
            .create({"reason": "Called her"})
        )

    def test_services_of_one_visit_are_one_row_of_the_list(self):
        visit, rows = self.both()
        self.assertEqual(len(rows), 2)
        (row,) = self.rows.search(
            [
                ("visit_id", "=", visit.id),
                ("state", "=", "open"),
                ("is_lead", "=", True),
            ]
        )
        self.assertEqual(row.service_names, "Haircut, Blow-dry")
        self.assertEqual(row.reasons, "Mia: Time off; Oleg: Time off")
        rest = self.rows.search([("visit_id", "=", visit.id), ("is_lead", "=", False)])
        self.assertEqual(rest | row, rows)
        self.assertEqual(rows.mapped("is_lead"), [True, False])

    def test_one_decision_moves_keeps_or_cancels_the_whole_visit(self):
        for decision, state in (("keep", "kept"), ("cancel", "cancelled")):
            with self.subTest(decision), self.env.cr.savepoint() as savepoint:
                _visit, rows = self.both()
                self.decide(rows[0], decision).action_settle()
                self.assertEqual(set(rows.mapped("state")), {state})
                savepoint.rollback()
        _visit, rows = self.both()
        time = rows[0].proposals[0]
        rows[0].action_take(time["start"], time["staff"])
        self.assertEqual(set(rows.mapped("state")), {"moved"})

    def test_when_the_first_is_settled_alone_the_next_one_stands_for_the_visit(self):
        _visit, rows = self.both()
        rows[0].appointment_id._set_state("cancelled", "Only this one")
        self.assertTrue(rows[1].is_lead)
        self.assertEqual(rows[1].service_names, "Blow-dry")

    def test_who_is_reopened_while_nobody_is_there_is_listed_again(self):
        visit = self.book(self.haircut)
        self.be_off(self.mia)
        visit._set_state("cancelled", "by mistake")
        self.assertFalse(self.live(visit))
        visit.action_reopen()
        self.assertEqual(len(self.live(visit)), 1)

    def test_a_withdrawn_leave_closes_the_row(self):
        visit = self.book(self.haircut)
        leave = self.be_off(self.mia)
        self.rows._check(visit.appointment_ids)
        row = self.live(visit)
        leave.unlink()
        self.rows._check(visit.appointment_ids)
        self.assertEqual(row.state, "gone")

    @users("test_receptionist")
    def test_a_receptionist_moves_an_affected_visit_with_one_click(self):
        visit = self.book(self.haircut)
        self.be_off(self.mia)
        self.rows._check(visit.appointment_ids)
        row = self.live(visit).with_user(self.env.user)
        first = row.proposals[0]
        row.action_take(first["start"], first["staff"])
        self.assertEqual(row.state, "moved")
        self.assertEqual(row.closed_user_id, self.env.user)
        self.assertEqual(visit.start, clock.to_utc(first["start"]))
        self.assertIn("Before", visit.message_ids[-1:].body + visit.message_ids[0].body)

    def test_the_client_is_told_in_an_email_that_waits_for_the_commit(self):
        visit = self.book(self.haircut)
        self.be_off(self.mia)
        self.rows._check(visit.appointment_ids)
        row = self.live(visit)
        first = row.proposals[0]
        self.assertIs(row.action_take(first["start"], first["staff"]), True)
        mail = self.env["mail.mail"].search([("res_id", "=", visit.id)])
        self.assertEqual(mail.recipient_ids, self.anna)
        self.assertEqual(mail.state, "outgoing")

    def test_a_client_without_address_is_to_be_called(self):
        visit = self.book(self.haircut, client=self.bella)
        self.be_off(self.mia)
        self.rows._check(visit.appointment_ids)
        row = self.live(visit)
        first = row.proposals[0]
        told = row.action_take(first["start"], first["staff"])
        self.assertIn("Bella", told["params"]["message"])

    def test_proposals_keep_the_person_that_was_asked_for(self):
        visit = self.book(self.haircut, is_requested=True)
        free = self.book(self.haircut, at="12:00")
        self.be_off(self.mia)
        self.rows._check((visit | free).appointment_ids)
        row, other = (self.live(each) for each in (visit, free))
        self.assertEqual(
            {person for each in row.proposals for person in each["staff"]},
            set(self.mia.ids),
        )
        self.assertIn(self.oleg.id, other.proposals[0]["staff"])

    def test_a_longer_list_with_its_proposals_costs_no_more_queries(self):
        def count():
            here = [("branch_id", "=", self.branch.id)]
            self.rows._check(self.env["salon.appointment"].search(here))
            rows = self.rows.with_user(self.receptionist).search(
                [*here, ("state", "=", "open")]
            )
            for _time in range(2):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                self.assertTrue(all(rows.mapped("proposals")))
                queries = self.env.cr.sql_log_count - before
            return len(rows), queries

        self.book(self.haircut)
        self.be_off(self.mia)
        self.be_off(self.oleg)
        short = count()
        for at, service, client in (
            ("12:00", self.blowdry, self.bella),
            ("13:00", self.colour, self.anna),
            ("15:00", self.haircut, self.bella),
        ):
            self.book(service, at=at, client=client)
            self.book(service, at=at, client=client, staff=self.oleg)
        longer = count()
        self.assertGreater(longer[0], short[0] + 5)
        self.assertEqual(longer[1], short[1])

    def test_what_is_moved_or_cancelled_elsewhere_leaves_the_list(self):
        moved, cancelled = self.book(self.haircut), self.book(self.haircut, at="12:00")
        self.be_off(self.mia)
        self.rows._check((moved | cancelled).appointment_ids)
        rows = self.live(moved, cancelled)
        moved.appointment_ids.staff_id = self.oleg
        cancelled._set_state("cancelled", "Ill")
        self.assertEqual(set(rows.mapped("state")), {"moved", "cancelled"})

    def test_a_booking_moved_to_another_closed_time_stays_in_the_list(self):
        visit = self.book(self.haircut)
        self.be_off(self.mia)
        self.rows._check(visit.appointment_ids)
        row = self.live(visit)
        visit.appointment_ids.start = self.at("14:00")
        self.assertEqual((row.state, row.start), ("open", self.at("14:00")))

    def test_a_manager_keeps_it_and_says_why(self):
        visit = self.book(self.haircut)
        self.be_off(self.mia)
        self.rows._check(visit.appointment_ids)
        row = self.live(visit)
        action = row.with_user(self.manager).action_keep()
        dialog = (
            self.env[action["res_model"]]
            .with_user(self.manager)
            .with_context(**action["context"])
            .create({"reason": "She comes in for it"})
        )
        dialog.action_settle()
        self.assertEqual((row.state, row.keep_reason), ("kept", "She comes in for it"))
        self.rows._check(visit.appointment_ids)
        self.assertFalse(self.live(visit))

    def test_a_receptionist_may_not_keep_it(self):
        visit = self.book(self.haircut)
        self.rows._detect(self.cut(self.mia), "Off")
        with self.assertRaisesRegex(AccessError, "squeeze in"):
            self.live(visit).with_user(self.receptionist)._keep("Never mind")

    def test_a_row_cannot_be_settled_twice(self):
        visit = self.book(self.haircut)
        self.rows._detect(self.cut(self.mia), "Off")
        row = self.live(visit)
        row._keep("She comes in")
        with self.assertRaises(UserError):
            row.action_cancel()

    def test_nobody_writes_the_list_by_hand(self):
        visit = self.book(self.haircut)
        self.rows._detect(self.cut(self.mia), "Off")
        with self.assertRaises(AccessError):
            self.live(visit).with_user(self.receptionist).state = "moved"

    def test_a_stylist_sees_own_rows_only(self):
        own, other = self.book(self.haircut), self.book(self.haircut, staff=self.oleg)
        self.rows._detect({**self.cut(self.mia), **self.cut(self.oleg)}, "Closed")
        rows = self.live(own, other)
        self.assertEqual(len(rows), 2)
        self.assertEqual(
            self.rows.with_user(self.stylist).search([]).appointment_id,
            own.appointment_ids,
        )
        self.assertTrue(fields.Datetime.now() < rows[0].start)

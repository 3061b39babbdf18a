from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import mute_logger

from ..engine import clock
from ..engine.wishes import Offer, Part, VisitWish
from ..exceptions import SlotTaken
from .common import THURSDAY, SalonCase


class WalkInCase(SalonCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.receptionist.salon_branch_ids = cls.branch

    def walk_in(self, name, *services, user=None, **values):
        services = services or (self.haircut,)
        return (
            self.env["salon.walk.in"]
            .with_user(user or self.receptionist)
            .create(
                {
                    "name": name,
                    "branch_id": self.branch.id,
                    "product_ids": [(6, 0, [service.id for service in services])],
                    **values,
                }
            )
        )


@tagged("post_install", "-at_install")
@freeze_time("2031-06-12 08:07:20")
class TestWalkIns(WalkInCase):
    """The queue of those who came without an appointment, at 10:07 in the branch."""

    def drawer(self, user=None):
        board = self.env["salon.board"].with_user(user or self.receptionist)
        return board.drawer(self.branch.ids, tab="walk_ins")["drawer"]["rows"]

    def expected(self, walk_in):
        walk_in.invalidate_recordset()
        return walk_in.expected_at, walk_in.expected_staff

    def test_a_first_name_and_a_service_say_when_and_by_whom(self):
        with Form(self.env["salon.walk.in"].with_user(self.receptionist)) as form:
            form.name = "Kenan"
            form.product_ids.add(self.haircut)
            self.assertEqual(form.expected_at, self.at("10:08"))
            self.assertTrue(form.expected_staff)
        walk_in = form.record
        self.assertEqual(walk_in.branch_id, self.branch)
        self.assertEqual(walk_in.promised_at, self.at("10:08"))

    def test_the_least_busy_takes_the_first_and_the_other_one_the_next(self):
        self.book(self.blowdry, at="14:00", staff=self.mia)
        first, second, third = (self.walk_in(name) for name in "ABC")
        self.assertEqual(self.expected(first), (self.at("10:08"), "Oleg"))
        self.assertEqual(self.expected(second), (self.at("10:08"), "Mia"))
        # Both need until 10:53; promised are whole five minutes.
        self.assertEqual(self.expected(third)[0], self.at("10:55"))

    def test_a_class_is_work_of_one_time_however_many_take_part(self):
        lesson = self._service("Lesson", 20, [("work", 60)])
        lesson.write({"is_salon_group_service": True, "salon_group_capacity": 5})
        event = self.env["salon.group.event"].create(
            {
                "product_id": lesson.id,
                "branch_id": self.branch.id,
                "staff_ids": [(6, 0, self.mia.ids)],
                "start": self.at("14:00"),
            }
        )
        for _place in range(5):
            self.env["salon.booking"]._join(event, self.env["res.partner"])
        self.book(self.colour, at="14:00", staff=self.oleg)
        self.book(self.colour, at="16:00", staff=self.oleg)
        self.assertEqual(self.expected(self.walk_in("A"))[1], "Mia")

    def test_several_who_want_two_services_are_shared_out_as_well(self):
        both = [
            self.walk_in(name, self.haircut, self.blowdry, party_size=size)
            for name, size in (("A", 1), ("B", 2))
        ]
        rows = {row["id"]: row for row in self.drawer()}
        expected = [rows[walk_in.id]["expected"] for walk_in in both]
        # The first takes one person from beginning to end, the second the other.
        self.assertEqual(expected, [clock.to_minutes(self.at("10:08"))] * 2)
        self.assertNotEqual(rows[both[0].id]["by"], rows[both[1].id]["by"])
        # Of the party the other one waits for whoever is done first.
        self.assertEqual(self.expected(self.walk_in("C"))[0], self.at("11:25"))

    def test_who_waits_for_one_person_leaves_the_others_free(self):
        self.book(self.haircut, at="10:00", staff=self.mia, duration_minutes=60)
        mine = self.walk_in("A", staff_id=self.mia.id)
        other = self.walk_in("B")
        self.assertEqual(self.expected(mine), (self.at("11:00"), "Mia"))
        self.assertEqual(self.expected(other), (self.at("10:08"), "Oleg"))

    def test_everybody_moves_up_when_somebody_leaves(self):
        self.book(self.haircut, at="10:00", staff=self.mia, duration_minutes=480)
        first, second = self.walk_in("A"), self.walk_in("B")
        self.assertEqual(self.expected(second)[0], self.at("10:55"))
        first._leave("too_long")
        self.assertEqual(self.expected(second), (self.at("10:08"), "Oleg"))
        self.assertEqual(second.promised_at, self.at("10:55"))
        self.assertFalse(second.is_late)

    def test_everybody_moves_up_when_an_appointment_is_cancelled(self):
        self.book(self.haircut, at="10:00", staff=self.mia, duration_minutes=480)
        taken = self.book(
            self.haircut, at="10:00", staff=self.oleg, duration_minutes=60
        )
        walk_in = self.walk_in("A")
        self.assertEqual(self.expected(walk_in)[0], self.at("11:00"))
        taken.appointment_ids._set_state("cancelled", "ill")
        self.assertEqual(self.expected(walk_in)[0], self.at("10:08"))

    def work_until(self, hour):
        """Mia is there until so late in the night, Oleg goes at six."""
        self.branch.resource_calendar_id = False
        self.env["salon.shift"].create(
            {
                "staff_id": self.mia.id,
                "branch_id": self.branch.id,
                "business_date": THURSDAY,
                "time_from": 15,
                "time_to": hour,
                "is_published": True,
            }
        )

    @freeze_time("2031-06-12 21:30:00")
    def test_at_night_somebody_is_taken_after_midnight_by_who_is_still_there(self):
        self.work_until(3)
        self.book(self.haircut, at="23:20", staff=self.mia)
        for services in ((self.haircut,), (self.haircut, self.blowdry)):
            walk_in = self.walk_in("Kenan", *services)
            friday = THURSDAY + self.days(1)
            self.assertEqual(
                self.expected(walk_in), (self.at("00:05", friday), "Mia"), services
            )
            walk_in._leave("later")

    @freeze_time("2031-06-12 21:30:00")
    def test_nobody_is_told_to_wait_until_the_next_morning(self):
        self.work_until(24)
        self.book(self.haircut, at="23:20", staff=self.mia)
        self.assertEqual(self.expected(self.walk_in("Kenan")), (False, False))

    def done_early(self):
        """Mia is busy all day, Oleg is done with an hour's work after 7 minutes."""
        self.book(self.haircut, at="10:30", staff=self.mia, duration_minutes=440)
        visit = self.book(
            self.haircut, at="10:00", staff=self.oleg, duration_minutes=60
        )
        visit.appointment_ids._set_state("done")
        return visit

    def test_who_is_done_early_takes_the_next_at_once_where_that_is_wanted(self):
        self.branch.frees_when_done = True
        self.done_early()
        walk_in = self.walk_in("Kenan")
        self.assertEqual(self.expected(walk_in), (self.at("10:08"), "Oleg"))
        walk_in.action_start()
        self.assertEqual(walk_in.visit_ids.appointment_ids.staff_id, self.oleg)

    def test_undoing_done_early_takes_the_rest_back(self):
        self.branch.frees_when_done = True
        appointment = self.book(self.haircut, at="10:00").appointment_ids
        appointment._set_state("in_service")
        board = self.env["salon.board"].with_user(self.manager)
        done = board.set_state(appointment.ids, "done")
        self.assertLess(max(appointment.occupancy_ids.mapped("stop")), appointment.stop)
        self.assertTrue(board.undo(done["undo"])["ok"])
        self.assertEqual(
            max(appointment.occupancy_ids.mapped("stop")), appointment.stop
        )

    def test_else_the_time_stays_taken(self):
        self.done_early()
        self.assertEqual(self.expected(self.walk_in("Kenan"))[0], self.at("11:00"))

    def test_what_is_undone_takes_its_time_again_if_it_is_still_free(self):
        self.branch.frees_when_done = True
        visit = self.done_early()
        visit.appointment_ids._set_state("in_service")
        walk_in = self.walk_in("Kenan")
        self.assertEqual(self.expected(walk_in)[0], self.at("11:00"))
        visit.appointment_ids._set_state("done")
        walk_in.action_start()
        with self.assertRaises(SlotTaken), self.env.cr.savepoint():
            visit.appointment_ids._set_state("in_service")

    def test_a_change_of_the_visit_leaves_alone_what_was_done_early(self):
        self.branch.frees_when_done = True
        visit = self.done_early()
        later = (
            self.env["salon.booking"]
            ._add_offer(
                visit,
                VisitWish(self.branch.id, ()),
                Offer(
                    0,
                    0,
                    (
                        Part(
                            self.blowdry.id,
                            self.oleg.id,
                            clock.to_minutes(self.at("12:00")),
                            clock.to_minutes(self.at("12:30")),
                        ),
                    ),
                ),
            )
            .appointment_ids[-1]
        )
        self.walk_in("Kenan").action_start()
        later.start = self.at("12:15")
        self.assertEqual(later.start, self.at("12:15"))

    def test_start_books_begins_and_ends_the_wait(self):
        walk_in = self.walk_in("Kenan", note="in a hurry")
        with freeze_time("2031-06-12 08:20:00"):
            self.assertEqual(walk_in.wait_minutes, 12)
            walk_in.action_start()
        visit = walk_in.visit_ids
        self.assertEqual(visit.state, "in_service")
        self.assertEqual(visit.source, "walk_in")
        self.assertEqual(visit.note, "Kenan: in a hurry")
        self.assertEqual(visit.start, self.at("10:20"))
        self.assertEqual(visit.appointment_ids.arrived_at, walk_in.arrived_at)
        self.assertEqual(walk_in.state, "started")
        self.assertEqual(walk_in.wait_minutes, 12)

    def test_of_several_services_the_first_begins_and_the_others_wait(self):
        walk_in = self.walk_in(
            "Kenan", self.haircut, self.blowdry, client_id=self.anna.id
        )
        walk_in.action_start()
        first, second = walk_in.visit_ids.appointment_ids.sorted("start")
        self.assertEqual((first.state, second.state), ("in_service", "arrived"))
        self.assertEqual(walk_in.visit_ids.client_id, self.anna)

    def test_nobody_is_started_twice(self):
        walk_in = self.walk_in("Kenan")
        walk_in.action_start()
        with self.assertRaisesRegex(UserError, "does not wait any more"):
            walk_in.action_start()
        self.assertEqual(len(walk_in.visit_ids), 1)

    @mute_logger("odoo.sql_db")
    def test_the_database_takes_each_guest_once(self):
        walk_in = self.walk_in("Kenan")
        walk_in.action_start()
        other = self.book(self.blowdry, at="15:00")
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            other.write({"walk_in_id": walk_in.id, "walk_in_guest": 1})
            other.flush_recordset()

    def test_of_a_party_each_is_taken_on_his_own(self):
        party = self.walk_in("Emil", party_size=2, client_id=self.anna.id)
        party.with_context(salon_walk_in_guest=1).action_start()
        self.assertEqual((party.state, party.seated), ("waiting", 1))
        with self.assertRaisesRegex(UserError, "just been taken"):
            party.with_context(salon_walk_in_guest=1).action_start()
        party.with_context(salon_walk_in_guest=2).action_start()
        self.assertEqual(party.state, "started")
        first, second = party.visit_ids.sorted("walk_in_guest")
        self.assertEqual(first.client_id, self.anna)
        self.assertFalse(second.client_id)
        self.assertNotEqual(
            first.appointment_ids.staff_id, second.appointment_ids.staff_id
        )

    def test_when_nobody_is_free_it_says_who_will_be_and_keeps_the_guest(self):
        for staff in (self.mia, self.oleg):
            self.book(self.haircut, at="10:00", staff=staff, duration_minutes=60)
        walk_in = self.walk_in("Kenan")
        self.assertFalse(walk_in.can_start)
        with (
            self.assertRaisesRegex(UserError, "Expected at 11:00"),
            self.env.cr.savepoint(),
        ):
            walk_in.action_start()
        walk_in.invalidate_recordset()
        self.assertEqual((walk_in.state, walk_in.seated), ("waiting", 0))

    def test_a_gap_that_is_too_short_is_not_offered(self):
        for staff in (self.mia, self.oleg):
            self.book(self.haircut, at="10:30", staff=staff)
        walk_in = self.walk_in("Kenan")
        self.assertEqual(self.expected(walk_in)[0], self.at("11:15"))

    def test_a_long_wait_and_a_broken_promise_are_seen(self):
        walk_in = self.walk_in("Kenan")
        self.assertFalse(walk_in.is_long_wait or walk_in.is_late)
        with freeze_time("2031-06-12 08:30:00"):
            walk_in.invalidate_recordset()
            self.assertTrue(walk_in.is_long_wait and walk_in.is_late)

    def test_leaving_and_coming_back(self):
        walk_in = self.walk_in("Kenan")
        wizard = self.env["salon.walk.in.leave"].with_user(self.receptionist)
        wizard.create({"walk_in_id": walk_in.id}).action_leave()
        self.assertEqual((walk_in.state, walk_in.left_reason), ("left", "too_long"))
        walk_in.action_wait_again()
        self.assertEqual((walk_in.state, walk_in.left_reason), ("waiting", False))

    def test_whoever_was_forgotten_has_gone_home(self):
        walk_in = self.walk_in("Kenan")
        with freeze_time("2031-06-13 08:00:00"):
            self.env["salon.walk.in"]._gc_forgotten()
        self.assertEqual(walk_in.left_reason, "not_served")

    def test_without_services_nobody_can_wait(self):
        with self.assertRaises(ValidationError):
            self.walk_in("Kenan", self.shampoo)

    def test_what_the_system_keeps_is_not_set_by_hand(self):
        walk_in = self.walk_in("Kenan")
        for values in (
            {"state": "started"},
            {"seated": 1},
            {"promised_at": self.at("09:00")},
        ):
            with self.assertRaises(AccessError):
                walk_in.write(values)
        visit = self.book(self.blowdry, at="15:00", user=self.receptionist)
        with self.assertRaises(AccessError):
            visit.write({"walk_in_id": walk_in.id})

    def test_other_branches_and_stylists_see_no_queue(self):
        walk_in = self.walk_in("Kenan")
        other = self.env["salon.branch"].create({"name": "Elsewhere"})
        self.receptionist.salon_branch_ids = other
        self.assertFalse(self.drawer())
        with self.assertRaises(AccessError):
            walk_in.action_start()
        self.assertFalse(self.drawer(self.stylist))
        with self.assertRaises(AccessError):
            walk_in.with_user(self.stylist).read(["expected_at"])

    def test_the_board_gets_who_waits_in_order(self):
        second = self.walk_in("B")
        first = self.walk_in("A", sequence=1, party_size=2)
        rows = self.drawer()
        self.assertEqual([row["id"] for row in rows], (first | second).ids)
        self.assertEqual(rows[0]["services"], "Haircut")
        self.assertEqual(rows[0]["expected"], clock.to_minutes(self.at("10:08")))
        self.assertTrue(rows[0]["can_start"])
        # The two of A come first; B is next when they are done.
        self.assertEqual(rows[1]["expected"], clock.to_minutes(self.at("10:55")))
        self.assertFalse(rows[1]["can_start"])
        self.assertIn(rows[1]["by"], (self.mia.ids, self.oleg.ids))

    def test_a_longer_queue_costs_no_more_queries_whatever_is_wished(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.drawer()
            return self.env.cr.sql_log_count - before

        self.walk_in("A", self.haircut, self.blowdry, client_id=self.anna.id)
        count()
        short = count()
        self.assertLessEqual(short, 16)
        for number in range(4):
            client = self.env["res.partner"].create({"name": f"More {number}"})
            self.walk_in("Haircut", client_id=client.id)
            self.walk_in("Blow-dry", self.blowdry)
            self.walk_in("Mia's", self.colour, staff_id=self.mia.id)
            self.walk_in("Both", self.blowdry, self.haircut)
        self.assertEqual(count(), short)


@tagged("post_install", "-at_install")
class TestWalkInTours(WalkInCase, HttpCase):
    def test_a_walk_in_goes_from_the_door_to_the_chair(self):
        self.haircut.name = "Haircut of the Tour"
        # Whatever time it is now, somebody works.
        self.calendar.attendance_ids.write({"hour_from": 0, "hour_to": 24})
        now = fields.Datetime.now()
        self.start_tour(
            "/odoo/salon-walk-ins",
            "salon_walk_in_from_door_to_chair",
            login="test_receptionist",
        )
        walk_in = self.env["salon.walk.in"].search(
            [("name", "=", "Kenan"), ("create_date", ">=", now)]
        )
        self.assertEqual(walk_in.state, "started")
        self.assertEqual(walk_in.visit_ids.state, "in_service")
        gone = self.env["salon.walk.in"].search([("name", "=", "Sofia of the Tour")])
        self.assertEqual(gone.left_reason, "changed_mind")

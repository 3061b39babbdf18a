from datetime import timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from ..engine import clock
from ..engine.wishes import (
    ANY_ORDER,
    DIFFERENT_STAFF,
    SAME_STAFF,
    TOGETHER,
    ServiceWish,
    VisitWish,
)
from ..exceptions import SlotTaken
from .common import THURSDAY, SalonCase


@tagged("post_install", "-at_install")
@freeze_time("2031-06-01 08:00:00")
class TestVisitSearch(SalonCase):
    """Visits of several services, with people and places for each."""

    def wish(self, *services, staff=None, **rules):
        return VisitWish(
            self.branch.id,
            tuple(
                service
                if isinstance(service, ServiceWish)
                else ServiceWish(service.id, staff and tuple(staff.ids))
                for service in services
            ),
            **rules,
        )

    def offers(self, wish, day=THURSDAY, user=None):
        env = self.env(user=user or self.receptionist)
        return env["salon.availability"]._find_offers(wish, day, day)

    def wall(self, minute):
        return clock.local(minute, self.branch.tz).strftime("%H:%M")

    def times(self, wish, **kwargs):
        return [self.wall(offer.start) for offer in self.offers(wish, **kwargs)]

    def parts(self, offer):
        return [
            (
                self.wall(part.start),
                self.env["product.product"].browse(part.product),
                self.env["hr.employee"].browse(part.staff),
            )
            for part in offer.parts
        ]

    def take_day_off(self, person, day=THURSDAY):
        start = clock.to_utc(clock.day_bounds(day, self.branch.tz)[0])
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Day off",
                "resource_id": person.resource_id.id,
                "calendar_id": person.resource_calendar_id.id,
                "date_from": start,
                "date_to": start + timedelta(days=1),
            }
        )

    def test_services_follow_each_other_with_the_same_person(self):
        wish = self.wish(self.colour, self.haircut, staff_rule=SAME_STAFF)
        first = self.offers(wish)[0]
        (_, _, one), (time, _, other) = self.parts(first)
        self.assertEqual(one, other)
        # After 85 minutes for the client and 5 for tidying up.
        self.assertEqual(time, "10:30")

    def test_different_people_need_not_wait_for_each_others_tidying_up(self):
        wish = self.wish(self.colour, self.haircut, staff_rule=DIFFERENT_STAFF)
        (_, _, one), (time, _, other) = self.parts(self.offers(wish)[0])
        self.assertNotEqual(one, other)
        self.assertEqual(time, "10:25")

    def test_any_order_finds_what_the_given_order_does_not(self):
        only_early = self.wish(self.haircut, self.blowdry, staff=self.mia)
        self.book(self.colour, at="09:45")
        self.book(self.haircut, at="11:15")
        self.book(self.colour, at="12:00")
        self.book(self.colour, at="13:30")
        self.book(self.colour, at="15:00")
        self.book(self.haircut, at="16:30")
        self.book(self.haircut, at="17:15")
        self.assertEqual(self.times(only_early), [])
        given = self.wish(self.blowdry, self.haircut, order=ANY_ORDER)
        self.assertTrue(self.times(given))

    def test_four_hands_begin_together_with_two_people(self):
        wish = self.wish(self.haircut, self.blowdry, order=TOGETHER)
        (one_time, _, one), (other_time, _, other) = self.parts(self.offers(wish)[0])
        self.assertEqual(one_time, other_time)
        self.assertEqual({one, other}, {self.mia, self.oleg})
        self.take_day_off(self.oleg)
        self.assertEqual(self.times(wish), [])

    def test_every_offer_of_several_services_can_be_booked(self):
        self.book(self.haircut, at="10:10")
        self.book(self.colour, at="13:20", staff=self.oleg)
        wish = self.wish(self.colour, self.blowdry, self.haircut)
        offers = self.offers(wish)
        self.assertGreater(len(offers), 5)
        booking = self.env(user=self.receptionist)["salon.booking"]
        for offer in offers:
            with self.env.cr.savepoint() as savepoint:
                visit = booking._book_offer(wish, offer)
                self.assertEqual(len(visit.appointment_ids), 3)
                self.assertTrue(visit.appointment_ids.occupancy_ids)
                savepoint.rollback()

    def test_services_of_one_person_are_summed_and_rounded_up_once(self):
        self.env["salon.booking.policy"].create(
            {"branch_id": self.branch.id, "round_minutes": 20, "lead_minutes": 0}
        )
        wish = self.wish(self.haircut, self.blowdry, staff=self.mia)
        offer = next(o for o in self.offers(wish) if self.wall(o.start) == "10:00")
        visit = self.env["salon.booking"]._book_offer(wish, offer)
        # 45 + 30 minutes become 80, and only the time behind them is taken.
        taken = visit.appointment_ids.occupancy_ids
        self.assertEqual(max(taken.mapped("stop")), self.at("11:20"))
        with self.assertRaises(SlotTaken):
            self.book(self.blowdry, at="11:15")

    def test_a_visit_may_not_wait_longer_than_wished(self):
        self.take_day_off(self.oleg)
        self.book(self.blowdry, at="10:00", staff=self.mia)
        haircut = self.wish(self.haircut, self.blowdry, max_wait=0)
        self.assertNotIn("09:15", self.times(haircut))
        patient = self.wish(self.haircut, self.blowdry, max_wait=30)
        # The branch itself lets nobody wait longer than a quarter of an hour.
        self.assertNotIn("09:15", self.times(patient))

    def test_who_is_least_busy_that_day_is_offered_first(self):
        self.env["salon.booking.policy"].create(
            {"branch_id": self.branch.id, "choice": "least_busy", "lead_minutes": 0}
        )
        self.book(self.haircut, at="15:00", staff=self.mia)
        ((_, _, chosen),) = self.parts(self.offers(self.wish(self.haircut))[0])
        self.assertEqual(chosen, self.oleg)
        self.book(self.colour, at="15:00", staff=self.oleg)
        ((_, _, chosen),) = self.parts(self.offers(self.wish(self.haircut))[0])
        self.assertEqual(chosen, self.mia)

    def test_a_level_may_be_asked_for(self):
        senior = self.env["salon.staff.level"].create({"name": "Senior (test)"})
        self.oleg.salon_level_id = senior
        wish = self.wish(ServiceWish(self.haircut.id, level=senior.id))
        self.assertEqual(
            {part.staff for offer in self.offers(wish) for part in offer.parts},
            {self.oleg.id},
        )

    def test_a_client_who_needs_longer_is_offered_only_what_is_long_enough(self):
        self.env["salon.client.timing"].create(
            {
                "client_id": self.anna.id,
                "product_tmpl_id": self.haircut.product_tmpl_id.id,
                "extra_minutes": 15,
            }
        )
        wish = self.wish(self.haircut, client=self.anna.id)
        last = self.offers(wish)[-1]
        self.assertEqual((self.wall(last.start), last.stop - last.start), ("17:00", 60))

    def test_a_daily_limit_closes_the_day_for_the_person(self):
        self.mia.salon_daily_cap = 1
        self.book(self.blowdry, at="09:00")
        self.assertEqual(self.times(self.wish(self.haircut, staff=self.mia)), [])
        tomorrow = THURSDAY + timedelta(days=1)
        self.assertTrue(
            self.times(self.wish(self.haircut, staff=self.mia), day=tomorrow)
        )

    def test_times_without_small_holes_when_the_branch_wants_that(self):
        self.env["salon.booking.policy"].create(
            {
                "branch_id": self.branch.id,
                "gap_strategy": "min_hole",
                "min_hole_minutes": 30,
                "lead_minutes": 0,
            }
        )
        self.book(self.haircut, at="10:00")
        times = self.times(self.wish(self.haircut, staff=self.mia))
        self.assertEqual(times[:3], ["10:45", "11:15", "11:30"])

    def test_times_from_the_end_of_each_booking_and_at_edges_only(self):
        """Golden S1 and S2."""
        rules = self.env["salon.booking.policy"].create(
            {
                "branch_id": self.branch.id,
                "grid_mode": "reanchored",
                "grid_minutes": 60,
            }
        )
        self.book(self.blowdry, at="09:00")
        wish = self.wish(self.haircut, staff=self.mia)
        self.assertEqual(self.times(wish)[:3], ["09:30", "10:30", "11:30"])
        rules.write({"grid_mode": "fixed", "grid_minutes": 15, "gap_strategy": "edges"})
        self.assertEqual(self.times(wish), ["09:30", "17:15"])
        empty = self.times(wish, day=THURSDAY + timedelta(days=1))
        self.assertEqual(empty[:2], ["09:00", "09:15"])

    def test_what_is_for_today_alone_is_offered_today_alone(self):
        self.env["salon.booking.policy"].create(
            {"branch_id": self.branch.id, "same_day_only": True}
        )
        wish = self.wish(self.haircut, staff=self.mia)
        today = THURSDAY.replace(day=1)
        self.assertEqual(self.times(wish, day=today)[0], "10:00")
        self.assertFalse(self.times(wish, day=today + timedelta(days=1)))

    def test_a_woman_may_be_asked_for(self):
        self.mia.sex, self.oleg.sex = "female", "male"
        offers = self.offers(self.wish(ServiceWish(self.haircut.id, gender="female")))
        self.assertEqual({offer.parts[0].staff for offer in offers}, {self.mia.id})

    def places(self, *kinds):
        """A facility of each kind, given as values of its type."""
        types = self.env["salon.facility.type"].create(list(kinds))
        return self.env["salon.facility"].create(
            [
                {"name": kind.name, "branch_id": self.branch.id, "type_id": kind.id}
                for kind in types
            ]
        )

    def done_by_both(self, name, place):
        service = self._service(name, 20, [("work", 30)], place.type_id)
        (self.mia | self.oleg).salon_skill_ids = [
            Command.create({"product_tmpl_id": service.product_tmpl_id.id})
        ]
        return service

    def test_a_room_is_kept_all_along_and_a_basin_while_rinsing(self):
        cabin, basin = self.places(
            {"name": "Cabin (test)", "is_kept_for_visit": True},
            {"name": "Basin (test)"},
        )
        facial, massage = (
            self.done_by_both(name, cabin) for name in ("Facial", "Massage")
        )
        rinse = self.done_by_both("Rinse", basin)
        visit = self.env["salon.booking"]._book(
            self.branch,
            self.anna,
            [
                {
                    "product_id": service.id,
                    "staff_id": self.mia.id,
                    "start": self.at(wall),
                }
                for service, wall in (
                    (facial, "10:00"),
                    (rinse, "10:30"),
                    (massage, "11:00"),
                )
            ],
        )
        taken = visit.appointment_ids.occupancy_ids
        for place, minutes in ((cabin, 90), (basin, 30)):
            rows = taken.filtered(
                lambda row, place=place: row.resource_id == place.resource_id
            )
            length = sum((row.stop - row.start for row in rows), timedelta())
            self.assertEqual(length, timedelta(minutes=minutes))
        times = self.times(self.wish(facial, staff=self.oleg))
        self.assertNotIn("10:30", times)
        self.assertIn("11:30", times)
        self.assertIn("11:00", self.times(self.wish(rinse, staff=self.oleg)))

    def test_a_place_may_be_for_one_person_or_one_service_only(self):
        chair = self.places({"name": "Chair (test)"})
        shave = self.done_by_both("Shave", chair)
        by_mia, by_oleg = (
            self.wish(shave, staff=staff) for staff in (self.mia, self.oleg)
        )
        chair.staff_ids = self.mia
        self.assertTrue(self.times(by_mia))
        self.assertFalse(self.times(by_oleg))
        with self.assertRaises(SlotTaken), self.env.cr.savepoint():
            self.book(shave, staff=self.oleg)
        chair.write(
            {
                "staff_ids": [Command.clear()],
                "product_tmpl_ids": [Command.set(self.haircut.product_tmpl_id.ids)],
            }
        )
        self.assertFalse(self.times(by_mia))
        chair.product_tmpl_ids = shave.product_tmpl_id
        self.assertTrue(self.times(by_oleg))

    def test_the_best_times_are_marked_and_all_are_shown(self):
        self.take_day_off(self.oleg)
        self.book(self.haircut, at="12:00")
        offers = self.offers(self.wish(self.haircut))
        best = [self.wall(offer.start) for offer in offers if offer.is_best]
        self.assertIn("09:00", best)
        self.assertNotIn("09:15", best)
        self.assertIn("09:15", [self.wall(offer.start) for offer in offers])

    def test_an_assistant_washes_while_the_stylist_is_free(self):
        assistant = self.env["hr.employee"].create(
            {
                "name": "Ina",
                "is_salon_staff": True,
                "salon_branch_ids": [Command.set(self.branch.ids)],
                "resource_calendar_id": self.calendar.id,
            }
        )
        wash = self._service("Wash and cut", 60, [("work", 15), ("finish", 45)])
        wash.salon_phase_ids[0].assistant_ids = assistant
        self.mia.salon_skill_ids = [
            Command.create({"product_tmpl_id": wash.product_tmpl_id.id})
        ]
        visit = self.book(wash, at="10:00")
        taken = visit.appointment_ids.occupancy_ids.sorted("start")
        self.assertEqual(
            taken.resource_id, assistant.resource_id | self.mia.resource_id
        )
        self.assertEqual(taken[0].resource_id, assistant.resource_id)
        self.book(self._quarter(), at="10:00")
        # The assistant washes one client at a time.
        self.assertNotIn("10:00", self.times(self.wish(wash)))

    def _quarter(self):
        quick = self._service("Fringe", 10, [("work", 15)])
        self.mia.salon_skill_ids = [
            Command.create({"product_tmpl_id": quick.product_tmpl_id.id})
        ]
        return quick

    def test_a_booking_changes_its_basin_when_that_makes_room(self):
        """Two basins taken crosswise: free at every moment, none for the whole time."""
        basin = self.env["salon.facility.type"].create({"name": "Basin (test)"})
        self.env["salon.facility"].create(
            [
                {"name": name, "branch_id": self.branch.id, "type_id": basin.id}
                for name in ("Basin 1", "Basin 2")
            ]
        )
        short = self._service("Rinse", 10, [("work", 30)], basin)
        long = self._service("Long rinse", 10, [("work", 60)], basin)
        people = self.mia | self.oleg
        third = self.env["hr.employee"].create(
            {
                "name": "Third",
                "is_salon_staff": True,
                "salon_branch_ids": [Command.set(self.branch.ids)],
                "resource_calendar_id": self.calendar.id,
            }
        )
        for person in people | third:
            person.salon_skill_ids = [
                Command.create({"product_tmpl_id": one.product_tmpl_id.id})
                for one in (short, long)
            ]
        first = self.book(short, at="10:00", staff=self.mia)
        gone = self.book(short, at="10:30", staff=self.mia)
        second = self.book(short, at="10:00", staff=self.oleg)
        late = self.book(short, at="10:30", staff=self.oleg)
        (gone | second).action_no_show()
        taken = (first | late).appointment_ids.occupancy_ids.filtered(
            lambda row: row.resource_id.resource_type == "material"
        )
        self.assertEqual(len(taken.resource_id), 2)
        wish = self.wish(long, staff=third)
        self.assertIn("10:00", self.times(wish))
        visit = self.book(long, at="10:00", staff=third)
        self.assertTrue(visit.appointment_ids.occupancy_ids)
        taken.invalidate_recordset()
        seats = (first | late).appointment_ids.occupancy_ids.filtered(
            lambda row: row.resource_id.resource_type == "material"
        )
        self.assertEqual(len(seats.resource_id), 1)

    def test_two_appointments_swap_their_times(self):
        one = self.book(self.haircut, at="10:00").appointment_ids
        other = self.book(
            self.haircut, at="14:00", staff=self.oleg, client=self.bella
        ).appointment_ids
        self.env["salon.booking"]._swap(one, other)
        self.assertEqual((one.start, one.staff_id), (self.at("14:00"), self.oleg))
        self.assertEqual((other.start, other.staff_id), (self.at("10:00"), self.mia))

    def test_a_whole_visit_moves_or_stays(self):
        wish = self.wish(self.haircut, self.blowdry, staff=self.mia)
        offers = self.offers(wish)
        visit = self.env["salon.booking"]._book_offer(wish, offers[0])
        later = next(offer for offer in offers if self.wall(offer.start) == "14:00")
        self.env["salon.booking"]._move(visit, later)
        self.assertEqual(visit.start, self.at("14:00"))
        self.book(self.haircut, at="10:00", client=self.bella)
        crash = next(offer for offer in offers if self.wall(offer.start) == "09:30")
        with self.assertRaises(SlotTaken), self.env.cr.savepoint():
            self.env["salon.booking"]._move(visit, crash)
        visit.invalidate_recordset()
        self.assertEqual(visit.start, self.at("14:00"))

    def test_a_held_time_is_nobody_elses_until_it_expires(self):
        wish = self.wish(self.haircut, staff=self.mia)
        offer = self.offers(wish)[0]
        hold = self.env["salon.booking"]._hold(self.branch, offer.parts, 10)
        self.assertNotIn("09:00", self.times(wish))
        with self.assertRaises(SlotTaken), self.env.cr.savepoint():
            self.book(self.haircut, at="09:00")
        with freeze_time("2031-06-01 08:11:00"):
            self.assertIn("09:00", self.times(wish))
            self.book(self.haircut, at="09:00", client=self.bella)
        self.assertFalse(hold.occupancy_ids.exists())

    def test_an_expired_hold_that_nobody_dropped_would_stay_in_the_way(self):
        """The control of the test above: what the booking does about it matters."""
        self.patch(
            self.env.registry["salon.claim"], "_drop_expired", lambda *_args: False
        )
        offer = self.offers(self.wish(self.haircut, staff=self.mia))[0]
        self.env["salon.booking"]._hold(self.branch, offer.parts, 10)
        with (
            freeze_time("2031-06-01 08:11:00"),
            self.assertRaises(SlotTaken),
            self.env.cr.savepoint(),
        ):
            self.book(self.haircut, at="09:00", client=self.bella)

    def test_who_holds_a_time_can_book_it(self):
        wish = self.wish(self.haircut, staff=self.mia)
        offer = self.offers(wish)[0]
        booking = self.env["salon.booking"]
        hold = booking._hold(self.branch, offer.parts, 10)
        visit = booking._book_offer(wish, offer, hold=hold)
        self.assertEqual(visit.start, self.at("09:00"))
        self.assertFalse(hold.exists())

    def test_the_way_between_two_branches_stays_free(self):
        other = self.env["salon.branch"].create(
            {
                "name": "Other Branch",
                "tz": "Europe/Brussels",
                "resource_calendar_id": self.calendar.id,
            }
        )
        self.mia.write(
            {
                "salon_travel_minutes": 30,
                "salon_branch_ids": [Command.link(other.id)],
            }
        )
        self.book(self.haircut, at="10:00")
        times = [
            self.wall(part.start)
            for part in self.env["salon.availability"]._search_slots(
                other, self.haircut, THURSDAY, THURSDAY, self.mia
            )
        ]
        self.assertEqual(times[0], "11:15")
        with self.assertRaises(SlotTaken), self.env.cr.savepoint():
            self.book(self.haircut, at="11:00", branch=other, client=self.bella)
        self.book(self.haircut, at="11:15", branch=other, client=self.bella)

    def test_a_search_costs_at_most_eight_queries_whatever_its_size(self):
        env = self.env(user=self.receptionist)
        wish = self.wish(self.haircut)

        def queries(days):
            self.env.flush_all()
            env.invalidate_all()
            before = env.cr.sql_log_count
            env["salon.availability"]._search_slots(
                self.branch.with_env(env),
                self.haircut.with_env(env),
                THURSDAY,
                THURSDAY + timedelta(days=days),
            )
            return env.cr.sql_log_count - before

        self.offers(wish)
        self.assertEqual(queries(0), queries(27))
        self.assertLessEqual(queries(0), 8)

    def test_one_persons_full_day_does_not_open_another_ones_holes(self):
        self.env["salon.booking.policy"].create(
            {
                "branch_id": self.branch.id,
                "gap_strategy": "min_hole",
                "min_hole_minutes": 30,
                "lead_minutes": 0,
            }
        )
        self.take_day_off(self.oleg)
        self.book(self.haircut, at="10:00")
        self.assertEqual(
            self.times(self.wish(self.haircut))[:3], ["10:45", "11:15", "11:30"]
        )

    def test_a_limit_does_not_count_the_visit_that_is_moved(self):
        self.mia.salon_daily_cap = 1
        visit = self.book(self.blowdry, at="09:00")
        wish = self.wish(self.blowdry, staff=self.mia)
        availability = self.env(user=self.receptionist)["salon.availability"]
        found = availability._find_offers(
            wish, THURSDAY, THURSDAY, without=visit.appointment_ids
        )
        self.assertTrue(found)

    def test_nobody_assists_herself(self):
        service = self._service("Long cut", 60, [("work", 30), ("finish", 20)])
        service.salon_phase_ids[1].assistant_ids = self.mia | self.oleg
        service.salon_buffer_after = 5
        self.mia.salon_skill_ids = [
            Command.create({"product_tmpl_id": service.product_tmpl_id.id})
        ]
        visit = self.book(service, at="10:00")
        helping = visit.appointment_ids.occupancy_ids.filtered(
            lambda row: row.phase_kind == "finish"
        )
        self.assertEqual(helping.resource_id, self.oleg.resource_id)

    def test_moving_one_service_keeps_the_rounding_of_the_visit(self):
        self.env["salon.booking.policy"].create(
            {"branch_id": self.branch.id, "round_minutes": 20, "lead_minutes": 0}
        )
        wish = self.wish(self.haircut, self.blowdry, staff=self.mia)
        offer = next(o for o in self.offers(wish) if self.wall(o.start) == "10:00")
        visit = self.env["salon.booking"]._book_offer(wish, offer)
        visit.appointment_ids[0].start = self.at("09:55")
        taken = visit.appointment_ids.occupancy_ids
        self.assertEqual(max(taken.mapped("stop")), self.at("11:20"))

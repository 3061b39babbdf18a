from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged, users

from ..engine import clock
from ..engine.wishes import ServiceWish, VisitWish
from ..exceptions import SlotTaken
from .common import THURSDAY, SalonCase


@tagged("post_install", "-at_install")
class TestParties(SalonCase):
    def wish(self, *services, client=None, staff=None):
        return VisitWish(
            self.branch.id,
            tuple(
                ServiceWish(service.id, staff=(staff.id,) if staff else None)
                for service in services
            ),
            client=(client or self.anna).id,
        )

    def find(self, *wishes, user=None, **options):
        env = self.env(user=user) if user else self.env
        return env["salon.party.booking"]._find_party_offers(
            wishes, THURSDAY, THURSDAY, **options
        )

    def offer_at(self, wall, offers):
        start = clock.to_minutes(self.at(wall))
        return next((offer for offer in offers if offer.start == start), None)

    def book_party(self, at="10:00", *wishes, user=None, **options):
        env = self.env(user=user) if user else self.env
        wishes = wishes or (
            self.wish(self.haircut),
            self.wish(self.haircut, client=self.bella),
        )
        offer = self.offer_at(at, self.find(*wishes, **options))
        return env["salon.party.booking"]._book_party(wishes, offer, host=self.anna)

    def starts(self, party):
        return [
            clock.local(clock.to_minutes(visit.start), self.branch.tz).strftime("%H:%M")
            for visit in party.visit_ids.sorted("start")
        ]

    def test_two_guests_have_two_people_at_the_same_time(self):
        offers = self.find(self.wish(self.haircut), self.wish(self.haircut))
        offer = self.offer_at("10:00", offers)
        self.assertEqual(
            {own.parts[0].staff for own in offer.offers},
            set((self.mia | self.oleg).ids),
        )

    def test_no_time_is_offered_at_which_one_guest_has_nobody(self):
        self.book(self.haircut, at="10:00", staff=self.oleg)
        offers = self.find(self.wish(self.haircut), self.wish(self.haircut))
        self.assertFalse(self.offer_at("10:00", offers))
        self.assertTrue(self.offer_at("10:45", offers))

    def test_a_guest_who_wants_one_person_leaves_the_other_to_the_next(self):
        for staff in (self.mia, self.oleg):
            offers = self.find(
                self.wish(self.haircut), self.wish(self.haircut, staff=staff)
            )
            offer = self.offer_at("10:00", offers)
            self.assertEqual(offer.offers[1].parts[0].staff, staff.id)
            self.assertNotEqual(offer.offers[0].parts[0].staff, staff.id)

    def test_both_want_the_same_person_so_only_one_after_the_other_goes(self):
        wishes = [self.wish(self.haircut, staff=self.mia)] * 2
        self.assertFalse(self.find(*wishes))
        offer = self.offer_at("10:00", self.find(*wishes, in_turn=True))
        first, second = offer.offers
        self.assertEqual(second.start, first.stop)

    def test_in_turn_nobody_waits_longer_than_allowed(self):
        self.book(self.blowdry, at="10:45", staff=self.mia)
        wishes = [self.wish(self.haircut, staff=self.mia)] * 2
        patient = self.find(*wishes, in_turn=True, max_wait=30)
        impatient = self.find(*wishes, in_turn=True, max_wait=15)
        self.assertTrue(self.offer_at("10:00", patient))
        self.assertFalse(self.offer_at("10:00", impatient))

    def test_in_turn_the_next_guest_waits_until_the_place_is_tidy(self):
        kind = self.env["salon.facility.type"].create({"name": "Chair (test)"})
        self.env["salon.facility"].create(
            {"name": "Chair", "branch_id": self.branch.id, "type_id": kind.id}
        )
        shave = self._service("Shave", 20, [("work", 30)], kind)
        shave.salon_buffer_after = 15
        (self.mia | self.oleg).salon_skill_ids = [
            Command.create({"product_tmpl_id": shave.product_tmpl_id.id})
        ]
        wishes = [
            self.wish(shave, staff=self.mia),
            self.wish(shave, staff=self.oleg, client=self.bella),
        ]
        self.assertFalse(self.find(*wishes, in_turn=True, max_wait=0))
        offers = self.find(*wishes, in_turn=True, max_wait=15)
        offer = self.offer_at("10:00", offers)
        self.assertEqual(offer.offers[1].start, clock.to_minutes(self.at("10:45")))
        for offer in offers[:: len(offers) // 3]:
            with self.subTest(start=offer.start), self.env.cr.savepoint() as savepoint:
                self.env["salon.party.booking"]._book_party(wishes, offer)
                savepoint.rollback()

    def test_the_services_of_all_guests_count_for_a_limit_per_day(self):
        self.env["salon.booking.policy"].create(
            {"branch_id": self.branch.id, "daily_cap": 2, "horizon_days": 0}
        )
        wishes = [self.wish(self.haircut), self.wish(self.haircut, client=self.bella)]
        self.assertTrue(self.find(*wishes))
        self.book(self.haircut, at="17:00")
        self.assertFalse(self.find(*wishes))
        self.assertFalse(self.find(*wishes, in_turn=True))

    def test_who_may_do_one_more_does_not_serve_two_guests_in_turn(self):
        (self.mia | self.oleg).salon_daily_cap = 1
        wishes = [self.wish(self.haircut), self.wish(self.haircut, client=self.bella)]
        offers = self.find(*wishes, in_turn=True)
        self.assertTrue(offers)
        for offer in offers:
            self.assertEqual(
                {own.parts[0].staff for own in offer.offers},
                set((self.mia | self.oleg).ids),
            )

    def test_guests_do_not_sit_on_the_same_chair(self):
        kind = self.env["salon.facility.type"].create({"name": "Chair (test)"})
        self.env["salon.facility"].create(
            {"name": "Chair", "branch_id": self.branch.id, "type_id": kind.id}
        )
        shave = self._service("Shave", 20, [("work", 30)], kind)
        (self.mia | self.oleg).salon_skill_ids = [
            Command.create({"product_tmpl_id": shave.product_tmpl_id.id})
        ]
        self.assertFalse(self.find(self.wish(shave), self.wish(shave)))
        self.assertTrue(self.find(self.wish(shave), self.wish(self.haircut)))

    def test_while_they_book_a_room_is_held_for_each_guest(self):
        kind = self.env["salon.facility.type"].create(
            {"name": "Cabin (test)", "is_kept_for_visit": True}
        )
        cabins = self.env["salon.facility"].create(
            {
                "name": "Cabins",
                "branch_id": self.branch.id,
                "type_id": kind.id,
                "capacity": 2,
            }
        )
        shave = self._service("Shave", 20, [("work", 30)], kind)
        (self.mia | self.oleg).salon_skill_ids = [
            Command.create({"product_tmpl_id": shave.product_tmpl_id.id})
        ]
        offer = self.find(self.wish(shave), self.wish(shave, client=self.bella))[0]
        guests = {
            part: number
            for number, own in enumerate(offer.offers)
            for part in own.parts
        }
        hold = self.env["salon.booking"]._hold(
            self.branch, list(guests), 10, guests=guests
        )
        held = self.env["salon.occupancy"].search(
            [
                ("hold_id", "=", hold.id),
                ("resource_id", "=", cabins.resource_id.id),
            ]
        )
        self.assertEqual(set(held.mapped("unit")), {1, 2})

    def test_a_party_locks_all_at_once_so_that_nobody_waits_crosswise(self):
        other = self.env["salon.branch"].create({"name": "Other"})
        (self.mia | self.oleg).salon_branch_ids = [Command.link(other.id)]
        claim, locked = type(self.env["salon.claim"]), []
        lock_days = claim._lock_days

        def lock(model, days):
            locked.append(set(days))
            return lock_days(model, days)

        with patch.object(claim, "_lock_days", lock):
            self.book_party()
        shared = {-one.resource_id.id for one in self.mia | self.oleg}
        self.assertLessEqual(shared, {owner for owner, _day in locked[0]})
        self.assertFalse(set().union(*locked) - locked[0])

    @users("test_receptionist")
    def test_a_receptionist_books_a_party(self):
        party = self.book_party(user=self.env.user)
        self.assertEqual(self.starts(party), ["10:00", "10:00"])
        self.assertEqual(party.visit_ids.client_id, self.anna | self.bella)
        self.assertEqual((party.guest_count, party.state), (2, "booked"))
        self.assertEqual(party.number[0], "P")

    @users("test_stylist")
    def test_a_stylist_sees_no_parties(self):
        party = self.book_party(user=self.owner)
        with self.assertRaises(AccessError):
            party.with_user(self.env.user).read(["name"])

    def test_a_party_is_booked_wholly_or_not_at_all(self):
        wishes = (self.wish(self.haircut), self.wish(self.haircut))
        offer = self.offer_at("10:00", self.find(*wishes))
        self.book(self.haircut, at="10:15", staff=self.oleg)
        before = self.env["salon.visit"].search_count([])
        with self.assertRaises(SlotTaken), self.env.cr.savepoint():
            self.env["salon.party.booking"]._book_party(wishes, offer)
        self.assertEqual(self.env["salon.visit"].search_count([]), before)

    @users("test_receptionist")
    def test_the_dialog_finds_a_time_and_books_it(self):
        wizard = self.env["salon.party.wizard"].create(
            {
                "branch_id": self.branch.id,
                "client_id": self.anna.id,
                "name": "Sisters",
                "date_from": THURSDAY,
                "days": 1,
                "guest_ids": [
                    Command.create(
                        {
                            "client_id": client.id,
                            "product_ids": [Command.set(self.haircut.ids)],
                        }
                    )
                    for client in (self.anna, self.bella)
                ],
            }
        )
        wizard.action_search()
        offer = wizard.offer_ids[0]
        self.assertIn("Anna 9:00", offer.summary)
        action = offer.action_book()
        party = self.env["salon.party"].browse(action["res_id"])
        self.assertEqual(party.name, "Sisters")
        self.assertEqual(self.starts(party), ["09:00", "09:00"])

    @users("test_receptionist")
    def test_the_dialog_names_other_times_when_somebody_was_faster(self):
        wizard = self.env["salon.party.wizard"].create(
            {
                "branch_id": self.branch.id,
                "date_from": THURSDAY,
                "days": 1,
                "guest_ids": [
                    Command.create({"product_ids": [Command.set(self.haircut.ids)]})
                    for _guest in range(2)
                ],
            }
        )
        wizard.action_search()
        self.book(self.haircut, at="09:00", staff=self.mia)
        with self.assertRaisesRegex(SlotTaken, "All together are free at"):
            wizard.offer_ids[0].action_book()

    @users("test_receptionist")
    def test_a_party_moves_together(self):
        party = self.book_party(user=self.env.user)
        self.move(party, party.visit_ids, "10:30")
        self.assertEqual(self.starts(party), ["10:30", "10:30"])

    def test_one_guest_moves_alone(self):
        party = self.book_party()
        self.move(party, party.visit_ids[0], "14:00")
        self.assertEqual(self.starts(party), ["10:00", "14:00"])

    def test_guests_in_turn_move_to_where_the_other_was(self):
        wishes = [self.wish(self.haircut, staff=self.mia)] * 2
        party = self.book_party("10:00", *wishes, in_turn=True)
        self.move(party, party.visit_ids, "10:30")
        self.assertEqual(self.starts(party), ["10:30", "11:15"])

    def test_a_party_moves_wholly_or_not_at_all(self):
        party = self.book_party()
        self.book(self.haircut, at="14:00", staff=self.oleg)
        with self.assertRaises(SlotTaken), self.env.cr.savepoint():
            self.move(party, party.visit_ids, "14:00")
        self.env.invalidate_all()
        self.assertEqual(self.starts(party), ["10:00", "10:00"])

    @users("test_receptionist")
    def test_a_party_moved_to_where_nobody_works_is_listed_at_once(self):
        party = self.book_party(user=self.env.user)
        self.move(party, party.visit_ids, "14:00")
        listed = self.env["salon.displacement"].search(
            [("visit_id", "in", party.visit_ids.ids)]
        )
        self.assertFalse(listed)
        self.move(party, party.visit_ids, "17:30")
        self.assertEqual(self.starts(party), ["17:30", "17:30"])
        listed = listed.search([("visit_id", "in", party.visit_ids.ids)])
        self.assertEqual(listed.visit_id, party.visit_ids)
        self.assertEqual(set(listed.mapped("state")), {"open"})

    def move(self, party, visits, wall):
        wizard = self.env["salon.party.move.wizard"].create(
            {
                "party_id": party.id,
                "visit_ids": [Command.set(visits.ids)],
                "start": self.at(wall),
            }
        )
        wizard.action_move()
        self.env.invalidate_all()

    @users("test_receptionist")
    def test_cancelling_one_guest_asks_about_the_others(self):
        for whole, states in ((False, ["booked", "cancelled"]), (True, ["cancelled"])):
            party = self.book_party(user=self.env.user)
            action = party.visit_ids[0].action_cancel()
            wizard = (
                self.env["salon.cancel.wizard"]
                .with_context(**action["context"])
                .create({"reason": "ill", "is_whole_party": whole})
            )
            self.assertEqual(wizard.party_id, party)
            wizard.action_cancel()
            self.assertEqual(sorted(set(party.visit_ids.mapped("state"))), states)
            party.visit_ids.filtered(lambda v: v.state == "booked")._set_state(
                "cancelled"
            )

    def test_a_guest_leaves_the_party_and_keeps_the_visit(self):
        party = self.book_party()
        leaving = party.visit_ids[0]
        leaving.with_user(self.receptionist).action_leave_party()
        self.assertFalse(leaving.party_id)
        self.assertEqual(leaving.state, "booked")
        self.assertEqual(party.guest_count, 1)

    def test_a_party_is_checked_out_together(self):
        party = self.book_party()
        action = party.visit_ids[0].with_user(self.receptionist).action_checkout_party()
        wizard = self.env["salon.checkout.wizard"].browse(action["res_id"])
        self.assertEqual(wizard.visit_ids, party.visit_ids)
        self.checkout_paid(party.visit_ids)
        self.assertEqual(set(party.visit_ids.mapped("payment_state")), {"paid"})
        self.assertFalse(party.can_check_out)

    def test_who_is_done_does_not_move(self):
        party = self.book_party()
        party.visit_ids[0]._set_state("done")
        with self.assertRaisesRegex(UserError, "cannot be moved"):
            self.move(party, party.visit_ids, "14:00")

    def test_guests_of_a_party_are_in_its_branch(self):
        party = self.book_party()
        other = self.env["salon.branch"].create({"name": "Elsewhere", "tz": "UTC"})
        with self.assertRaises(ValidationError):
            party.branch_id = other

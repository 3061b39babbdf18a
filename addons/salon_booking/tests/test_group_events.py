from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged, users
from odoo.tools import mute_logger

from ..engine import clock
from ..engine.wishes import ANY_ORDER, ServiceWish, VisitWish
from ..exceptions import SlotTaken
from .common import THURSDAY, SalonCase


class GroupCase(SalonCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.workshop = cls._service("Brow workshop", 60, [("work", 90)])
        cls.workshop.write({"is_salon_group_service": True, "salon_group_capacity": 4})
        cls.room_type = cls.env["salon.facility.type"].create({"name": "Studio (test)"})
        cls.studio = cls.env["salon.facility"].create(
            {
                "name": "Studio",
                "branch_id": cls.branch.id,
                "type_id": cls.room_type.id,
                "capacity": 2,
            }
        )

    @classmethod
    def plan(cls, at="10:00", date=THURSDAY, user=None, **values):
        env = cls.env(user=user) if user else cls.env
        return env["salon.group.event"].create(
            {
                "product_id": cls.workshop.id,
                "branch_id": cls.branch.id,
                "staff_ids": [Command.set(cls.mia.ids)],
                "start": cls.at(at, date),
                **values,
            }
        )

    @classmethod
    def join(cls, event, client=None, user=None):
        env = cls.env(user=user) if user else cls.env
        return env["salon.booking"]._join(
            event.with_env(env), cls.anna if client is None else client
        )

    @classmethod
    def fill(cls, event):
        nobody = cls.env["res.partner"]
        return [cls.join(event, nobody) for _place in range(event.seats_left)]


@tagged("post_install", "-at_install")
class TestGroupEvents(GroupCase):
    def test_an_event_takes_capacity_and_length_from_its_service(self):
        event = self.plan()
        self.assertEqual((event.capacity, event.minutes), (4, 90))
        self.assertEqual(event.stop, self.at("11:30"))

    @users("test_receptionist")
    def test_a_receptionist_plans_an_event_and_adds_participants(self):
        event = self.plan(user=self.env.user)
        visit = self.join(event, user=self.env.user)
        self.assertEqual(visit.appointment_ids.product_id, self.workshop)
        self.assertEqual(visit.start, event.start)
        self.assertEqual((event.seats_taken, event.seats_left), (1, 3))

    @users("test_stylist")
    def test_a_stylist_sees_own_events_and_plans_none(self):
        own = self.plan()
        foreign = self.plan(at="14:00", staff_ids=[Command.set(self.oleg.ids)])
        found = self.env["salon.group.event"].search([])
        self.assertIn(own, found)
        self.assertNotIn(foreign, found)
        with self.assertRaises(AccessError):
            self.plan(at="16:00", user=self.env.user)

    def test_an_event_is_held_by_people_of_its_branch(self):
        other = self.env["salon.branch"].create(
            {"name": "Other", "tz": self.branch.tz, "resource_calendar_id": False}
        )
        self.oleg.salon_branch_ids = other
        theirs = [Command.set(self.oleg.ids)]
        with self.assertRaises(ValidationError) as refused:
            self.plan(user=self.receptionist, staff_ids=theirs)
        self.assertIn("Oleg does not work in", str(refused.exception))
        event = self.plan(user=self.receptionist)
        with self.assertRaises(ValidationError):
            event.staff_ids = theirs
        with self.assertRaises(ValidationError):
            event.branch_id = other
        event.write({"branch_id": other.id, "staff_ids": theirs})
        self.assertEqual(event.staff_ids, self.oleg)

    def test_who_helps_out_in_the_branch_may_hold_an_event(self):
        self.oleg.salon_branch_ids = self.env["salon.branch"].create({"name": "Other"})
        self.env["salon.shift"].create(
            {
                "staff_id": self.oleg.id,
                "branch_id": self.branch.id,
                "business_date": THURSDAY,
                "time_from": 9,
                "time_to": 17,
                "is_published": True,
            }
        )
        event = self.plan(staff_ids=[Command.set(self.oleg.ids)])
        self.assertEqual(event.staff_ids, self.oleg)

    def test_people_of_an_event_cannot_be_booked_meanwhile(self):
        self.plan(staff_ids=[Command.set((self.mia | self.oleg).ids)])
        for person in (self.mia, self.oleg):
            with self.assertRaises(SlotTaken):
                self.book(self.haircut, at="11:00", staff=person)
        self.book(self.haircut, at="11:30")

    def test_free_times_leave_an_event_out(self):
        self.plan()
        slots = self.env["salon.availability"]._search_slots(
            self.branch, self.haircut, THURSDAY, THURSDAY, self.mia
        )
        busy = range(
            clock.to_minutes(self.at("09:16")), clock.to_minutes(self.at("11:30"))
        )
        self.assertTrue(slots)
        self.assertFalse([slot for slot in slots if slot.start in busy])

    def test_an_event_takes_the_whole_place(self):
        self.plan(facility_id=self.studio.id)
        massage = self._service("Massage", 30, [("work", 30)], self.room_type)
        with self.assertRaises(SlotTaken):
            self.book(massage, at="10:30", staff=self.oleg)

    def test_an_event_is_not_planned_over_a_booking(self):
        self.book(self.haircut, at="10:30")
        with self.assertRaises(SlotTaken):
            self.plan()

    def test_participants_take_no_time_of_the_staff(self):
        event = self.plan()
        visits = self.fill(event)
        for visit in visits:
            self.assertFalse(visit.appointment_ids.occupancy_ids)
            self.assertEqual(visit.appointment_ids.staff_id, self.mia)

    def test_seats_are_numbered_once_each(self):
        event = self.plan()
        self.fill(event)
        seats = event.appointment_ids.mapped("seat")
        self.assertEqual(sorted(seats), [1, 2, 3, 4])
        self.assertTrue(event.is_full)

    def test_a_full_event_names_others_with_places_left(self):
        event = self.plan()
        later = self.plan(date=THURSDAY + self.days(7))
        self.fill(event)
        with self.assertRaisesRegex(SlotTaken, "is full.*Places are left on") as full:
            self.join(event)
        (slot,) = full.exception.alternatives
        self.assertEqual(clock.to_utc(slot.start), later.start)

    def test_a_full_event_without_others_says_so(self):
        event = self.plan()
        self.fill(event)
        with self.assertRaisesRegex(SlotTaken, "No other date"):
            self.join(event)

    def test_a_cancelled_participant_frees_the_place(self):
        event = self.plan()
        visits = self.fill(event)
        visits[2]._set_state("cancelled", "ill")
        self.assertEqual(visits[2].appointment_ids.seat, 0)
        self.join(event)
        self.assertTrue(event.is_full)

    def test_reopening_a_participant_needs_a_free_place(self):
        event = self.plan()
        visits = self.fill(event)
        visits[0]._set_state("cancelled")
        visits[0].action_reopen()
        self.assertTrue(visits[0].appointment_ids.seat)
        visits[0]._set_state("cancelled")
        self.join(event)
        with self.assertRaises(SlotTaken):
            visits[0].action_reopen()

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_the_same_seat_twice(self):
        event = self.plan()
        first, second = self.join(event), self.join(event, self.bella)
        self.env.flush_all()
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env.cr.execute(
                "UPDATE salon_appointment SET seat = %s WHERE id = %s",
                [first.appointment_ids.seat, second.appointment_ids.id],
            )

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_a_seat_beyond_the_last(self):
        visit = self.join(self.plan())
        self.env.flush_all()
        for statement in (
            "UPDATE salon_appointment SET seat = 5 WHERE id = %s",
            "UPDATE salon_appointment SET seat_limit = 9 WHERE id = %s",
        ):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self.env.cr.execute(statement, [visit.appointment_ids.id])

    def test_nobody_chooses_a_seat_by_hand(self):
        appointment = self.join(self.plan()).appointment_ids
        for values in ({"seat": 3}, {"seat_limit": 99}):
            with self.assertRaises(AccessError):
                appointment.with_user(self.manager).write(values)

    def test_the_capacity_is_not_cut_below_the_participants(self):
        event = self.plan()
        visits = self.fill(event)
        with self.assertRaisesRegex(UserError, "cannot be cut to 3"):
            event.capacity = 3
        visits[0]._set_state("cancelled")
        event.capacity = 3
        seats = event._get_participants().mapped("seat")
        self.assertEqual(sorted(seats), [1, 2, 3])
        with self.assertRaises(SlotTaken):
            self.join(event)

    def test_an_enlarged_event_takes_more(self):
        event = self.plan()
        self.fill(event)
        event.capacity = 5
        self.join(event)
        self.assertEqual(event.seats_taken, 5)

    def mails(self):
        return self.env["mail.mail"].search([("model", "=", "salon.visit")])

    def test_who_takes_part_is_told_when_the_event_moves(self):
        self.anna.email = "anna@example.com"
        event = self.plan(user=self.receptionist)
        visit, _bella = self.join(event), self.join(event, self.bella)
        self.join(event, self.env["res.partner"].create({"name": "Carl"}))._set_state(
            "cancelled"
        )
        before = self.mails()
        event.write({"note": "Bring towels", "staff_ids": [Command.set(self.oleg.ids)]})
        self.assertEqual(self.mails(), before, "she comes at the same time")
        event.start = self.at("14:00")
        mail = self.mails() - before
        self.assertEqual(mail.res_id, visit.id)
        self.assertEqual(mail.recipient_ids, self.anna)
        self.assertIn("moved", mail.body_html)
        told = event.message_ids[0].body
        self.assertIn("Bella: no e-mail address", told)
        self.assertNotIn("Carl", told)
        event.notify_clients = False
        event.start = self.at("15:00")
        self.assertEqual(self.mails() - before, mail)

    def test_who_takes_part_is_told_when_the_event_is_cancelled(self):
        self.anna.email = "anna@example.com"
        event = self.plan(user=self.receptionist)
        visit, _bella = self.join(event), self.join(event, self.bella)
        before = self.mails()
        action = event.action_cancel()
        wizard = event.env[action["res_model"]].with_context(**action["context"])
        warning = wizard.create({"reason": "Trainer is ill"}).action_cancel()
        mail = self.mails() - before
        self.assertEqual(mail.res_id, visit.id)
        self.assertIn("cannot take place", mail.body_html)
        self.assertIn("Bella", warning["params"]["message"])

    def test_telling_many_takes_as_many_queries_as_telling_few(self):
        event = self.plan(capacity=8)

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            first = self.env.cr.sql_log_count
            event._tell_participants()
            self.env.flush_all()
            return self.env.cr.sql_log_count - first

        def fill(number):
            for index in range(number):
                values = {"name": f"Guest {index}", "email": f"g{index}@example.com"}
                self.join(event, self.env["res.partner"].create(values))

        fill(2)
        count()
        few = count()
        fill(6)
        self.assertLess(count() - few, 6)

    @users("test_receptionist")
    def test_moving_an_event_moves_who_takes_part(self):
        event = self.plan(user=self.env.user)
        visit = self.join(event)
        seat = visit.appointment_ids.seat
        event.start = self.at("14:00")
        self.assertEqual(visit.start, self.at("14:00"))
        self.assertEqual(visit.stop, self.at("15:30"))
        self.assertEqual(visit.appointment_ids.seat, seat)
        self.book(self.haircut, at="10:00")
        with self.assertRaises(SlotTaken):
            self.book(self.haircut, at="14:30")

    def test_an_event_is_not_moved_onto_a_booking(self):
        event = self.plan()
        visit = self.join(event)
        self.book(self.haircut, at="15:00")
        with self.assertRaises(SlotTaken), self.env.cr.savepoint():
            event.start = self.at("14:00")
        self.env.invalidate_all()
        self.assertEqual(visit.start, self.at("10:00"))

    def test_a_substitute_takes_over_the_participants(self):
        event = self.plan()
        visit = self.join(event)
        event.staff_ids = self.oleg
        self.assertEqual(visit.appointment_ids.staff_id, self.oleg)
        self.assertEqual(event.stop, self.at("11:30"))
        self.book(self.haircut, at="10:00")

    def test_a_participant_does_not_move_alone(self):
        visit = self.join(self.plan())
        with self.assertRaisesRegex(UserError, "takes place when"):
            visit.appointment_ids.start = self.at("12:00")

    @users("test_receptionist")
    def test_cancelling_an_event_cancels_its_participants_and_frees_all(self):
        event = self.plan(user=self.env.user)
        visits = self.fill(event)
        wizard = self.env["salon.group.cancel.wizard"].create(
            {"event_ids": event.ids, "reason": "The trainer is ill"}
        )
        self.assertEqual(len(wizard.participant_ids), 4)
        wizard.action_cancel()
        self.assertEqual(event.state, "cancelled")
        self.assertEqual({visit.state for visit in visits}, {"cancelled"})
        self.book(self.haircut, at="10:00")
        with self.assertRaisesRegex(UserError, "takes nobody any more"):
            self.join(event)

    def test_the_state_is_kept_by_the_system(self):
        event = self.plan()
        with self.assertRaises(AccessError):
            event.with_user(self.manager).write({"state": "done"})

    def test_a_done_event_leaves_who_never_came_to_the_desk(self):
        event = self.plan(date=date(2020, 6, 11))
        came, missing = self.join(event), self.join(event, self.bella)
        came.action_arrive()
        event.action_done()
        self.assertEqual((came.state, missing.state), ("done", "booked"))

    @users("test_receptionist")
    def test_attendance_moves_the_visit_of_each_participant(self):
        event = self.plan(user=self.env.user)
        came, absent = self.join(event), self.join(event, self.bella)
        came.appointment_ids.with_user(self.env.user).action_came()
        absent.appointment_ids.with_user(self.env.user).action_absent()
        self.assertEqual((came.state, absent.state), ("arrived", "no_show"))
        self.assertEqual((event.came_count, event.absent_count), (1, 1))
        self.assertEqual(event.seats_left, 3, "Who did not come holds no place.")

    @users("test_receptionist")
    def test_who_was_marked_as_come_by_mistake_is_put_right(self):
        visit = self.join(self.plan())
        appointment = visit.appointment_ids.with_user(self.env.user)
        appointment.action_came()
        appointment.action_absent()
        self.assertEqual(visit.state, "no_show")

    @users("test_stylist")
    def test_who_holds_the_event_marks_all_at_once(self):
        event = self.plan()
        visits = [self.join(event), self.join(event, self.bella)]
        visits[0].appointment_ids.action_no_show()
        event.with_user(self.env.user).action_all_came()
        self.assertEqual([visit.state for visit in visits], ["no_show", "arrived"])

    def test_a_participant_marked_after_the_end_is_done_at_once(self):
        event = self.plan(date=date(2020, 6, 11))
        visit = self.join(event)
        event.action_done()
        self.assertEqual(event.unmarked_count, 1)
        visit.appointment_ids.action_came()
        self.assertEqual(visit.state, "done")

    def test_an_event_that_has_not_begun_is_not_done(self):
        with self.assertRaisesRegex(UserError, "has not begun"):
            self.plan().action_done()

    def test_each_participant_has_a_bill(self):
        event = self.plan()
        first, second = self.join(event), self.join(event, self.bella)
        self.checkout_paid(first)
        self.assertEqual(first.payment_state, "paid")
        self.assertEqual(first.amount_total, 66)
        self.assertEqual(second.payment_state, "no_bill")

    @users("test_receptionist")
    def test_repeating_skips_days_that_are_taken(self):
        event = self.plan(user=self.env.user)
        self.book(self.haircut, at="10:00", date=THURSDAY + self.days(14))
        wizard = self.env["salon.group.repeat.wizard"].create(
            {"event_id": event.id, "until": THURSDAY + self.days(21)}
        )
        result = wizard.action_repeat()
        self.assertEqual(result["params"]["type"], "warning")
        series = self.env["salon.group.event"].search([("series_id", "=", event.id)])
        self.assertEqual(
            sorted(series.mapped("start")),
            [event.start + self.days(days) for days in (0, 7, 21)],
        )
        self.assertFalse((series - event).appointment_ids)

    def test_events_with_places_left_are_found(self):
        full, open_ = self.plan(), self.plan(at="14:00")
        self.fill(full)
        events = self.env["salon.group.event"]
        found = events.search([("seats_left", ">", 0)])
        self.assertIn(open_, found)
        self.assertNotIn(full, found)
        self.assertIn(full, events.search([("seats_left", "=", 0)]))

    def test_a_group_service_is_offered_when_its_events_have_places(self):
        full, open_ = self.plan(), self.plan(at="14:00")
        self.fill(full)
        wish = VisitWish(self.branch.id, (ServiceWish(self.workshop.id),))
        availability = self.env["salon.availability"]
        (offer,) = availability._find_offers(wish, THURSDAY, THURSDAY)
        self.assertEqual(clock.to_utc(offer.start), open_.start)
        visit = self.env["salon.booking"]._book_offer(wish, offer)
        self.assertEqual(visit.appointment_ids.group_event_id, open_)

    def test_the_rules_of_a_channel_hold_for_a_group_alone(self):
        """Two hours of lead time online, and one day ahead."""
        self.plan()
        self.env["salon.booking.policy"].create(
            {
                "branch_id": self.branch.id,
                "channel": "web",
                "lead_minutes": 120,
                "horizon_days": 1,
            }
        )

        def found(wall, day=THURSDAY, **rules):
            with freeze_time(self.at(wall, day)):
                return len(
                    self.env["salon.availability"]._find_offers(
                        self.wish(self.workshop, **rules), THURSDAY, THURSDAY
                    )
                )

        self.assertEqual(found("08:00", channel="web"), 1)
        self.assertEqual(found("08:01", channel="web"), 0)
        self.assertEqual(found("08:01"), 1)
        two_days_before = THURSDAY - self.days(2)
        self.assertEqual(found("08:00", two_days_before, channel="web"), 0)
        self.assertEqual(found("08:00", two_days_before), 1)
        self.anna.salon_needs_approval = True
        self.assertEqual(found("08:00", channel="web", client=self.anna.id), 0)
        self.assertEqual(found("08:00", client=self.anna.id), 1)

    # Beside other services

    def wish(self, *products, **rules):
        services = tuple(ServiceWish(product.id) for product in products)
        return VisitWish(self.branch.id, services, **rules)

    def visits(self, *products, **rules):
        """What a receptionist is offered: rows of (time, service)."""
        env = self.env(user=self.receptionist)
        offers = env["salon.availability"]._find_offers(
            self.wish(*products, **rules), THURSDAY, THURSDAY
        )
        names = {product.id: product.name for product in products}
        return offers, [
            [(self.wall(part.start), names[part.product]) for part in offer.parts]
            for offer in offers
        ]

    def wall(self, minute):
        return clock.local(minute, self.branch.tz).strftime("%H:%M")

    def test_a_visit_goes_on_with_a_group_when_it_meets(self):
        self.plan()
        _offers, found = self.visits(self.haircut, self.workshop)
        self.assertEqual(
            found,
            [
                [("09:00", "Haircut"), ("10:00", "Brow workshop")],
                [("09:15", "Haircut"), ("10:00", "Brow workshop")],
            ],
        )

    def test_a_group_comes_first_also_off_the_grid(self):
        self.plan("10:07")
        _offers, found = self.visits(self.workshop, self.haircut, max_wait=0)
        self.assertEqual(found, [[("10:07", "Brow workshop"), ("11:37", "Haircut")]])
        either, _found = self.visits(self.haircut, self.workshop, order=ANY_ORDER)
        self.assertEqual(
            [self.wall(offer.start) for offer in either], ["09:15", "10:07"]
        )

    def test_every_visit_with_a_group_can_be_booked(self):
        event = self.plan(staff_ids=[Command.set(self.oleg.ids)])
        self.plan("14:00")
        booking = self.env(user=self.receptionist)["salon.booking"]
        wish = self.wish(self.haircut, self.workshop, self.blowdry, order=ANY_ORDER)
        offers, _found = self.visits(
            self.haircut, self.workshop, self.blowdry, order=ANY_ORDER
        )
        self.assertGreater(len(offers), 3)
        for offer in offers:
            with self.env.cr.savepoint() as savepoint:
                visit = booking._book_offer(wish, offer)
                self.assertEqual(len(visit.appointment_ids), 3)
                self.assertEqual(
                    visit.appointment_ids.group_event_id.start,
                    visit.appointment_ids.filtered("group_event_id").start,
                )
                savepoint.rollback()
        visit = booking._book_offer(wish, offers[0])
        self.assertEqual(visit.appointment_ids.group_event_id, event)
        self.assertEqual(event.seats_taken, 1)

    def test_a_full_group_gives_no_visit_and_the_reason(self):
        event = self.plan()
        offers, _found = self.visits(self.haircut, self.workshop)
        self.fill(event)
        self.assertFalse(self.visits(self.haircut, self.workshop)[0])
        env = self.env(user=self.receptionist)
        refusals = env["salon.availability"]._explain(
            self.wish(self.haircut, self.workshop), offers[0].start
        )
        (reason,) = env["salon.refusal"]._texts(refusals, self.branch)
        self.assertIn("“Brow workshop” takes place at planned times only", reason)

    def test_two_groups_make_a_visit(self):
        lecture = self._service("Lecture", 10, [("work", 30)])
        lecture.write({"is_salon_group_service": True, "salon_group_capacity": 9})
        self.plan()
        self.plan("11:40", product_id=lecture.id, staff_ids=[])
        self.plan("16:00", product_id=lecture.id)
        (offer,), found = self.visits(self.workshop, lecture)
        self.assertEqual(found, [[("10:00", "Brow workshop"), ("11:40", "Lecture")]])
        booking = self.env(user=self.receptionist)["salon.booking"]
        visit = booking._book_offer(self.wish(self.workshop, lecture), offer)
        self.assertEqual(len(visit.appointment_ids.group_event_id), 2)

    def test_a_visit_that_moves_keeps_its_place_in_the_group(self):
        event = self.plan(staff_ids=[Command.set(self.oleg.ids)])
        self.plan("14:00")
        (offer, *_more), _found = self.visits(self.haircut, self.workshop)
        env = self.env(user=self.receptionist)
        wish = self.wish(self.haircut, self.workshop)
        visit = env["salon.booking"]._book_offer(wish, offer)
        found = env["salon.availability"]._find_offers(
            wish, THURSDAY, THURSDAY, without=visit.appointment_ids
        )
        self.assertEqual([self.wall(one.start) for one in found], ["09:00", "09:15"])
        env["salon.booking"]._move(visit, found[1])
        self.assertEqual(visit.start, self.at("09:15"))
        self.assertEqual(event.seats_taken, 1)

    def test_the_dialog_offers_the_dates_of_a_group_alone_and_in_a_visit(self):
        event = self.plan()
        self.plan("14:00")
        self.plan("16:00", product_id=self.workshop.id, capacity=1)
        dialog = Form(self.env["salon.booking.wizard"].with_user(self.receptionist))
        dialog.branch_id = self.branch
        dialog.date_from = THURSDAY
        dialog.product_id = self.workshop
        (day,) = [one for one in dialog.slots["days"] if one["count"]]
        self.assertEqual(day["count"], 3)
        with dialog.line_ids.new() as line:
            line.product_id = self.haircut
        (day,) = [one for one in dialog.slots["days"] if one["count"]]
        # After the last one the salon closes before the cut would be done.
        self.assertEqual(
            [one["start"] for one in day["visits"]],
            [clock.to_minutes(self.at(wall)) for wall in ("10:00", "14:00")],
        )
        wizard = dialog.save()
        offer = wizard._find_offers()[0]
        wizard.action_book(
            offer.start, offer.parts[0].staff, parts=wizard._as_lists(offer)
        )
        self.assertEqual(event.seats_taken, 1)

    def test_a_group_service_is_not_booked_at_any_other_time(self):
        with self.assertRaisesRegex(UserError, "planned times only"):
            self.book(self.workshop)

    def test_an_event_with_participants_is_not_deleted(self):
        event = self.plan()
        self.join(event)
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            event.unlink()

    def test_a_deleted_event_gives_its_time_back(self):
        self.plan().unlink()
        self.book(self.haircut, at="10:00")

    def test_the_foreign_key_of_the_seats_stands(self):
        self.env.cr.execute(
            """SELECT confupdtype FROM pg_constraint
                WHERE conname = 'salon_appointment_seat_limit_of_event'"""
        )
        self.assertEqual(self.env.cr.fetchone(), ("c",))


@tagged("post_install", "-at_install")
class TestPartiesInGroups(GroupCase):
    """Friends who come to a class together, or one to it while another has a cut."""

    def wish(self, service, client):
        return VisitWish(self.branch.id, (ServiceWish(service.id),), client=client.id)

    def find(self, *wishes, **options):
        env = self.env(user=self.receptionist)
        return env["salon.party.booking"]._find_party_offers(
            wishes, THURSDAY, THURSDAY, **options
        )

    def book_party(self, wishes, offer):
        env = self.env(user=self.receptionist)
        return env["salon.party.booking"]._book_party(wishes, offer, host=self.anna)

    def friends(self, *services):
        services = services or (self.workshop, self.workshop)
        return [
            self.wish(service, client)
            for service, client in zip(services, (self.anna, self.bella), strict=True)
        ]

    def test_each_guest_takes_a_place_of_the_same_event(self):
        event = self.plan()
        wishes = self.friends()
        (offer,) = self.find(*wishes)
        self.assertEqual(offer.start, clock.to_minutes(self.at("10:00")))
        party = self.book_party(wishes, offer)
        self.assertEqual(event.seats_left, 2)
        self.assertEqual(len(party.visit_ids), 2)
        self.assertEqual(party.visit_ids.appointment_ids.group_event_id, event)

    def test_an_event_with_fewer_places_than_guests_is_not_offered(self):
        event = self.plan()
        for _place in range(3):
            self.join(event, self.env["res.partner"])
        self.assertEqual(event.seats_left, 1)
        self.assertFalse(self.find(*self.friends()))
        self.assertEqual(len(self.find(*self.friends()[:1])), 1)

    def test_all_take_places_or_none_does(self):
        event = self.plan()
        wishes = self.friends()
        (offer,) = self.find(*wishes)
        for _place in range(3):
            self.join(event, self.env["res.partner"])
        with self.assertRaises(SlotTaken), self.env.cr.savepoint():
            self.book_party(wishes, offer)
        self.env.invalidate_all()
        self.assertEqual(event.seats_left, 1)

    def test_while_one_is_in_the_class_the_other_has_a_haircut(self):
        self.plan()
        wishes = self.friends(self.workshop, self.haircut)
        offers = self.find(*wishes)
        self.assertEqual(
            [offer.start for offer in offers], [clock.to_minutes(self.at("10:00"))]
        )
        # Mia holds the class.
        self.assertEqual(offers[0].offers[1].parts[0].staff, self.oleg.id)
        self.assertEqual(len(self.book_party(wishes, offers[0]).visit_ids), 2)

    def test_first_the_class_then_the_haircut_of_a_friend(self):
        self.plan()
        wishes = self.friends(self.workshop, self.haircut)
        offers = self.find(*wishes, in_turn=True, max_wait=15)
        self.assertEqual(len(offers), 1)
        self.assertEqual(offers[0].offers[1].start, clock.to_minutes(self.at("11:30")))

    def test_of_two_classes_at_once_the_one_of_the_wished_person_is_joined(self):
        self.plan(facility_id=False)
        olegs = self.plan(staff_ids=[Command.set(self.oleg.ids)], facility_id=False)
        wish = VisitWish(
            self.branch.id,
            (ServiceWish(self.workshop.id, (self.oleg.id,)),),
            client=self.anna.id,
        )
        (offer,) = self.env["salon.availability"]._find_offers(wish, THURSDAY, THURSDAY)
        visit = self.env["salon.booking"]._book_offer(wish, offer)
        self.assertEqual(visit.appointment_ids.group_event_id, olegs)

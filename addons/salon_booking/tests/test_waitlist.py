from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo import Command, fields, http
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..engine import clock
from ..engine.wishes import ServiceWish, VisitWish
from .common import THURSDAY, SalonCase

#: Wednesday before THURSDAY, 10 in the morning in Brussels.
NOW = "2031-06-11 08:00:00"


class WaitlistCase(SalonCase):
    @classmethod
    def setUpClass(cls):
        # First of all: hours are kept as rows from today to the horizon.
        cls.startClassPatcher(freeze_time(NOW))
        super().setUpClass()
        cls.waitlist = cls.env["salon.waitlist"]
        cls.anna.email = "anna@salon.test"
        cls.bella.email = "bella@salon.test"
        cls.env["salon.waitlist.signal"].search([]).unlink()

    @classmethod
    def fill(cls, staff, date=THURSDAY, user=None):
        """Book somebody from 9 to 18."""
        return cls.book(
            cls.haircut, at="09:00", staff=staff, date=date, duration_minutes=540
        )

    @classmethod
    def wait(cls, client, staff=None, user=None, day=THURSDAY, **values):
        wish = {
            "date_from": day,
            "date_to": day,
            "staff_ids": [Command.set(staff.ids if staff else [])],
            "wall_from": values.pop("wall_from", 0),
            "wall_to": values.pop("wall_to", 24),
        }
        env = cls.env(user=user) if user else cls.env
        return env["salon.waitlist.entry"].create(
            {
                "client_id": client.id,
                "branch_id": cls.branch.id,
                "product_ids": [Command.set(cls.haircut.ids)],
                "wish_ids": [Command.create(wish)],
                **values,
            }
        )

    def run_clock(self):
        self.env.flush_all()
        self.startPatcher(self.no_commit())
        self.waitlist._run()

    def no_commit(self):
        return patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kw: 60
        )

    def signals(self):
        self.env.flush_all()
        return self.env["salon.waitlist.signal"].search(
            [("branch_id", "=", self.branch.id)]
        )


@tagged("post_install", "-at_install")
class TestWaitlist(WaitlistCase):
    def test_a_cancelled_time_is_offered_to_who_waits(self):
        self.fill(self.oleg)
        visit = self.fill(self.mia)
        entry = self.wait(self.anna, user=self.receptionist)
        self.run_clock()
        self.assertEqual(entry.state, "waiting")
        visit.with_user(self.receptionist)._set_state("cancelled")
        self.assertTrue(self.signals())
        self.run_clock()
        self.assertEqual(entry.state, "offered")
        self.assertEqual(entry.live_offer_id.staff_ids, self.mia)
        self.assertFalse(self.signals())

    def test_a_moved_and_a_deleted_appointment_tell_the_waitlist(self):
        self.fill(self.oleg)
        visit = self.fill(self.mia)
        self.wait(self.anna)
        self.signals().unlink()
        visit.appointment_ids.write({"duration_minutes": 60})
        self.assertEqual(len(self.signals()), 1)
        self.signals().unlink()
        visit.unlink()
        self.assertEqual(self.signals().date_from, THURSDAY)

    def test_new_working_time_and_blocks_given_back_tell_the_waitlist(self):
        self.wait(self.anna, staff=self.mia, wall_from=19)
        self.signals().unlink()
        self.env["salon.shift"].create(
            {
                "staff_id": self.mia.id,
                "branch_id": self.branch.id,
                "business_date": THURSDAY,
                "time_from": 9,
                "time_to": 18,
                "is_published": True,
            }
        )
        self.assertFalse(self.signals())
        self.calendar.attendance_ids.hour_to = 21
        self.assertTrue(self.signals())
        self.signals().unlink()
        block = self.env["salon.block"].create(
            {
                "branch_id": self.branch.id,
                "staff_ids": [Command.set(self.mia.ids)],
                "start": self.at("19:00"),
                "stop": self.at("20:00"),
            }
        )
        self.assertFalse(self.signals())
        block.unlink()
        self.assertTrue(self.signals())

    def test_where_nobody_waits_nothing_is_recorded(self):
        visit = self.fill(self.mia)
        self.wait(self.anna, day=THURSDAY + timedelta(days=1))
        self.signals().unlink()
        visit._set_state("cancelled")
        self.assertFalse(self.signals())

    def test_nobody_else_can_take_the_offered_time(self):
        entry = self.wait(self.anna, staff=self.mia, wall_from=10, wall_to=10.75)
        self.run_clock()
        self.assertEqual(entry.live_offer_id.start, self.at("10:00"))
        with self.assertRaises(UserError):
            self.book(self.haircut, at="10:00", client=self.bella)

    def test_in_turn_two_clients_never_get_the_same_time(self):
        first = self.wait(self.anna, staff=self.mia, wall_from=10, wall_to=11)
        later = self.wait(self.bella, staff=self.mia, wall_from=10, wall_to=11)
        self.run_clock()
        self.assertEqual((first | later).mapped("state"), ["offered", "waiting"])

    def test_priority_goes_first(self):
        self.wait(self.anna, staff=self.mia, wall_from=10, wall_to=10.75)
        urgent = self.wait(
            self.bella, staff=self.mia, wall_from=10, wall_to=10.75, priority="2"
        )
        self.run_clock()
        self.assertEqual(urgent.state, "offered")

    def test_who_does_not_answer_makes_room_for_the_next(self):
        first = self.wait(self.anna, staff=self.mia, wall_from=10, wall_to=10.75)
        later = self.wait(self.bella, staff=self.mia, wall_from=10, wall_to=10.75)
        self.run_clock()
        offer = first.live_offer_id
        with freeze_time("2031-06-11 08:31:00"):
            self.run_clock()
            self.assertEqual(offer.state, "expired")
            self.assertEqual(first.state, "waiting")
            self.assertEqual(later.state, "offered")
            with self.assertRaisesRegex(UserError, "has ended"):
                offer.action_accept()

    def test_accepting_books_and_a_second_time_gives_the_same_visit(self):
        entry = self.wait(
            self.anna, staff=self.mia, user=self.receptionist, is_requested=True
        )
        self.run_clock()
        offer = entry.live_offer_id
        action = offer.action_accept()
        visit = entry.visit_id
        self.assertEqual(action["res_id"], visit.id)
        self.assertEqual(visit.client_id, self.anna)
        self.assertTrue(visit.appointment_ids.is_requested)
        self.assertEqual(entry.state, "booked")
        self.assertEqual(entry.action_accept()["res_id"], visit.id)
        self.assertEqual(
            self.env["salon.visit"].search([("client_id", "=", self.anna.id)]), visit
        )

    def accepted(self, **wish):
        entry = self.wait(self.anna, staff=self.mia, **wish)
        self.run_clock()
        entry.live_offer_id.action_accept()
        return entry

    def test_whose_visit_is_cancelled_waits_again_for_another_time(self):
        entry = self.accepted(wall_from=10, wall_to=14)
        visit, since = entry.visit_id, entry.waiting_since
        visit.with_user(self.receptionist)._set_state("cancelled", "Mia is ill")
        self.assertEqual((entry.state, entry.waiting_since), ("waiting", since))
        self.assertIn("Anna waits again", entry.message_ids[0].body)
        self.run_clock()
        self.assertEqual(entry.state, "offered")
        self.assertNotEqual(entry.live_offer_id.start, visit.start)
        visit.with_user(self.owner).appointment_ids._set_state("booked")
        self.assertEqual((entry.state, entry.visit_id), ("booked", visit))
        self.assertFalse(entry.live_offer_id)

    def test_whose_visit_is_deleted_waits_again(self):
        entry = self.accepted()
        entry.visit_id.with_user(self.manager).unlink()
        self.assertEqual(entry.state, "waiting")
        self.assertFalse(entry.visit_id)

    def test_whose_visit_is_cancelled_when_no_day_is_left_waits_no_more(self):
        entry = self.accepted()
        entry.valid_until = entry.first_day - timedelta(days=30)
        entry.visit_id._set_state("cancelled")
        self.assertEqual(entry.state, "expired")
        self.assertIn("no wished day is left", entry.message_ids[0].body)

    def test_who_does_not_come_does_not_wait_again(self):
        entry = self.accepted()
        entry.visit_id._set_state("no_show")
        self.assertEqual(entry.state, "booked")

    def test_who_declines_is_not_asked_about_the_same_time_again(self):
        entry = self.wait(self.anna, staff=self.mia, wall_from=10, wall_to=10.75)
        self.run_clock()
        entry.with_user(self.receptionist).action_decline()
        self.assertEqual(entry.state, "waiting")
        self.run_clock()
        self.assertEqual(entry.state, "waiting")
        self.assertEqual(self.book(self.haircut, at="10:00").state, "booked")

    def wait_for_class(self, capacity):
        """Three who wait for a class with so many places."""
        workshop = self._service("Brow workshop", 60, [("work", 90)])
        workshop.write({"is_salon_group_service": True})
        event = self.env["salon.group.event"].create(
            {
                "product_id": workshop.id,
                "branch_id": self.branch.id,
                "staff_ids": [Command.set(self.mia.ids)],
                "start": self.at("10:00"),
                "capacity": capacity,
            }
        )
        carl = self.env["res.partner"].create({"name": "Carl"})
        entries = self.env["salon.waitlist.entry"]
        for client in (self.anna, self.bella, carl):
            entries |= self.wait(client, product_ids=[Command.set(workshop.ids)])
        return event, entries

    def test_as_many_are_asked_as_a_class_has_places(self):
        event, entries = self.wait_for_class(2)
        self.run_clock()
        self.assertEqual(entries.mapped("state"), ["offered", "offered", "waiting"])
        entries[0].live_offer_id._accept()
        entries[1].live_offer_id._close("declined")
        self.waitlist._run()
        self.assertEqual(entries.mapped("state"), ["booked", "waiting", "offered"])
        self.assertEqual(event.seats_left, 1)

    def test_all_at_once_a_class_is_open_until_it_is_full(self):
        self.branch.waitlist_mode = "at_once"
        _event, entries = self.wait_for_class(2)
        self.run_clock()
        self.assertEqual(set(entries.mapped("state")), {"offered"})
        entries[0].live_offer_id._accept()
        self.assertEqual(entries[2].state, "offered")
        entries[1].live_offer_id._accept()
        self.assertEqual(entries.mapped("state"), ["booked", "booked", "waiting"])

    def test_all_at_once_the_first_who_accepts_has_it(self):
        self.branch.waitlist_mode = "at_once"
        entries = self.wait(
            self.anna, staff=self.mia, wall_from=10, wall_to=10.75
        ) | self.wait(self.bella, staff=self.mia, wall_from=10, wall_to=10.75)
        self.run_clock()
        offers = entries.live_offer_id
        self.assertEqual(set(entries.mapped("state")), {"offered"})
        offers[1].action_accept()
        self.assertEqual(entries.mapped("state"), ["waiting", "booked"])
        self.assertEqual(offers.mapped("state"), ["withdrawn", "accepted"])
        self.assertTrue(offers[0].is_lost)

    def test_a_time_that_is_gone_is_refused_politely_and_the_client_waits_on(self):
        self.branch.waitlist_mode = "at_once"
        entry = self.wait(
            self.anna,
            staff=self.mia,
            user=self.receptionist,
            wall_from=10,
            wall_to=10.75,
        )
        self.run_clock()
        self.book(self.haircut, at="10:00", client=self.bella)
        action = entry.action_accept()
        self.assertIn("Nearest free times", action["params"]["message"])
        self.assertEqual(entry.state, "waiting")
        self.assertFalse(entry.visit_id)

    def test_in_quiet_hours_the_clock_waits(self):
        self.env.ref("salon_booking.salon_waitlist_cron")
        entry = self.wait(self.anna, staff=self.mia)
        with freeze_time("2031-06-11 19:00:00"):
            self.run_clock()
            self.assertEqual(entry.state, "waiting")
            self.assertTrue(self.signals())
        trigger = self.env["ir.cron.trigger"].search(
            [("call_at", "=", "2031-06-12 07:00:00")]
        )
        self.assertTrue(trigger)
        with freeze_time("2031-06-12 07:00:00"):
            self.run_clock()
            self.assertEqual(entry.live_offer_id.start, self.at("10:00"))

    def test_what_begins_too_soon_is_not_offered(self):
        self.branch.waitlist_notice_minutes = 90
        entry = self.wait(self.anna, staff=self.mia)
        with freeze_time("2031-06-12 08:00:00"):
            self.run_clock()
            self.assertEqual(entry.live_offer_id.start, self.at("11:30"))

    def test_a_client_gets_only_so_many_offers_a_day(self):
        self.branch.waitlist_daily_limit = 2
        entry = self.wait(self.anna, staff=self.mia)
        for expected in ("offered", "offered", "waiting"):
            self.run_clock()
            self.assertEqual(entry.state, expected)
            entry.live_offer_id._close("declined")
        with freeze_time("2031-06-12 06:59:00"):
            entry._look_again()
        with freeze_time("2031-06-12 07:00:00"):
            self.run_clock()
            self.assertEqual(entry.state, "offered")

    def test_a_branch_may_offer_by_hand_only(self):
        self.branch.waitlist_is_automatic = False
        entry = self.wait(self.anna, staff=self.mia, user=self.receptionist)
        self.run_clock()
        self.assertEqual(entry.state, "waiting")
        entry.action_match()
        self.assertEqual(entry.state, "offered")

    def test_the_second_wish_is_offered_when_the_first_is_full(self):
        self.fill(self.mia)
        entry = self.wait(self.anna, staff=self.mia)
        entry.wish_ids = [
            Command.create(
                {
                    "sequence": 20,
                    "date_from": THURSDAY,
                    "date_to": THURSDAY,
                    "wall_from": 15,
                    "staff_ids": [Command.set(self.oleg.ids)],
                }
            )
        ]
        self.run_clock()
        self.assertEqual(entry.live_offer_id.staff_ids, self.oleg)
        self.assertEqual(entry.live_offer_id.start, self.at("15:00"))

    def test_the_client_is_told_in_the_own_language_by_the_branch_clock(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.anna.lang = "fr_FR"
        entry = self.wait(self.anna, staff=self.mia, wall_from=10)
        with self.mock_mails() as mails:
            self.run_clock()
        mail = mails()
        self.assertEqual(mail.recipient_ids, self.anna)
        self.assertIn("jeu. 12 juin, 10:00", mail.subject)
        self.assertIn(entry.live_offer_id.access_token, mail.body_html)
        self.assertIn("Mia", mail.body_html)

    @contextmanager
    def mock_mails(self):
        before = self.env["mail.mail"].search([])
        yield lambda: self.env["mail.mail"].search([]) - before

    def test_an_offer_by_hand_in_quiet_hours_is_told_afterwards(self):
        entry = self.wait(self.anna, staff=self.mia)
        with freeze_time("2031-06-11 19:00:00"):
            entry.action_match()
            offer = entry.live_offer_id
            self.assertEqual(offer.send_at, datetime(2031, 6, 12, 7))
            self.assertEqual(offer.expires_at, datetime(2031, 6, 12, 7, 30))
            scheduled = self.env["mail.message.schedule"].search(
                [("scheduled_datetime", "=", "2031-06-12 07:00:00")]
            )
            self.assertTrue(scheduled)

    def test_who_waits_in_vain_expires(self):
        entry = self.wait(self.anna)
        with freeze_time("2031-06-13 08:00:00"):
            self.waitlist._run_daily()
        self.assertEqual(entry.state, "expired")

    def test_the_desk_chooses_a_time_and_books_it(self):
        entry = self.wait(self.anna, staff=self.mia, user=self.receptionist)
        action = entry.action_choose()
        pick = self.env["salon.waitlist.pick"].browse(action["res_id"])
        line = pick.line_ids[1].with_user(self.receptionist)
        line.action_book()
        self.assertEqual(entry.state, "booked")
        self.assertEqual(entry.visit_id.start, line.start)
        with self.assertRaises(UserError):
            line.action_book()

    def test_the_desk_offers_a_chosen_time(self):
        entry = self.wait(self.anna, staff=self.mia, user=self.receptionist)
        pick = self.env["salon.waitlist.pick"].browse(entry.action_choose()["res_id"])
        pick.line_ids[2].with_user(self.receptionist).action_offer()
        self.assertEqual(entry.live_offer_id.start, pick.line_ids[2].start)
        with self.assertRaisesRegex(UserError, "thinking"):
            pick.line_ids[3].with_user(self.receptionist).action_offer()

    def test_cancelling_an_entry_gives_the_time_back(self):
        entry = self.wait(
            self.anna,
            staff=self.mia,
            user=self.receptionist,
            wall_from=10,
            wall_to=10.75,
        )
        self.run_clock()
        entry.action_cancel()
        self.assertEqual(entry.state, "cancelled")
        self.book(self.haircut, at="10:00", client=self.bella)
        entry.action_reopen()
        self.assertEqual(entry.state, "waiting")

    def test_what_was_searched_in_vain_is_kept_exactly(self):
        wish = VisitWish(
            self.branch.id,
            (
                ServiceWish(self.haircut.id, (self.mia.id,), is_requested=True),
                ServiceWish(self.blowdry.id, minutes=20),
            ),
            client=self.anna.id,
            order="any",
            max_wait=5,
        )
        entry = (
            self.env["salon.waitlist.entry"]
            .with_user(self.receptionist)
            ._create_from_wish(wish, THURSDAY, THURSDAY, "By the window")
        )
        self.env.invalidate_all()
        self.assertEqual(entry.wish_ids._to_visit_wish(), wish)
        self.assertEqual(entry.wish_ids.staff_ids, self.mia)
        entry.wish_ids.staff_ids = self.oleg
        changed = entry.wish_ids._to_visit_wish()
        self.assertEqual(changed.services[0].staff, (self.oleg.id,))

    def test_a_form_starts_with_a_wish(self):
        with Form(
            self.env["salon.waitlist.entry"].with_user(self.receptionist)
        ) as form:
            form.client_id = self.anna
            form.branch_id = self.branch
            form.product_ids.add(self.haircut)
        self.assertEqual(len(form.record.wish_ids), 1)

    def test_states_are_not_set_by_hand(self):
        entry = self.wait(self.anna, user=self.receptionist)
        for values in ({"state": "booked"}, {"waiting_since": "2020-01-01"}):
            with self.assertRaises(AccessError):
                entry.write(values)

    def test_stylists_and_other_branches_see_no_waitlist(self):
        entry = self.wait(self.anna)
        with self.assertRaises(AccessError):
            entry.with_user(self.stylist).read(["note"])
        other = self.env["salon.branch"].create({"name": "Other"})
        clerk = new_test_user(
            self.env,
            "other_clerk",
            groups="base.group_user,salon_booking.group_salon_receptionist",
            salon_branch_ids=[Command.set(other.ids)],
        )
        self.run_clock()
        for record in (entry, entry.wish_ids, entry.offer_ids):
            with self.assertRaises(AccessError):
                record.with_user(clerk).read(["display_name"])

    @mute_logger("odoo.sql_db")
    def test_the_database_lets_nobody_think_about_two_offers(self):
        entry = self.wait(self.anna, staff=self.mia)
        self.run_clock()
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            entry.live_offer_id.copy({"hold_id": False})
            self.env.flush_all()

    def test_the_queries_do_not_grow_with_the_cancelled_appointments(self):
        entry = self.wait(self.anna, staff=self.mia)
        self.env["salon.waitlist.signal"].search([]).unlink()
        days = frozenset(
            (self.branch.id, THURSDAY.toordinal() + day) for day in range(50)
        )
        self.waitlist._record_days(days)
        self.env.flush_all()
        with self.assertQueryCount(6):
            self.waitlist._record_days(days)
        self.assertEqual(entry.state, "waiting")

    def test_the_page_of_an_offer_needs_its_token(self):
        entry = self.wait(self.anna, staff=self.mia)
        self.run_clock()
        offer = entry.live_offer_id
        find = self.env["salon.waitlist.offer"].with_user(self.portal)._portal_find
        self.assertFalse(find(offer.id, None))
        self.assertFalse(find(offer.id, "x"))
        self.assertIsNone(find(offer.id, offer.access_token)._answer("accept"))
        self.assertEqual(entry.visit_id.source, "web")
        self.assertEqual(
            clock.to_minutes(entry.visit_id.start), clock.to_minutes(offer.start)
        )
        self.assertLess(fields.Datetime.now(), offer.start)

    def test_nobody_can_guess_the_key_with_which_an_offer_is_booked(self):
        entry = self.wait(self.anna, staff=self.mia)
        self.run_clock()
        offer = entry.live_offer_id
        visit = offer._accept()
        self.assertGreater(len(visit.booking_key), len(f"waitlist-{offer.id}") + 16)
        self.assertEqual(offer._accept(), visit)


@tagged("post_install", "-at_install")
class TestWaitlistPage(WaitlistCase, HttpCase):
    """What a client without an account sees behind the link of the mail."""

    def setUp(self):
        super().setUp()
        self.entry = self.wait(self.anna, staff=self.mia, wall_from=10, wall_to=10.75)
        self.run_clock()
        self.offer = self.entry.live_offer_id
        self.offer._portal_ensure_token()
        self.authenticate(None, None)

    def answer(self, answer, token=None):
        return self.url_open(
            f"/my/waitlist/{self.offer.id}/{answer}",
            data={
                "access_token": token or self.offer.access_token,
                "csrf_token": http.Request.csrf_token(self),
            },
        )

    def test_a_visitor_accepts_and_sees_that_it_is_booked(self):
        page = self.url_open(self.offer.get_portal_url())
        self.assertIn("10:00", page.text)
        self.assertEqual(self.offer.state, "offered")
        page = self.answer("accept")
        self.assertIn("It is yours", page.text)
        self.assertEqual(self.entry.visit_id.start, self.at("10:00"))

    def test_the_page_keeps_its_secret_and_stands_in_no_other_page(self):
        page = self.url_open(self.offer.get_portal_url())
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(page.headers["X-Frame-Options"], "SAMEORIGIN")
        self.assertIn("no-store", page.headers["Cache-Control"])

    def test_a_visitor_declines(self):
        self.assertIn("Declined", self.answer("decline").text)
        self.assertEqual(self.entry.state, "waiting")

    def test_without_the_token_nothing_is_told_or_done(self):
        for page in (
            self.url_open(f"/my/waitlist/{self.offer.id}?access_token=x"),
            self.answer("accept", token="x"),
        ):
            self.assertNotIn("Mia", page.text)
        self.assertEqual(self.offer.state, "offered")

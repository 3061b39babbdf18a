from datetime import timedelta

import vobject

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, freeze_time, new_test_user, tagged

from .common import THURSDAY, SalonCase


class FeedCase(SalonCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        feeds = cls.env["salon.calendar.feed"]
        feeds.with_user(cls.stylist).action_open_own()
        cls.feed = feeds.search([("staff_id", "=", cls.mia.id)])

    def read_feed(self, feed=None):
        token = (feed or self.feed)._get_token()
        self.env.flush_all()
        content = self.env["salon.calendar"]._read_feed(token)
        return content and vobject.readOne(content)

    def events(self, feed=None):
        return getattr(self.read_feed(feed), "vevent_list", [])


@tagged("post_install", "-at_install")
@freeze_time("2031-06-12 06:00:00")
class TestFeed(FeedCase):
    def test_it_shows_appointments_in_utc_without_the_clients_name(self):
        visit = self.book(self.haircut)
        (event,) = self.events()
        self.assertEqual(event.summary.value, "Haircut")
        self.assertEqual(event.dtstart.value.replace(tzinfo=None), self.at("10:00"))
        text = self.read_feed().serialize()
        self.assertIn("DTSTART:20310612T080000Z", text)
        self.assertNotIn("VTIMEZONE", text)
        self.assertNotIn("Anna", text)
        self.assertIn(f"UID:salon-appointment-{visit.appointment_ids.id}@", text)

    def test_by_policy_of_the_branch_it_shows_first_name_and_initial(self):
        self.branch.calendar_client_names = "initial"
        self.anna.name = "Anna Maria Berg"
        self.book(self.haircut)
        self.assertEqual(self.events()[0].summary.value, "Haircut · Anna B.")

    def test_a_moved_appointment_keeps_its_uid_and_a_cancelled_one_goes(self):
        appointment = self.book(self.haircut).appointment_ids
        before = self.events()[0].uid.value
        appointment.start += timedelta(hours=1)
        self.assertEqual(self.events()[0].uid.value, before)
        appointment._set_state("cancelled", "Ill")
        self.assertFalse(self.events())

    def test_it_reaches_30_days_back_and_180_ahead(self):
        near = [-29, 0, 179]
        for number in (*near, -32, 182):
            self.book(self.haircut, date=THURSDAY + timedelta(days=number))
        days = sorted(event.dtstart.value.date() for event in self.events())
        self.assertEqual(days, [THURSDAY + timedelta(days=number) for number in near])

    def test_names_cannot_break_out_of_their_line(self):
        self.haircut.name = "Cut\r\nEND:VEVENT\r\nX-EVIL:1"
        self.book(self.haircut)
        self.assertNotIn("\nX-EVIL", self.read_feed().serialize())
        self.assertEqual(len(self.events()), 1)

    def test_the_number_of_queries_does_not_grow(self):
        def count():
            token = self.feed._get_token()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["salon.calendar"]._read_feed(token)
            return self.env.cr.sql_log_count - before

        self.book(self.haircut)
        few = count()
        for number in range(1, 12):
            self.book(self.haircut, date=THURSDAY + timedelta(days=number))
        self.assertLessEqual(count(), few)

    def test_a_place_shows_who_does_what_when_it_is_taken(self):
        kind = self.env["salon.facility.type"].create({"name": "Cabin (test)"})
        room = self.env["salon.facility"].create(
            {"name": "Cabin 1", "branch_id": self.branch.id, "type_id": kind.id}
        )
        facial = self._service("Facial", 60, [("work", 60)], kind)
        self.book(facial)
        room.with_user(self.manager).action_salon_calendar_link()
        feed = self.feed.search([("facility_id", "=", room.id)])
        (event,) = self.events(feed)
        self.assertEqual(event.summary.value, "Facial (Mia)")
        self.assertEqual(event.dtend.value.replace(tzinfo=None), self.at("11:00"))

    def test_a_class_is_shown_once_to_its_trainer_and_its_place(self):
        workshop = self._service("Brow workshop", 60, [("work", 90)])
        workshop.write({"is_salon_group_service": True})
        kind = self.env["salon.facility.type"].create({"name": "Studio (test)"})
        studio = self.env["salon.facility"].create(
            {"name": "Studio", "branch_id": self.branch.id, "type_id": kind.id}
        )
        lesson = self.env["salon.group.event"].create(
            {
                "product_id": workshop.id,
                "branch_id": self.branch.id,
                "staff_ids": [Command.set(self.mia.ids)],
                "facility_id": studio.id,
                "start": self.at("10:00"),
                "capacity": 4,
            }
        )
        studio.with_user(self.manager).action_salon_calendar_link()
        feeds = self.feed | self.feed.search([("facility_id", "=", studio.id)])
        for client in (self.anna, self.bella):
            self.env["salon.booking"]._join(lesson, client)
        for feed in feeds:
            (event,) = self.events(feed)
            self.assertEqual(event.summary.value, "Brow workshop (2/4)")
            self.assertEqual(event.dtend.value.replace(tzinfo=None), self.at("11:30"))

    def test_a_new_link_closes_the_old_one(self):
        old = self.feed._get_token()
        self.feed.with_user(self.stylist).action_renew()
        service = self.env["salon.calendar"]
        self.assertIsNone(service._read_feed(old))
        self.assertTrue(service._read_feed(self.feed._get_token()))
        self.feed.with_user(self.stylist).action_revoke()
        self.assertFalse(self.feed.exists())

    def test_who_has_left_has_no_calendar(self):
        self.mia.active = False
        self.assertIsNone(self.read_feed())

    def test_who_may_not_sign_in_any_more_has_no_calendar(self):
        self.stylist.active = False
        self.assertIsNone(self.read_feed())
        self.stylist.active = True
        self.assertIsNotNone(self.read_feed())

    def test_a_stylist_sees_and_renews_only_her_own_link(self):
        action = self.oleg.with_user(self.manager).action_salon_calendar_link()
        other = self.feed.browse(action["res_id"])
        self.assertEqual(self.feed.with_user(self.stylist).search([]), self.feed)
        for call in (
            other.with_user(self.stylist).action_renew,
            self.oleg.with_user(self.stylist).action_salon_calendar_link,
            self.mia.with_user(self.receptionist).action_salon_calendar_link,
        ):
            with self.assertRaises(AccessError):
                call()

    def test_a_manager_of_another_branch_gets_no_link(self):
        self.manager.salon_branch_ids = self.env["salon.branch"].create(
            {"name": "Own (test)"}
        )
        with self.assertRaises(AccessError):
            self.mia.with_user(self.manager).action_salon_calendar_link()

    def test_a_manager_of_one_of_two_branches_gets_no_link(self):
        """It would show the work in the other branch."""
        other = self.env["salon.branch"].create({"name": "Elsewhere"})
        self.mia.salon_branch_ids |= other
        self.manager.salon_branch_ids = self.branch
        mia = self.mia.with_user(self.manager)
        feed = self.feed.with_user(self.manager)
        with self.assertRaises(AccessError):
            mia.action_salon_calendar_link()
        with self.assertRaises(AccessError):
            feed.action_renew()
        self.assertFalse(feed.search([("id", "=", feed.id)]))
        self.manager.salon_branch_ids |= other
        self.assertEqual(mia.action_salon_calendar_link()["res_id"], feed.id)
        self.assertTrue(feed.search([("id", "=", feed.id)]))

    def test_nobody_reads_or_sets_the_seed(self):
        for user in (self.stylist, self.owner):
            own = self.feed.with_user(user)
            with self.assertRaises(AccessError):
                own.read(["seed"])
            with self.assertRaises(AccessError):
                own.write({"seed": "x"})
            with self.assertRaises(AccessError):
                own.create({"staff_id": self.oleg.id, "seed": "x"})


@tagged("post_install", "-at_install")
class TestShiftsInFeed(FeedCase):
    """Not in frozen time: vobject takes its dates for something else."""

    def test_published_shifts_and_days_off_are_in_it_and_drafts_are_not(self):
        today = fields.Date.today()
        shifts = self.env["salon.shift"].create(
            [
                {
                    "staff_id": self.mia.id,
                    "branch_id": self.branch.id,
                    "business_date": today + timedelta(days=number),
                    "kind": "off" if number == 1 else "work",
                    "is_published": number != 2,
                }
                for number in range(3)
            ]
        )
        shifts[1].reason_id = self.env.ref("salon_booking.absence_reason_illness")
        work, off = self.events()
        self.assertIn("Test Branch", work.summary.value)
        self.assertEqual(off.dtstart.value, today + timedelta(days=1))
        self.assertNotIn("Illness", self.read_feed().serialize())


@tagged("post_install", "-at_install")
class TestFeedOverHttp(HttpCase, FeedCase):
    def get(self, token, **kwargs):
        return self.url_open(f"/salon/calendar/{token}.ics", **kwargs)

    def test_a_phone_reads_it_without_a_login(self):
        self.book(self.haircut, date=fields.Date.today() + timedelta(days=1))
        answer = self.get(self.feed._get_token())
        self.assertEqual(answer.status_code, 200)
        self.assertTrue(answer.headers["Content-Type"].startswith("text/calendar"))
        self.assertIn("Haircut", answer.text)
        self.assertNotIn("session_id", answer.cookies)

    def test_the_link_shown_is_the_one_that_works(self):
        path = self.feed.with_user(self.stylist).url.split("/", 3)[3]
        self.assertEqual(self.url_open(f"/{path}").status_code, 200)

    def test_whatever_is_no_link_is_not_found(self):
        token = self.feed._get_token()
        number, signed = token.split("-")
        other = new_test_user(self.env, "other_of_feed", groups="base.group_user")
        self.oleg.user_id = other
        foreign = self.feed.browse(
            self.oleg.with_user(self.manager).action_salon_calendar_link()["res_id"]
        )
        for odd in (
            "x",
            "-",
            number,
            signed,
            f"{number}-",
            f"{number}-{signed[:-1]}",
            f"{number}-{signed.upper()}",
            f"{foreign.id}-{signed}",
            f"999999999-{signed}",
            f"99999999999999999999-{signed}",
            f"{number}-{'0' * 64}",
            f"{token}%00",
            f"{token}%0a",
            f"%D9%A1-{signed}",
            "a" * 6000,
            "..%2f..%2fetc",
            "%27%20OR%201=1",
        ):
            with self.subTest(token=odd[:80]):
                answer = self.get(odd, allow_redirects=False)
                self.assertEqual(answer.status_code, 404)
                self.assertNotIn("VCALENDAR", answer.text)

    def test_it_is_only_read(self):
        token = self.feed._get_token()
        answer = self.get(token, data={"x": "1"})
        self.assertIn(answer.status_code, (400, 404, 405))

import json
import re
from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import new_test_user, tagged

from odoo.addons.salon_booking.engine import clock

from .common import PagesCase

PIXEL = (
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    b"awAAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestBookingPages(PagesCase):
    def test_a_visitor_books_without_account_and_scripts(self):
        self.assertIn("Haircut", self.page().text)
        start = self.times(self.haircut)[0]
        done = self.send(self.fill(self.details(start, self.haircut), note="Short"))
        self.assertIn("/salon/booked/", done.url)
        visit = self.visits()
        self.assertEqual(clock.to_minutes(visit.start), start)
        self.assertEqual(visit.client_id.name, "Clara")
        self.assertEqual(visit.client_id.phone_sanitized, "+32470998877")
        self.assertEqual(visit.note, "Short")
        self.assertEqual(visit.appointment_ids.product_id, self.haircut)

    def test_the_page_says_its_language(self):
        self.assertIn('lang="en-US"', self.page().text)
        self.assertIn('lang="en-US"', self.url_open("/salon").text)

    def test_only_free_times_are_offered(self):
        self.book(self.haircut, at="10:00", staff=self.mia, date=self.day)
        self.book(self.haircut, at="10:00", staff=self.oleg, date=self.day)
        taken = clock.to_minutes(self.at("10:00", self.day))
        starts = self.times(self.haircut)
        self.assertTrue(starts)
        self.assertNotIn(taken, starts)

    def test_a_person_can_be_chosen(self):
        self.book(self.haircut, at="10:00", staff=self.mia, date=self.day)
        taken = clock.to_minutes(self.at("10:00", self.day))
        self.assertIn(taken, self.times(self.haircut))
        self.assertNotIn(taken, self.times(self.haircut, who=self.mia.id))
        start = self.times(self.haircut, who=self.mia.id)[-1]
        self.send(self.fill(self.details(start, self.haircut, who=self.mia.id)))
        appointment = self.visits().appointment_ids
        self.assertEqual(appointment.staff_id, self.mia)
        self.assertTrue(appointment.is_requested)

    def test_several_services_are_one_visit(self):
        start = self.times(self.haircut, self.blowdry)[0]
        self.send(self.fill(self.details(start, self.haircut, self.blowdry)))
        self.assertEqual(
            self.visits().appointment_ids.product_id, self.haircut | self.blowdry
        )

    def test_the_same_form_sent_twice_books_once(self):
        form = self.fill(self.details(self.times(self.haircut)[0], self.haircut))
        self.send(form)
        again = self.send(form)
        self.assertIn("/salon/booked/", again.url)
        self.assertEqual(len(self.visits()), 1)

    def test_a_lost_race_offers_other_times_and_keeps_the_form(self):
        start = self.times(self.haircut, who=self.mia.id)[0]
        form = self.fill(self.details(start, self.haircut, who=self.mia.id), note="Hi")
        self.env["salon.booking"]._book(
            self.branch,
            self.anna,
            [
                {
                    "product_id": self.haircut.id,
                    "staff_id": self.mia.id,
                    "start": clock.to_utc(start),
                }
            ],
        )
        lost = self.send(form)
        self.assertEqual(lost.status_code, 409)
        kept = self.fields_of(lost)
        self.assertEqual(kept["name"], "Clara")
        self.assertEqual(kept["note"], "Hi")
        self.assertFalse(self.visits())

    def test_the_time_is_kept_while_the_form_is_filled(self):
        start = self.times(self.haircut, who=self.mia.id)[0]
        form = self.details(start, self.haircut, who=self.mia.id)
        kept = self.send(form, "/hold").json()
        self.assertGreater(kept["seconds"], 60)
        own = self.details(start, self.haircut, who=self.mia.id)
        self.assertEqual(own["start"], str(start))
        self.opener.cookies.clear()
        self.assertNotIn(start, self.times(self.haircut, who=self.mia.id))

    def test_what_is_kept_is_booked_or_given_back(self):
        start = self.times(self.haircut, who=self.mia.id)[0]
        form = self.details(start, self.haircut, who=self.mia.id)
        self.send(form, "/hold")
        self.send(form, "/release")
        self.assertIn(start, self.times(self.haircut, who=self.mia.id))
        self.send(form, "/hold")
        self.send(self.fill(form))
        self.assertEqual(clock.to_minutes(self.visits().start), start)
        self.assertFalse(
            self.env["salon.hold"].search([("branch_id", "=", self.branch.id)])
        )

    def test_who_turns_to_another_person_is_not_shown_the_one_held_before(self):
        start = self.times(self.haircut, who=self.mia.id)[0]
        self.send(self.details(start, self.haircut, who=self.mia.id), "/hold")
        page = self.page("/details", p=self.haircut.id, start=start, who=self.oleg.id)
        self.assertIn("Oleg", page.text)
        self.send(self.fill(self.fields_of(page)))
        self.assertEqual(self.visits().appointment_ids.staff_id, self.oleg)

    def test_a_time_between_the_offered_ones_is_not_booked(self):
        start = self.times(self.haircut)[0]
        form = self.fill(self.details(start, self.haircut), start=start + 1)
        self.assertEqual(self.send(form).status_code, 409)
        self.assertFalse(self.visits())

    def test_a_known_phone_books_under_its_card_and_changes_nothing(self):
        start = self.times(self.haircut)[0]
        form = self.fill(
            self.details(start, self.haircut),
            phone=self.anna.phone,
            email="thief@example.com",
        )
        done = self.send(form)
        self.assertEqual(self.visits().client_id, self.anna)
        self.assertFalse(self.anna.email)
        self.assertNotIn("Anna", done.text)
        self.assertIn("Clara", self.visits().note)

    def test_a_client_who_is_signed_in_books_for_her_family(self):
        login = new_test_user(self.env, "mother@pages.test", "base.group_portal")
        mother = login.partner_id
        mother.phone = "+32 470 11 22 33"
        child = mother.create({"name": "Little Dora", "salon_payer_id": mother.id})
        self.authenticate(login.login, login.login)
        start = self.times(self.haircut)[0]
        page = self.page("/details", p=self.haircut.id, start=start)
        self.assertIn("Little Dora", page.text)
        self.assertIn("no-store", page.headers["Cache-Control"])
        form = self.fill(self.fields_of(page), phone=mother.phone)
        stranger = self.send({**form, "whom": str(self.anna.id)})
        self.assertEqual(stranger.status_code, 400)
        self.send({**form, "whom": str(child.id)})
        self.assertEqual(self.visits().client_id, child)

    def test_somebody_else_is_not_the_one_who_is_signed_in(self):
        login = new_test_user(self.env, "mother@pages.test", "base.group_portal")
        self.authenticate(login.login, login.login)
        start = self.times(self.haircut)[0]
        self.send(self.fill(self.details(start, self.haircut), whom="other"))
        self.assertNotEqual(self.visits().client_id, login.partner_id)
        self.assertEqual(self.visits().client_id.name, "Clara")

    def test_a_client_to_be_asked_sees_what_a_blocked_one_sees(self):
        self.anna.salon_needs_approval = True
        start = self.times(self.haircut)[0]
        form = self.fill(self.details(start, self.haircut), phone=self.anna.phone)
        refused = self.send(form)
        self.assertIn("Please call us to book this", refused.text)
        self.assertFalse(self.visits())

    def test_what_only_the_salon_books_has_no_box(self):
        self.haircut.product_tmpl_id.salon_needs_approval = True
        self.assertIn("Please call us", self.page().text)
        self.assertEqual(self.page("/time", p=self.haircut.id).status_code, 400)

    def test_an_addon_that_only_the_salon_books_has_no_box(self):
        addon = self.blowdry.product_tmpl_id
        addon.is_salon_addon = True
        self.haircut.product_tmpl_id.salon_addon_ids = addon
        self.assertIn("Blow-dry", self.page().text)
        addon.salon_needs_approval = True
        self.assertNotIn("Blow-dry", self.page().text)

    def test_bookings_of_all_visitors_together_are_limited(self):
        """Each tells somebody by SMS, whose phone it may not be."""
        form = self.fill(self.details(self.times(self.haircut)[0], self.haircut))
        with self.refuse("book_branch"):
            page = self.send(form)
        self.assertIn("That was a lot at once", page.text)
        self.assertEqual(self.fields_of(page)["name"], "Clara")
        self.assertFalse(self.visits())

    def test_a_note_can_be_left(self):
        page = self.page(
            "/details", p=self.haircut.id, start=self.times(self.haircut)[0]
        )
        self.assertIn('name="note"', page.text)

    def test_wrong_details_come_back_with_the_form(self):
        start = self.times(self.haircut)[0]
        form = self.fill(
            self.details(start, self.haircut), name="1", phone="12", email="x@"
        )
        page = self.send(form)
        self.assertEqual(page.text.count('aria-invalid="true"'), 3)
        self.assertFalse(self.visits())

    def test_guests_come_together(self):
        query = {"p2": self.haircut.id}
        start = self.times(self.haircut, **query)[0]
        form = self.fill(self.details(start, self.haircut, **query), guest2="Dora")
        self.send(form)
        visits = self.visits()
        self.assertEqual(len(visits), 2)
        self.assertEqual(len(visits.party_id), 1)
        self.assertEqual(set(visits.client_id.mapped("name")), {"Clara", "Dora"})
        self.assertEqual(visits.appointment_ids.staff_id, self.mia | self.oleg)
        self.send(form)
        self.assertEqual(len(self.visits()), 2)

    def test_places_of_a_group_are_booked(self):
        yoga = self._service("Yoga", 20, [("work", 60)])
        yoga.product_tmpl_id.is_salon_group_service = True
        event = self.env["salon.group.event"].create(
            {
                "product_id": yoga.id,
                "branch_id": self.branch.id,
                "staff_ids": [Command.set(self.mia.ids)],
                "start": self.at("11:00", self.day),
                "capacity": 3,
            }
        )
        page = self.page("/time", p=yoga.id, day=self.day)
        self.assertIn("3</t> left".replace("</t>", ""), page.text)
        start = self.times(yoga)[0]
        self.send(self.fill(self.details(start, yoga)))
        self.assertEqual(self.visits().appointment_ids.group_event_id, event)

    def test_who_finds_nothing_waits(self):
        form = self.fields_of(self.page("/wait", p=self.haircut.id))
        last = fields.Date.today() + timedelta(days=3)
        page = self.send(self.fill(form, last=str(last)), "/wait")
        self.assertIn("You are on the waitlist", page.text)
        entry = self.env["salon.waitlist.entry"].search(
            [("branch_id", "=", self.branch.id)]
        )
        self.assertEqual(entry.product_ids, self.haircut)
        self.assertEqual(entry.client_id.name, "Clara")
        self.assertEqual(entry.last_day, last)

    def test_the_calendar_file_is_behind_the_link(self):
        start = self.times(self.haircut)[0]
        done = self.send(self.fill(self.details(start, self.haircut)))
        file = self.url_open(f"{done.url}/visit.ics")
        self.assertIn("BEGIN:VEVENT", file.text)

    def test_branches_are_listed_when_published(self):
        self.assertIn("/salon/test-pages", self.url_open("/salon").text)
        self.branch.is_online = False
        self.assertNotIn("/salon/test-pages", self.url_open("/salon").text)
        self.assertEqual(self.page().status_code, 404)


@tagged("post_install", "-at_install")
class TestWhatIsShown(PagesCase):
    def test_search_engines_read_the_branch_and_its_services(self):
        script = r'<script type="application/ld\+json">(.*?)</script>'
        data = json.loads(re.search(script, self.page().text, re.DOTALL)[1])
        self.assertEqual(data["@type"], "BeautySalon")
        self.assertEqual(data["url"], self.branch.online_url)
        prices = {
            offer["itemOffered"]["name"]: offer["price"] for offer in data["makesOffer"]
        }
        self.assertEqual(prices["Haircut"], "55.00")

    def test_what_costs_more_with_somebody_begins_with_from(self):
        self.mia.salon_skill_ids.filtered(
            lambda skill: skill.product_tmpl_id == self.haircut.product_tmpl_id
        ).price = 80
        self.assertRegex(self.page().text, r"from [^<]*55\.00")

    def test_pictures_of_services_and_the_logo_are_served(self):
        self.haircut.image_1920 = self.branch.online_logo = PIXEL
        text = self.page().text
        for path in (f"/picture/service/{self.haircut.id}", "/picture/logo/1"):
            self.assertIn(path, text)
            answer = self.page(path)
            self.assertEqual(answer.status_code, 200)
            self.assertTrue(answer.headers["Content-Type"].startswith("image/"))

    def test_the_page_knows_the_zone_of_the_branch_for_who_is_elsewhere(self):
        text = self.page("/time", p=self.haircut.id).text
        self.assertIn(f'data-tz="{self.branch.tz}"', text)
        self.assertIn("not of the place where you are", " ".join(text.split()))


@tagged("post_install", "-at_install")
class TestCodes(PagesCase):
    def setUp(self):
        super().setUp()
        self.branch.online_needs_code = True

    def _code(self):
        message = self.env["sms.sms"].search([], order="id desc", limit=1)
        return message.body.split()[0]

    def test_a_phone_is_proven_before_it_books(self):
        start = self.times(self.haircut)[0]
        asked = self.send(self.fill(self.details(start, self.haircut)))
        self.assertFalse(self.visits())
        form = {**self.fields_of(asked), "code": self._code()}
        self.assertIn("/salon/booked/", self.send(form).url)
        self.assertEqual(len(self.visits()), 1)

    def test_a_wrong_code_books_nothing(self):
        start = self.times(self.haircut)[0]
        asked = self.send(self.fill(self.details(start, self.haircut)))
        wrong = f"{(int(self._code()) + 1) % 10**6:06d}"
        page = self.send({**self.fields_of(asked), "code": wrong})
        self.assertIn("This code is not right", page.text)
        self.assertFalse(self.visits())

    def test_codes_are_neither_asked_for_nor_tried_without_end(self):
        start = self.times(self.haircut)[0]
        form = self.fill(self.details(start, self.haircut))
        for name in ("code_address", "code_phone"):
            with self.subTest(name=name), self.refuse(name):
                self.assertEqual(self.send(form).status_code, 429)
        asked = self.fields_of(self.send(form))
        with self.refuse("code_try"):
            tried = self.send({**asked, "code": self._code()})
        self.assertEqual(tried.status_code, 429)
        self.assertFalse(self.visits())

    def test_codes_are_counted_for_the_branch_that_pays_them(self):
        """Whoever has many addresses does not send to the phones of the world."""
        asked = []

        def allows(_limits, name, *subjects):
            asked.append((name, *subjects))
            return name != "code_branch"

        before = self.env["sms.sms"].search_count([])
        start = self.times(self.haircut)[0]
        form = self.fill(self.details(start, self.haircut))
        with patch.object(type(self.env["salon.limit"]), "_allows", allows):
            self.assertEqual(self.send(form).status_code, 429)
        self.assertIn(("code_branch", f"branch {self.branch.id}"), asked)
        self.assertEqual(self.env["sms.sms"].search_count([]), before)

    def test_who_waits_proves_the_phone_and_may_ask_for_another_code(self):
        form = self.fill(self.fields_of(self.page("/wait", p=self.haircut.id)))
        before = self.env["sms.sms"].search_count([])
        asked = self.send(form, "/wait")
        self.assertIn('name="resend"', asked.text)
        self.send({**self.fields_of(asked), "resend": "1"}, "/wait")
        self.assertEqual(self.env["sms.sms"].search_count([]) - before, 2)
        page = self.send({**self.fields_of(asked), "code": self._code()}, "/wait")
        self.assertIn("You are on the waitlist", page.text)

    def test_a_code_is_for_its_phone(self):
        start = self.times(self.haircut)[0]
        asked = self.send(self.fill(self.details(start, self.haircut)))
        form = {**self.fields_of(asked), "code": self._code()}
        self.send({**form, "phone": "+32 470 11 22 33"})
        self.assertFalse(self.visits())


@tagged("post_install", "-at_install")
class TestHostileInput(PagesCase):
    def test_whatever_is_sent_is_answered_with_a_plain_page(self):
        for query in (
            {"p": "x"},
            {"p": "0"},
            {"p": "-1"},
            {"p": "9" * 400},
            {"p": [self.haircut.id] + list(range(1, 20))},
            {"p": self.shampoo.id},
            {"p": self.haircut.id, "who": "' or 1=1"},
            {"p": self.haircut.id, "who": "999999"},
            {"p": self.haircut.id, "day": "2031-99-99"},
            {"p": self.haircut.id, "day": "0001-01-01x"},
            {"p": self.haircut.id, "since": "x" * 5000},
        ):
            page = self.page("/time", **query)
            self.assertEqual(page.status_code, 400, query)
            self.assertNotIn("Traceback", page.text)
        for start in ("", "x", "0", "99999999999", "1"):
            page = self.page("/details", p=self.haircut.id, start=start)
            self.assertIn(page.status_code, (400, 409), start)
        far = self.page("/time", p=self.haircut.id, day="9999-12-31")
        self.assertEqual(far.status_code, 200)

    def test_a_form_without_its_token_is_refused(self):
        form = self.fill(self.details(self.times(self.haircut)[0], self.haircut))
        form.pop("csrf_token")
        self.assertEqual(self.send(form).status_code, 400)
        self.assertFalse(self.visits())

    def test_who_asks_too_often_waits(self):
        form = self.fill(self.details(self.times(self.haircut)[0], self.haircut))
        asks = {
            "search": lambda: self.page("/time", p=self.haircut.id),
            "hold": lambda: self.send(form, "/hold"),
            "book_address": lambda: self.send(form),
            "book_phone": lambda: self.send(form),
        }
        for name, ask in asks.items():
            with self.subTest(name=name), self.refuse(name):
                self.assertEqual(ask().status_code, 429)
        self.assertFalse(self.visits())

    def test_who_fills_what_nobody_sees_is_a_robot(self):
        form = self.fill(
            self.details(self.times(self.haircut)[0], self.haircut), website="x"
        )
        self.assertEqual(self.send(form).status_code, 400)
        self.assertFalse(self.visits())

    def test_a_captcha_of_the_host_is_asked_and_can_be_given_wherever_one_sends(self):
        start = self.times(self.haircut, who=self.mia.id)[0]
        query = {"p": self.haircut.id, "who": self.mia.id}
        form = self.fill(self.details(start, self.haircut, who=self.mia.id))
        waiting = self.fill(self.fields_of(self.page("/wait", **query)))
        pages = [
            self.page("/details", start=start, **query),
            self.page("/wait", **query),
        ]
        self.book(
            self.haircut,
            at=str(clock.local(start, self.branch.tz).time())[:5],
            date=clock.local(start, self.branch.tz).date(),
        )
        asked = []
        with patch.object(
            type(self.env["ir.http"]),
            "_verify_request_recaptcha_token",
            lambda _web, action: asked.append(action),
        ):
            pages.append(self.send(form))
            self.send(waiting, "/wait")
        self.assertEqual(pages[-1].status_code, 409)
        self.assertEqual(asked, ["salon_booking"] * 2)
        for page in pages:
            self.assertIn('data-captcha="salon_booking"', page.text)

    def test_huge_and_broken_texts_are_refused(self):
        form = self.fill(self.details(self.times(self.haircut)[0], self.haircut))
        for values in ({"name": "x" * 81}, {"note": "x" * 1001}, {"key": "x"}):
            self.assertEqual(self.send({**form, **values}).status_code, 400)
        self.assertFalse(self.visits())

    def test_pictures_are_those_of_the_page(self):
        for path in (
            f"/picture/person/{self.env.user.employee_id.id or 999999}",
            "/picture/service/999999",
            "/picture/logo/1",
        ):
            self.assertEqual(self.page(path).status_code, 404)

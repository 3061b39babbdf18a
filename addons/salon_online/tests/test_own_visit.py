from datetime import timedelta

from odoo import Command, fields, http
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.salon_booking.engine import clock
from odoo.addons.salon_booking.exceptions import SlotTaken
from odoo.addons.salon_booking.tests.common import SalonCase


class OwnVisitCase(SalonCase):
    """A client with a visit next week, and fees for those who cancel late."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.day = cls.today + timedelta(days=7)
        cls.own = cls.env["salon.own.visit"]
        cls.env["salon.fee.ladder"].search(
            [("company_id", "=", cls.company.id), ("branch_id", "=", False)]
        ).active = False
        cls.ladder = cls.env["salon.fee.ladder"].create(
            {
                "name": "Late",
                "branch_id": cls.branch.id,
                "forgiven": 0,
                "step_ids": [
                    Command.create({"below_hours": 24, "percent": 50}),
                    Command.create({"below_hours": 4, "percent": 100}),
                ],
            }
        )
        cls.visit = cls.book(cls.haircut, date=cls.day)

    def book_soon(self, hours=10):
        """A visit whose free time of cancelling is over."""
        start = fields.Datetime.now() + timedelta(hours=hours)
        visit = self.env["salon.visit"].create(
            {
                "branch_id": self.branch.id,
                "client_id": self.bella.id,
                "appointment_ids": [
                    Command.create(
                        {
                            "product_id": self.haircut.id,
                            "staff_id": self.oleg.id,
                            "start": start.replace(second=0, microsecond=0),
                        }
                    )
                ],
            }
        )
        self.env.flush_all()
        return visit

    def first_offer(self, visit, kind="change", who="same"):
        # Of a later day: a time of today may pass before it is taken.
        first = self.day if kind == "rebook" else None
        found = self.own._find_days(visit, kind, first=first, who=who)
        return found["times"][0]


@tagged("post_install", "-at_install")
class TestOwnVisit(OwnVisitCase):
    def test_cancelling_in_time_costs_nothing_and_says_until_when(self):
        self.assertEqual(self.own._get_cost(self.visit).amount, 0)
        until = self.own._get_free_until(self.visit)
        self.assertEqual(until, self.visit.start - timedelta(hours=24))
        rules = " ".join(self.own._get_rules(self.visit))
        self.assertIn("without a fee until", rules)
        self.assertIn("27.50", rules)
        self.assertIn("55.00", rules)

    def test_cancelling_late_needs_agreement_to_what_it_costs(self):
        visit = self.book_soon()
        self.assertEqual(self.own._get_cost(visit).amount, 27.5)
        self.assertFalse(self.own._cancel(visit, agreed=0))
        self.assertEqual(visit.state, "booked")
        self.assertTrue(self.own._cancel(visit, agreed=2750))
        self.assertEqual(visit.state, "cancelled")
        self.assertEqual((visit.fee_state, visit.fee_asked), ("due", 27.5))

    def test_cancelling_twice_is_asked_for_once(self):
        visit = self.book_soon()
        for _try in range(2):
            self.assertTrue(self.own._cancel(visit, agreed=2750))
        self.assertEqual(visit.fee_asked, 27.5)

    def test_what_has_begun_can_neither_be_cancelled_nor_changed(self):
        self.visit._set_state("arrived")
        self.assertFalse(self.own._can_cancel(self.visit))
        self.assertFalse(self.own._can_change(self.visit))
        with self.assertRaises(UserError):
            self.own._cancel(self.visit, agreed=10**9)

    def test_a_branch_may_keep_both_to_itself(self):
        self.branch.write({"client_can_cancel": False, "client_can_change": False})
        self.assertFalse(self.own._can_change(self.visit))
        with self.assertRaises(UserError):
            self.own._cancel(self.visit, agreed=10**9)

    def test_the_time_changes_only_while_cancelling_is_free(self):
        self.assertTrue(self.own._can_change(self.visit))
        self.assertFalse(self.own._can_change(self.book_soon()))

    def test_the_new_time_is_asked_from_the_engine_again(self):
        offer = self.first_offer(self.visit)
        with self.assertRaises(UserError):
            self.own._change(self.visit, offer["start"], "other people")
        with self.assertRaises(UserError):
            self.own._change(self.visit, offer["start"] + 1, offer["tag"])
        self.own._change(self.visit, offer["start"], offer["tag"])
        self.assertEqual(clock.to_minutes(self.visit.start), offer["start"])
        self.assertEqual(self.visit.appointment_ids.staff_id, self.mia)

    def test_times_of_other_people_are_offered_when_anybody_will_do(self):
        """Mia is taken all day; Oleg is not."""
        for hour in range(9, 18):
            if hour != 10:
                self.book(self.haircut, at=f"{hour:02}:00", date=self.day)
        day = self.day
        same = self.own._find_days(self.visit, "change", first=day, day=day)
        anybody = self.own._find_days(
            self.visit, "change", first=day, day=day, who="any"
        )
        self.assertNotIn(fields.Date.to_string(day), [d["date"] for d in same["days"]])
        self.assertIn("Oleg", {time["who"] for time in anybody["times"]})

    def test_the_same_again_is_booked_once_however_often_it_is_sent(self):
        offer = self.first_offer(self.visit, "rebook")
        asked = (self.visit, offer["start"], offer["tag"], "same", "key1")
        booked = self.own._rebook(*asked)
        self.assertEqual(self.own._rebook(*asked), booked)
        self.assertNotEqual(booked, self.visit)
        self.assertEqual(booked.source, "web")
        self.assertEqual(booked.client_id, self.anna)

    def test_the_host_of_a_party_cancels_for_everybody_a_guest_does_not(self):
        guest = self.book(
            self.blowdry, staff=self.oleg, client=self.bella, date=self.day
        )
        party = self.env["salon.party"].create(
            {"branch_id": self.branch.id, "client_id": self.anna.id}
        )
        (self.visit | guest).party_id = party
        self.assertEqual(self.own._get_party(guest), guest)
        self.own._cancel(guest, 0, is_whole_party=True)
        self.assertEqual(self.visit.state, "booked")
        guest.appointment_ids.action_reopen()
        self.own._cancel(self.visit, 0, is_whole_party=True)
        self.assertEqual({self.visit.state, guest.state}, {"cancelled"})

    def test_the_host_moves_everybody_only_to_where_all_are_served(self):
        guest = self.book(
            self.blowdry, staff=self.oleg, client=self.bella, date=self.day
        )
        visits = self.visit | guest
        visits.party_id = self.env["salon.party"].create(
            {"branch_id": self.branch.id, "client_id": self.anna.id}
        )
        self.env["salon.shift"].create(
            {
                "staff_id": self.oleg.id,
                "branch_id": self.branch.id,
                "business_date": self.day,
                "time_from": 9,
                "time_to": 12,
                "is_published": True,
            }
        )

        def change(wall):
            start = clock.to_minutes(self.at(wall, self.day))
            self.own._change(self.visit, start, "", is_whole_party=True)

        for wall in ("15:00", "03:00", "11:07"):
            with (
                self.subTest(wall=wall),
                self.assertRaises(SlotTaken),
                self.env.cr.savepoint(),
            ):
                change(wall)
        self.assertEqual(set(visits.mapped("start")), {self.at("10:00", self.day)})
        change("11:00")
        self.assertEqual(set(visits.mapped("start")), {self.at("11:00", self.day)})

    def test_a_payer_finds_the_visits_of_whom_she_pays_for(self):
        self.anna.salon_payer_id = self.portal.partner_id
        visits = self.env["salon.visit"].with_user(self.portal)
        self.assertEqual(visits._portal_find(self.visit.id), self.visit)
        self.anna.salon_payer_id = False
        self.assertFalse(visits._portal_find(self.visit.id))

    def test_messages_carry_links_that_lead_to_each_action(self):
        other = self.book(self.blowdry, staff=self.oleg, date=self.day)
        links = (self.visit | other)._get_client_links()
        self.assertEqual(links.keys(), {self.visit.id, other.id})
        own = links[self.visit.id]
        self.assertEqual(own.keys(), set("visit change cancel review rebook".split()))
        token = own["visit"].rpartition("/")[2]
        self.assertTrue(own["cancel"].endswith(f"/salon/visit/{token}/cancel"))
        self.assertEqual(self.env["salon.link"]._find(token).visit_id, self.visit)

    def test_the_missing_deposit_is_paid_by_the_hosts_page(self):
        public = self.env.ref("base.public_user")
        visit = self.visit.with_user(public).sudo()
        with self.assertRaises(UserError):
            self.own._get_payment_link(visit)
        self.visit.sudo().deposit_asked = 10
        self.patch(self.env.registry["salon.own.visit"], "_can_pay", lambda *_a: True)
        self.assertEqual(self.own._get_deposit_missing(visit), 10)
        link = self.own._get_payment_link(visit)
        self.assertIn("amount=10", link)
        # Asked for again, it is the same bill.
        self.assertEqual(self.own._get_payment_link(visit), link)
        [bill] = self.own._get_bills(visit)
        self.assertTrue(bill["is_deposit"])

    def test_an_old_link_opens_nothing(self):
        token = self.visit._portal_ensure_token()
        find = self.env["salon.visit"].with_user(self.env.ref("base.public_user"))
        self.assertTrue(find._portal_find(self.visit.id, token))
        old = fields.Datetime.now() - timedelta(days=100)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE salon_visit SET start = %s, stop = %s WHERE id = %s",
            [old, old, self.visit.id],
        )
        self.env.invalidate_all()
        self.assertFalse(find._portal_find(self.visit.id, token))


@tagged("post_install", "-at_install")
class TestOwnVisitPages(OwnVisitCase, HttpCase):
    def setUp(self):
        super().setUp()
        links = self.env["salon.link"]._make(self.visit, "visit")
        self.token = next(iter(links.values())).rpartition("/")[2]
        self.page = f"/salon/visit/{self.token}"
        self.authenticate(None, None)

    def post(self, path, **data):
        return self.url_open(
            path, data={"csrf_token": http.Request.csrf_token(self), **data}
        )

    def test_the_link_opens_the_visit_without_a_login(self):
        answer = self.url_open(f"/s/{self.token}")
        self.assertEqual(answer.status_code, 200)
        self.assertIn("Haircut", answer.text)
        self.assertIn("without a fee until", answer.text)
        self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(answer.headers["Cache-Control"], "no-store")

    def test_a_client_changes_the_time_by_link(self):
        offer = self.first_offer(self.visit)
        times = self.url_open(f"{self.page}/change")
        self.assertIn(offer["label"].split()[0], times.text)
        confirm = self.url_open(f"{self.page}/change?start={offer['start']}")
        self.assertIn(offer["tag"], confirm.text)
        done = self.post(
            f"{self.page}/change", start=str(offer["start"]), tag=offer["tag"]
        )
        self.assertIn("The new time is yours", done.text)
        self.env.invalidate_all()
        self.assertEqual(clock.to_minutes(self.visit.start), offer["start"])

    def test_nobody_changes_or_books_by_link_without_end(self):
        for kind, name in (("change", "change"), ("rebook", "book_phone")):
            with self.subTest(kind=kind):
                self.env["ir.config_parameter"].set_param(
                    f"salon_online.limit_{name}", "1/3600"
                )
                starts = []
                for status in (200, 429):
                    offer = self.first_offer(self.visit, kind)
                    answer = self.post(
                        f"{self.page}/{kind}",
                        start=str(offer["start"]),
                        tag=offer["tag"],
                        booking_key=f"key-{status}-of-the-form",
                    )
                    self.assertEqual(answer.status_code, status)
                    self.env.invalidate_all()
                    starts.append(self.all_starts())
                self.assertIn("That was a lot at once", answer.text)
                self.assertEqual(*starts)

    def all_starts(self):
        visits = self.env["salon.visit"].search([("branch_id", "=", self.branch.id)])
        return sorted(visits.mapped("start"))

    def test_who_books_again_with_a_deposit_is_led_to_pay_it(self):
        self.branch.write({"is_online": True, "online_slug": "test-own-visit"})
        self.env["salon.deposit.rule"].search([]).active = False
        self.env["salon.deposit.rule"].create(
            {"name": "Online (test)", "channel": "web", "percent": 50}
        )
        self.patch(self.env.registry["salon.own.visit"], "_can_pay", lambda *_a: True)
        offer = self.first_offer(self.visit, "rebook")
        page = self.post(
            f"{self.page}/rebook",
            start=str(offer["start"]),
            tag=offer["tag"],
            booking_key="key-of-the-form",
        )
        self.assertIn("/salon/booked/", page.url)
        self.assertIn("It is yours until", page.text)
        self.assertIn("Pay now", page.text)

    def test_a_client_cancels_by_link(self):
        page = self.url_open(f"{self.page}/cancel")
        self.assertIn("Cancelling now costs nothing", page.text)
        # A form without a value is what a browser would send back.
        self.assertIn('name="agreed" value="0"', " ".join(page.text.split()))
        done = self.post(f"{self.page}/cancel", agreed="0")
        self.assertIn("The visit is cancelled", done.text)
        self.env.invalidate_all()
        self.assertEqual(self.visit.state, "cancelled")

    def test_a_client_says_to_be_coming_when_it_is_near(self):
        self.assertNotIn("I am coming", self.url_open(self.page).text)
        self.post(f"{self.page}/confirm", coming="1")
        self.env.invalidate_all()
        self.assertEqual(self.visit.state, "booked")
        soon = self.book_soon()
        links = self.env["salon.link"]._make(soon, "visit")
        page = f"/salon/visit/{next(iter(links.values())).rpartition('/')[2]}"
        self.assertIn("I am coming", self.url_open(page).text)
        self.post(f"{page}/confirm", coming="x")
        self.env.invalidate_all()
        self.assertEqual(soon.state, "booked")
        done = self.post(f"{page}/confirm", coming="1")
        self.assertIn("Thank you, we expect you", done.text)
        self.env.invalidate_all()
        self.assertEqual(soon.state, "confirmed")

    def test_looking_at_a_page_changes_nothing(self):
        for action in ("", "/cancel", "/change", "/rebook", "/calendar.ics"):
            self.assertEqual(self.url_open(f"{self.page}{action}").status_code, 200)
        self.env.invalidate_all()
        self.assertEqual(self.visit.state, "booked")

    def test_the_calendar_file_has_the_visit(self):
        text = self.url_open(f"{self.page}/calendar.ics").text
        self.assertIn("BEGIN:VEVENT", text)
        self.assertIn("Haircut", text)

    def test_a_link_for_a_review_does_not_cancel(self):
        links = self.env["salon.link"]._make(self.visit, "review")
        token = next(iter(links.values())).rpartition("/")[2]
        answer = self.post(f"/salon/visit/{token}/cancel", agreed="0")
        self.assertEqual(answer.status_code, 404)
        self.env.invalidate_all()
        self.assertEqual(self.visit.state, "booked")

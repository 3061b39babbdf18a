from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import HttpCase, tagged

from .common import SalonCase


class AroundCase(SalonCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.haircut.name = "Haircut of the Tour"
        (cls.receptionist | cls.manager | cls.stylist).salon_branch_ids = cls.branch
        cls.clara = cls.env["res.partner"].create(
            {"name": "Clara of the Tour", "email": "clara@tour.example"}
        )
        cls.bella.name = "Wilma of the Tour"
        cls.day = cls.today + timedelta(days=3)

    def walk(self, path, tour, login=None):
        self.start_tour(path, tour, login=login)
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestPhoneToursAround(AroundCase):
    """What stylists do on the screen of a phone."""

    browser_size = "375x667"
    touch_enabled = True

    def test_a_stylist_notes_who_came_to_her_class(self):
        self._live_at_noon()
        workshop = self._service("Workshop of the Tour", 40, [("work", 60)])
        workshop.write({"is_salon_group_service": True, "salon_group_capacity": 2})
        event = self.env["salon.group.event"].create(
            {
                "product_id": workshop.id,
                "branch_id": self.branch.id,
                "staff_ids": [Command.set(self.mia.ids)],
                # People come to it already.
                "start": fields.Datetime.now().replace(second=0)
                + timedelta(minutes=20),
            }
        )
        for client in (self.clara, self.bella):
            self.env["salon.booking"]._join(event, client)
        self.walk("/odoo/my-day", "salon_stylist_notes_attendance", "test_stylist")
        states = {
            appointment.client_id: appointment.state
            for appointment in event.appointment_ids
        }
        self.assertEqual(states, {self.clara: "arrived", self.bella: "no_show"})


@tagged("post_install", "-at_install")
class TestToursAround(AroundCase):
    """Parties, substitutes and what clients are offered, in a real browser."""

    def test_guests_who_come_together_are_booked_together(self):
        self.walk(
            "/odoo/salon-parties",
            "salon_receptionist_books_a_party",
            "test_receptionist",
        )
        party = self.env["salon.party"].search([("client_id", "=", self.clara.id)])
        self.assertEqual(party.visit_ids.client_id, self.clara | self.bella)
        self.assertEqual(party.visit_ids.appointment_ids.staff_id, self.mia | self.oleg)

    def test_a_shift_is_given_to_who_is_free_with_its_bookings(self):
        self.stylist.salon_branch_ids = self.branch
        shift = self.env["salon.shift"].create(
            {
                "staff_id": self.mia.id,
                "branch_id": self.branch.id,
                "business_date": self.day,
                "time_from": 9,
                "time_to": 17,
                "is_published": True,
            }
        )
        visit = self.book(self.haircut, client=self.clara, date=self.day)
        self.walk(
            f"/odoo/action-salon_booking.salon_shift_action/{shift.id}",
            "salon_manager_finds_a_substitute",
            "test_manager",
        )
        self.assertEqual(shift.staff_id, self.oleg)
        self.assertEqual(visit.appointment_ids.staff_id, self.oleg)

    def test_a_client_without_account_accepts_what_became_free(self):
        # Whatever the clock says while this runs.
        self.branch.write({"waitlist_quiet_from": 0, "waitlist_quiet_to": 0})
        taken = [
            self.book(
                self.haircut,
                at="09:00",
                client=self.bella,
                staff=person,
                date=self.day,
                duration_minutes=540,
            )
            for person in (self.mia, self.oleg)
        ]
        entry = self.env["salon.waitlist.entry"].create(
            {
                "branch_id": self.branch.id,
                "client_id": self.clara.id,
                "product_ids": [Command.set(self.haircut.ids)],
                "wish_ids": [
                    Command.create(
                        {
                            "date_from": self.day,
                            "date_to": self.day,
                            "wall_from": 0,
                            "wall_to": 24,
                        }
                    )
                ],
            }
        )
        taken[0]._set_state("cancelled")
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 60
        ):
            self.env["salon.waitlist"]._run()
        [offer] = entry.offer_ids
        self.walk(offer.get_portal_url(), "salon_client_accepts_an_offer")
        visit = self.env["salon.visit"].search([("client_id", "=", self.clara.id)])
        self.assertEqual(visit.appointment_ids.staff_id, self.mia)
        self.assertEqual(visit.business_date, self.day)

    def test_dates_are_azerbaijani_in_browsers_that_do_not_know_it(self):
        self.env["res.lang"]._activate_lang("az_AZ")
        self.receptionist.lang = "az_AZ"
        self.browser_js(
            "/odoo/salon-today",
            """
            const date = luxon.DateTime.fromISO("2026-11-22T15:05");
            const said = [
                date.toLocaleString({ month: "short", day: "numeric" }),
                date.toFormat("cccc d LLLL"),
                Intl.DateTimeFormat("en-US").format(date.toJSDate()),
            ].join(" / ");
            const wanted = "22 noy / bazar 22 noyabr / 11/22/2026";
            console.log(said === wanted ? "test successful" : `It says ${said}`);
            if (said !== wanted) { console.error(said); }
            """,
            "!!document.querySelector('.o_kanban_view')",
            login="test_receptionist",
        )

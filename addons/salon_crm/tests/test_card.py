from freezegun import freeze_time
from lxml import etree
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged, users
from odoo.tools import mute_logger

from .common import CrmCase


@tagged("post_install", "-at_install")
class TestCard(CrmCase):
    def born(self, day, month, year=0):
        return self.client(
            f"Born {day}.{month}.",
            salon_birth_day=day,
            salon_birth_month=str(month),
            salon_birth_year=year,
        )

    def celebrating(self, clients, operator, days):
        return self.env["res.partner"].search(
            [("id", "in", clients.ids), ("salon_birthday_days", operator, days)]
        )

    def test_birthdays_over_the_end_of_the_year(self):
        december, january, june = self.born(31, 12), self.born(3, 1), self.born(1, 6)
        clients = december | january | june
        with freeze_time("2026-12-28 12:00"):
            self.assertEqual(self.celebrating(clients, "<=", 7), december | january)
            self.assertEqual(self.celebrating(clients, "=", 3), december)
            self.assertEqual(january.salon_birthday_days, 6)

    def test_the_leap_day(self):
        leap = self.born(29, 2)
        with freeze_time("2027-02-28 12:00"):
            self.assertEqual(self.celebrating(leap, "=", 0), leap)
        with freeze_time("2028-02-28 12:00"):
            self.assertFalse(self.celebrating(leap, "=", 0))
            self.assertEqual(self.celebrating(leap, "=", 1), leap)

    def test_an_unknown_birthday_is_never_near(self):
        client = self.client("Ageless")
        self.assertEqual(client.salon_birthday_days, -1)
        self.assertFalse(self.celebrating(client, "<=", 400))

    def test_a_birthday_is_a_day_of_the_calendar(self):
        for day, month, year in ((31, 4, 0), (29, 2, 2027), (1, 0, 0), (-1, 5, 0)):
            with self.subTest(day=day), self.assertRaises(ValidationError):
                self.client(
                    "Nobody",
                    salon_birth_day=day,
                    salon_birth_month=str(month) if month else False,
                    salon_birth_year=year,
                )
        with self.assertRaises(ValidationError):
            self.born(1, 5, 1850)

    @users("test_receptionist")
    def test_the_desk_fills_a_card(self):
        partners = self.env["res.partner"].with_context(default_is_salon_client=True)
        with Form(partners) as form:
            form.name = "Nigar"
            form.phone = "0771234567"
            form.salon_birth_day = 5
            form.salon_birth_month = "5"
            form.salon_preference_note = "Window seat"
            form.salon_preferred_staff_id = self.mia
            form.salon_referred_by_id = self.anna
        nigar = form.record
        self.assertEqual(nigar.salon_birthday, "5 May")
        self.assertEqual(nigar.salon_status, "potential")
        self.assertEqual(self.anna.salon_referral_count, 1)

    @users("test_stylist")
    def test_a_stylist_reads_a_card_but_does_not_edit_it(self):
        self.book(self.haircut)
        self.env.invalidate_all()
        anna = self.anna.with_user(self.env.user)
        self.assertEqual(anna.name, "Anna")
        with self.assertRaises(AccessError):
            anna.salon_preference_note = "x"

    @users("test_stylist")
    def test_a_stylist_reads_what_others_did_for_her_clients(self):
        done, booked, foreign = (
            self.book(self.haircut, client=client, staff=self.oleg, at=at)
            for client, at in (
                (self.anna, "10:00"),
                (self.anna, "12:00"),
                (self.bella, "14:00"),
            )
        )
        (done | foreign)._set_state("done")
        search = self.env["salon.visit"].search
        domain = [("id", "in", (done | booked | foreign).ids)]
        self.assertFalse(search(domain))
        self.book(self.blowdry)
        self.assertEqual(search(domain), done)
        self.assertEqual(
            self.env["salon.appointment"].search([("visit_id", "in", done.ids)]),
            done.appointment_ids,
        )
        with self.assertRaises(AccessError):
            done.with_user(self.env.user).note = "x"

    @users("test_stylist", "test_receptionist", "test_manager", "test_accountant")
    def test_the_form_opens_for_every_role(self):
        self.env["res.partner"].get_views([(False, "form"), (False, "search")])
        self.env["salon.visit"].get_views([(False, "form")])

    def test_a_health_warning_stands_right_behind_the_name_in_the_list(self):
        view = self.env.ref("salon_crm.salon_client_view_list")
        arch = self.env["res.partner"].get_view(view.id, "list")["arch"]
        names = etree.fromstring(arch).xpath("/list/field/@name")
        self.assertEqual(names[names.index("complete_name") + 1], "salon_health_alert")

    def test_nobody_refers_himself(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.anna.salon_referred_by_id = self.anna
            self.env.flush_all()

    @users("test_stylist")
    def test_a_visit_shows_what_the_client_likes(self):
        self.anna.salon_preference_note = "No scent"
        visit = self.book(self.haircut).with_user(self.env.user)
        self.assertEqual(visit.client_preference_note, "No scent")

import json

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged, users

from ..engine import clock
from .common import THURSDAY, SalonCase


@tagged("post_install", "-at_install")
class TestMyDay(SalonCase):
    """What a stylist is told on the phone, and what is kept from there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stylist.salon_branch_ids = cls.branch
        cls.anna.write({"name": "Anna Zyxova", "email": "anna@zyx.example"})
        cls.bella.write({"name": "Bella Wyvern", "phone": "+32 470 99 88 77"})
        cls.visit = cls.book(cls.colour)
        cls.appointment = cls.visit.appointment_ids
        cls.visit.note = "Likes to sit at the window"
        cls.foreign = cls.book(cls.haircut, staff=cls.oleg, client=cls.bella)

    def day(self, user=None):
        service = self.env["salon.my.day"].with_user(user or self.stylist)
        return service.load_day(fields.Date.to_string(THURSDAY))

    def opened(self, visit=None, user=None):
        service = self.env["salon.my.day"].with_user(user or self.stylist)
        return service.load_visit((visit or self.visit).id)

    def test_the_day_lists_own_appointments_in_their_order(self):
        self.book(self.blowdry, client=self.bella, at="09:00")
        entries = self.day()["entries"]
        self.assertEqual(
            [(entry["service"], entry["client"]) for entry in entries],
            [("Blow-dry", "Bella Wyvern"), ("Colour", "Anna Zyxova")],
        )
        self.assertTrue(entries[1]["has_note"])
        self.assertEqual(entries[1]["start"], clock.to_minutes(self.appointment.start))

    def test_nothing_of_colleagues_and_no_contact_goes_out(self):
        said = json.dumps([self.day(), self.opened()])
        self.assertIn("Anna Zyxova", said)
        for secret in ("Bella", "Oleg", "zyx.example", "123456", "+32470"):
            self.assertNotIn(secret, said.replace(" ", ""))

    def test_of_the_name_only_what_the_branch_allows(self):
        self.branch.stylist_client_name = "initial"
        self.branch.stylist_client_phone = "masked"
        said = json.dumps([self.day(), self.opened()])
        self.assertIn("Anna Z.", said)
        self.assertNotIn("Zyxova", said)
        opened = self.opened()
        self.assertEqual(opened["phone"], "••• 56")
        self.assertFalse(opened["can_call"])

    def test_a_shown_phone_can_be_called(self):
        self.branch.stylist_client_phone = "shown"
        opened = self.opened()
        self.assertEqual(opened["phone"], self.anna.phone)
        self.assertTrue(opened["can_call"])

    def test_a_colleagues_visit_does_not_open(self):
        with self.assertRaises(AccessError):
            self.opened(self.foreign)
        with self.assertRaises(AccessError):
            self.env["salon.my.day"].with_user(self.stylist).load_visit(2**30)

    def test_even_the_owner_has_only_her_own_day(self):
        self.assertFalse(self.day(self.owner)["entries"])
        with self.assertRaises(AccessError):
            self.opened(user=self.owner)

    def test_whoever_is_not_of_the_salon_is_told_nothing(self):
        for user in (self.portal, self.accountant):
            with self.assertRaises(AccessError):
                self.day(user)

    def test_phases_say_when_the_stylist_is_free(self):
        [entry] = self.day()["entries"]
        self.assertEqual(
            [(phase["from"], phase["is_free"]) for phase in entry["phases"]][:3],
            [("10:00 AM", False), ("10:30 AM", True), ("11:05 AM", False)],
        )

    def test_a_cancelled_appointment_leaves_the_day(self):
        self.appointment._set_state("cancelled", "Ill")
        self.assertFalse(self.day()["entries"])
        counts = {day["date"]: day["count"] for day in self.day()["week"]}
        self.assertEqual(counts["2031-06-12"], 0)

    def test_the_assistant_sees_the_phase_in_which_she_helps(self):
        helper = self.env["hr.employee"].create(
            {
                "name": "Helga",
                "is_salon_staff": True,
                "user_id": self.receptionist.id,
                "salon_branch_ids": [Command.set(self.branch.ids)],
                "resource_calendar_id": self.calendar.id,
            }
        )
        finish = self.colour.product_tmpl_id.salon_phase_ids[2]
        finish.assistant_ids = helper
        visit = self.book(self.colour, client=self.bella, at="14:00")
        [entry] = self.day(self.receptionist)["entries"]
        self.assertTrue(entry["is_help"])
        self.assertEqual(entry["from"], "3:05 PM")
        self.assertFalse(entry["visit_id"])
        self.assertEqual(visit.appointment_ids.assistant_names, "Helga")
        mine = [entry for entry in self.day()["entries"] if entry["start"] > 0]
        self.assertEqual(mine[-1]["phases"][2]["helper"], "Helga")

    @users("test_stylist")
    def test_start_and_finish_stamp_the_real_times(self):
        appointment = self.appointment.with_user(self.env.user)
        appointment.action_start()
        appointment.action_done()
        [service] = self.opened()["services"]
        self.assertEqual(service["state"], "done")
        self.assertTrue(service["started"] and service["done"])

    def test_earlier_visits_are_told_with_what_to_remember(self):
        before = self.book(self.haircut, date=THURSDAY - self.days(30))
        before.checkout_note = "Shorter at the neck"
        before._set_state("done")
        [earlier] = self.opened()["history"]
        self.assertEqual(earlier["services"], "Haircut")
        self.assertEqual(earlier["note"], "Shorter at the neck")
        self.assertFalse(self.visit.is_first)
        self.assertTrue(before.is_first)

    def test_private_notes_and_debts_are_not_for_stylists(self):
        self.visit.private_note = "Pays late"
        self.assertNotIn("Pays late", json.dumps(self.opened()))
        visit = self.visit.with_user(self.stylist)
        for name in ("private_note", "client_debt"):
            with self.assertRaises(AccessError):
                visit.read([name])
        with self.assertRaises(AccessError):
            self.visit.with_user(self.receptionist).read(["private_note"])
        self.assertEqual(self.visit.with_user(self.manager).private_note, "Pays late")

    def test_the_desk_is_warned_of_a_debt(self):
        done = self.book(self.haircut, at="16:00")
        self.checkout(done, self.tender(5))
        visit = self.visit.with_user(self.receptionist)
        self.assertEqual(visit.client_debt, 50)
        self.assertIn("50", visit._get_warnings()[-1]["text"])
        report = self.env["ir.actions.report"].with_user(self.receptionist)
        html, _kind = report._render_qweb_html(
            "salon_booking.salon_work_slip", self.visit.ids
        )
        self.assertNotIn("Still owes", html.decode())
        # A stylist reads no money in it.
        self.assertFalse(self.visit.with_user(self.stylist)._get_warnings())

    def test_my_day_is_the_entry_of_stylists_only(self):
        def first(user):
            menus = self.env["ir.ui.menu"].with_user(user).load_web_menus(False)
            root = menus[self.env.ref("salon_booking.salon_root_menu").id]
            return root["actionID"]

        my_day = self.env.ref("salon_booking.salon_my_day_action").id
        self.assertEqual(first(self.stylist), my_day)
        for user in (self.receptionist, self.manager, self.owner):
            self.assertNotEqual(first(user), my_day)
            menus = self.env["ir.ui.menu"].with_user(user).load_web_menus(False)
            found = [each for each in menus.values() if each["actionID"] == my_day]
            self.assertEqual(len(found), 1)

    def test_the_slip_tells_the_work_and_no_price(self):
        self.visit.appointment_ids.price = 7777
        report = self.env["ir.actions.report"].with_user(self.stylist)
        html, _kind = report._render_qweb_html(
            "salon_booking.salon_work_slip", self.visit.ids
        )
        text = html.decode()
        for expected in ("Anna Zyxova", "Colour", "Processing", "at the window"):
            self.assertIn(expected, text)
        self.assertNotIn("7777", text.replace(",", ""))

    def test_the_slip_keeps_a_surname_that_the_branch_hides(self):
        self.branch.stylist_client_name = "initial"
        report = self.env["ir.actions.report"].with_user(self.stylist)
        for name in ("salon_work_slip", "salon_visit_card"):
            html, _kind = report._render_qweb_html(
                f"salon_booking.{name}", self.visit.ids
            )
            self.assertIn("Anna Z.", html.decode())
            self.assertNotIn("Zyxova", html.decode())

    def test_a_note_at_checkout_stands_beside_the_stylists(self):
        self.visit.checkout_note = "Shorter"
        action = self.visit.with_user(self.receptionist).action_checkout()
        wizard = self.env["salon.checkout.wizard"].browse(action["res_id"])
        wizard.with_user(self.receptionist).note = "Wants Oleg next time"
        wizard.with_user(self.receptionist).action_checkout()
        self.assertEqual(self.visit.checkout_note, "Shorter\nWants Oleg next time")

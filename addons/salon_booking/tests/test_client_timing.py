from psycopg2 import IntegrityError

from odoo import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import SalonCase


@tagged("post_install", "-at_install")
class TestClientTiming(SalonCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.timings = cls.env["salon.client.timing"]

    def remember(self, extra=15, staff=None, **values):
        return self.timings.with_user(self.receptionist).create(
            {
                "client_id": self.anna.id,
                "product_tmpl_id": self.haircut.product_tmpl_id.id,
                "staff_id": staff.id if staff else False,
                "extra_minutes": extra,
                **values,
            }
        )

    def test_who_always_needs_longer_gets_longer(self):
        self.remember(15)
        visit = self.book(self.haircut, user=self.receptionist)
        self.assertEqual(visit.appointment_ids.duration_minutes, 60)
        other = self.book(self.haircut, at="12:00", client=self.bella)
        self.assertEqual(other.appointment_ids.duration_minutes, 45)

    def test_what_two_merged_clients_needed_is_remembered_once(self):
        self.remember(15)
        self.remember(5, client_id=self.bella.id)
        self.remember(
            10,
            client_id=self.bella.id,
            product_tmpl_id=self.blowdry.product_tmpl_id.id,
        )
        self.env["base.partner.merge.automatic.wizard"].create(
            {
                "partner_ids": [Command.set((self.anna | self.bella).ids)],
                "dst_partner_id": self.anna.id,
            }
        ).action_merge()
        self.env.invalidate_all()
        self.assertEqual(
            {
                timing.product_tmpl_id.name: timing.extra_minutes
                for timing in self.anna.salon_timing_ids
            },
            {"Haircut": 15, "Blow-dry": 10},
        )

    def test_with_one_person_it_may_go_faster(self):
        self.remember(15)
        self.remember(-10, staff=self.oleg)
        visit = self.book(self.haircut, staff=self.oleg)
        self.assertEqual(visit.appointment_ids.duration_minutes, 35)

    def test_own_minutes_of_the_person_come_first(self):
        self.mia.salon_skill_ids.filtered(
            lambda skill: skill.product_tmpl_id == self.haircut.product_tmpl_id
        ).duration_minutes = 50
        self.remember(15)
        visit = self.book(self.haircut)
        self.assertEqual(visit.appointment_ids.duration_minutes, 65)

    def test_a_service_never_takes_less_than_a_minute(self):
        self.remember(-500)
        visit = self.book(self.haircut)
        self.assertEqual(visit.appointment_ids.duration_minutes, 1)

    def test_an_own_price_goes_before_all_others(self):
        self.remember(0, price=33)
        visit = self.book(self.haircut)
        self.assertEqual(visit.appointment_ids.price, 33)

    def test_another_client_changes_nothing_that_was_agreed(self):
        visit = self.book(self.haircut, client=self.bella, price=40)
        self.remember(15, price=33)
        visit.with_user(self.receptionist).client_id = self.anna
        appointment = visit.appointment_ids
        self.assertEqual((appointment.duration_minutes, appointment.price), (45, 40))

    def test_another_client_in_the_form_changes_nothing_that_was_agreed(self):
        visit = self.book(self.haircut, client=self.bella, price=40)
        self.remember(15, price=33)
        with Form(visit.with_user(self.receptionist)) as form:
            form.client_id = self.anna
        appointment = visit.appointment_ids
        self.assertEqual((appointment.duration_minutes, appointment.price), (45, 40))

    def test_a_new_line_in_the_form_knows_the_client(self):
        self.remember(15)
        visit = self.env["salon.visit"].create(
            {"branch_id": self.branch.id, "client_id": self.anna.id}
        )
        visit.appointment_ids = [
            Command.create(
                {
                    "product_id": self.haircut.id,
                    "staff_id": self.mia.id,
                    "start": self.at("10:00"),
                }
            )
        ]
        self.assertEqual(visit.appointment_ids.duration_minutes, 60)

    def test_the_same_is_remembered_once(self):
        self.remember(15)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.remember(20)

    def test_the_search_finds_everything_of_a_client_at_once(self):
        for_anybody, for_oleg = self.remember(15), self.remember(5, staff=self.oleg)
        template = self.haircut.product_tmpl_id
        found = self.timings._find(self.anna | self.bella, template)
        key = (self.anna.id, template.id)
        self.assertEqual(self.timings._pick(found, *key, self.oleg.id), for_oleg)
        self.assertEqual(self.timings._pick(found, *key, self.mia.id), for_anybody)
        self.assertFalse(
            self.timings._pick(found, self.bella.id, template.id, self.mia.id)
        )

import csv
import os
from pathlib import Path
from unittest.mock import patch

from odoo.tests import tagged, users
from odoo.tools import SQL

from odoo.addons.salon_booking.engine import phones
from odoo.addons.salon_booking.services import salon_phone

from .common import CrmCase

DATA = Path(os.environ.get("SALON_DATA") or "../shared/data") / "phones"


@tagged("post_install", "-at_install")
class TestPhones(CrmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leyla = cls.client("Leyla", phone="050 123 45 67")
        cls.ivan = cls.client("Ivan", phone="+7 912 345-67-89")

    def find(self, typed, user=None):
        """Names offered where a visit asks for its client."""
        partners = self.env["res.partner"].with_user(user or self.receptionist)
        found = partners.name_search(typed)
        return set(partners.browse(id_ for id_, _name in found).mapped("name"))

    def test_every_number_of_the_samples_is_read_as_it_should(self):
        path = DATA / "typed_cases.csv"
        if not path.exists():
            self.skipTest(f"No sample numbers at {path}.")
        with path.open(encoding="utf-8") as file:
            cases = list(csv.DictReader(file))
        self.assertEqual(len(cases), 55)
        for case in cases:
            with self.subTest(**case):
                country = self.env["res.country"].search(
                    [("code", "=", case["default_region"])]
                )
                self.branch.partner_id.country_id = country
                client = self.client("Somebody", phone=case["typed"])
                expected = case["e164"] if case["valid"] == "True" else False
                self.assertEqual(client.phone_sanitized, expected)

    def test_a_local_number_is_read_as_in_the_users_branch(self):
        client = self.client("Aygun", phone="055 123 45 67")
        self.assertEqual(client.phone_sanitized, "+994551234567")
        self.assertEqual(client.phone, "+994 55 123 45 67")

    def test_the_clients_own_country_comes_first(self):
        client = self.client("Defne", phone="0532 123 45 67", country_id=self.turkey.id)
        self.assertEqual(client.phone_sanitized, "+905321234567")

    def test_a_tourist_with_a_local_number_is_read_as_in_the_salon(self):
        client = self.client(
            "Hans",
            phone="070 123 45 67",
            country_id=self.turkey.id,
            salon_preferred_branch_id=self.branch.id,
        )
        self.assertEqual(client.phone_sanitized, "+994701234567")

    def test_a_number_once_read_does_not_change_with_the_country(self):
        self.leyla.country_id = self.turkey
        self.assertEqual(self.leyla.phone_sanitized, "+994501234567")

    def test_a_changed_number_is_read_anew(self):
        self.leyla.with_user(self.receptionist).phone = "055 765 43 21"
        self.assertEqual(self.leyla.phone_sanitized, "+994557654321")

    def test_a_batch_of_new_clients_is_read_each_in_its_country(self):
        clients = (
            self.env["res.partner"]
            .with_context(default_is_salon_client=True)
            .create(
                [
                    {"name": "A", "phone": "0532 123 45 67", "country_id": country.id}
                    for country in (self.turkey, self.env.ref("base.ge"))
                ]
            )
        )
        self.assertEqual(clients[0].phone_sanitized, "+905321234567")
        self.assertFalse(clients[1].phone_sanitized == "+905321234567")

    def test_imported_clients_are_read_too(self):
        result = self.env["res.partner"].load(
            ["name", "phone", "is_salon_client", "salon_preferred_branch_id/.id"],
            [["Imported", "(055) 123-45-67", "True", str(self.branch.id)]],
        )
        client = self.env["res.partner"].browse(result["ids"])
        self.assertEqual(client.phone_sanitized, "+994551234567")

    def test_a_contact_who_gets_a_visit_becomes_a_client_with_a_read_number(self):
        contact = self.env["res.partner"].create(
            {"name": "Contact", "phone": "0512345678", "country_id": self.azerbaijan.id}
        )
        self.assertFalse(contact.is_salon_client)
        self.visit_of(contact, [self.at("10:00").date()])
        self.assertTrue(contact.is_salon_client)
        self.assertEqual(contact.phone, "+994 51 234 56 78")

    def test_a_client_is_found_by_any_way_of_typing_the_number(self):
        for typed in (
            "050 123 45 67",
            "0501234567",
            "501234567",
            "50 123",
            "050-12",
            "+994 50 123 45 67",
            "+99450",
            "00994501234567",
            "994 50",
            "4567",
            "45-67",
            "123 45 67",
        ):
            with self.subTest(typed=typed):
                self.assertIn("Leyla", self.find(typed))

    def test_the_russian_eight_is_understood(self):
        self.branch.partner_id.country_id = self.env.ref("base.ru")
        for typed in ("8 912 345-67-89", "89123", "9123456789", "6789", "+7912"):
            with self.subTest(typed=typed):
                self.assertIn("Ivan", self.find(typed))

    def test_an_invalid_number_is_found_by_its_digits(self):
        self.client("Broken", phone="0532 12-3")
        self.assertIn("Broken", self.find("0532 123"))
        self.assertIn("Broken", self.find("2123"))

    def test_a_number_nobody_has_is_looked_up_in_the_references(self):
        self.client("Numbered", ref="C-4711-9")
        self.assertEqual(self.find("4711"), {"Numbered"})

    def test_a_tax_number_is_found_by_its_digits(self):
        self.client("Company", vat="XX0477472701")
        self.assertEqual(self.find("0477472701"), {"Company"})

    def test_an_exact_reference_is_found_beside_a_phone(self):
        self.client("Numbered", ref="4567")
        self.assertEqual(self.find("4567"), {"Leyla", "Numbered"})

    def test_names_are_found_as_ever(self):
        self.assertIn("Leyla", self.find("leyl"))

    def test_a_part_in_the_middle_is_not_enough(self):
        self.assertNotIn("Leyla", self.find("12345"))

    def test_the_standard_search_field_finds_phones(self):
        found = self.env["res.partner"].search(
            [("salon_phone_search", "ilike", "4567")]
        )
        self.assertEqual(found, self.leyla)
        self.assertFalse(
            self.env["res.partner"].search([("salon_phone_search", "ilike", "leyla")])
        )

    def test_both_ends_of_a_number_are_answered_by_an_index(self):
        service = self.env["salon.phone"]
        self.env["res.partner"].flush_model()
        # The few contacts of a test fit on one page, which is cheaper to read whole.
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        for index, patterns in (
            ("salon_phone_first_digits_idx", phones.Patterns({"99450"}, ())),
            ("salon_phone_last_digits_idx", phones.Patterns((), {"4567"})),
        ):
            select = SQL(
                "EXPLAIN SELECT id FROM res_partner WHERE %s",
                service._sql_matches(patterns, "res_partner"),
            )
            plan = "\n".join(line for (line,) in self.env.execute_query(select))
            self.assertIn(index, plan)

    def test_a_beginning_that_most_have_is_found_as_well(self):
        with patch.object(salon_phone, "DENSE", 0):
            self.assertIn("Leyla", self.find("+99450"))
            self.assertIn("Leyla", self.find("4567"))

    @users("test_receptionist")
    def test_the_desk_adds_a_client_by_typing_name_and_number(self):
        partners = self.env["res.partner"].with_context(default_is_salon_client=True)
        partner_id, _name = partners.name_create("Nigar 077 123 45 67")
        nigar = self.env["res.partner"].browse(partner_id)
        self.assertEqual(nigar.name, "Nigar")
        self.assertTrue(nigar.is_salon_client)
        self.assertTrue(nigar.phone)

    def test_namesakes_are_told_apart_by_phone(self):
        offered = self.leyla.with_context(
            salon_show_phone=True, formatted_display_name=True
        )
        self.assertEqual(offered.display_name, "Leyla \t --+994 50 123 45 67--")
        self.assertEqual(self.leyla.display_name, "Leyla")

from freezegun import freeze_time
from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import SalonCase


@tagged("post_install", "-at_install")
class TestRights(SalonCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_branch = cls.env["salon.branch"].create(
            {"name": "Other", "resource_calendar_id": cls.calendar.id}
        )
        cls.mia.salon_branch_ids = [Command.link(cls.other_branch.id)]
        cls.visit = cls.book(cls.haircut)
        cls.visit_of_oleg = cls.book(cls.haircut, staff=cls.oleg, at="12:00")
        cls.visit_elsewhere = cls.book(cls.haircut, at="15:00", branch=cls.other_branch)
        cls.receptionist.salon_branch_ids = cls.branch

    def seen(self, user, model="salon.visit"):
        return self.env[model].with_user(user).search([])

    def test_a_receptionist_sees_her_branch_and_no_other(self):
        seen = self.seen(self.receptionist)
        self.assertIn(self.visit_of_oleg, seen)
        self.assertNotIn(self.visit_elsewhere, seen)
        self.assertNotIn(
            self.other_branch, self.seen(self.receptionist, "salon.branch")
        )

    def test_without_a_branch_set_one_sees_all_of_the_company(self):
        self.receptionist.salon_branch_ids = False
        self.assertIn(self.visit_elsewhere, self.seen(self.receptionist))

    def test_an_owner_sees_every_branch(self):
        self.owner.salon_branch_ids = self.branch
        self.assertIn(self.visit_elsewhere, self.seen(self.owner))

    def test_a_stylist_sees_her_own_appointments_only(self):
        self.assertEqual(
            self.seen(self.stylist) & self.visit_of_oleg, self.visit.browse()
        )
        self.assertIn(self.visit, self.seen(self.stylist))
        self.assertNotIn(
            self.visit_of_oleg.appointment_ids,
            self.seen(self.stylist, "salon.appointment"),
        )

    def test_another_company_is_invisible(self):
        company = self.env["res.company"].create({"name": "Another"})
        foreigner = new_test_user(
            self.env,
            "foreigner",
            groups="base.group_user,salon_booking.group_salon_owner",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self.assertNotIn(self.visit, self.seen(foreigner))

    def test_the_accountant_reads_visits_and_changes_none(self):
        self.assertIn(self.visit, self.seen(self.accountant))
        with self.assertRaises(AccessError):
            self.visit.with_user(self.accountant).write({"note": "x"})

    def test_staff_without_a_salon_role_see_nothing(self):
        clerk = new_test_user(self.env, "clerk", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.seen(clerk)

    def test_a_client_has_no_access_to_the_models(self):
        self.visit.client_id = self.portal.partner_id
        for model in ("salon.visit", "salon.appointment", "salon.occupancy"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.portal).search([])

    def test_a_receptionist_sees_no_books_and_no_personnel_files(self):
        for model in ("account.move", "account.move.line", "hr.version"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.receptionist).search([])
        skills = self.mia.with_user(self.receptionist).salon_skill_ids
        self.assertTrue(skills)
        with self.assertRaises(AccessError):
            self.mia.with_user(self.receptionist).read(["private_phone"])

    def test_a_receptionist_does_not_change_prices_of_the_list(self):
        with self.assertRaises(AccessError):
            self.haircut.with_user(self.receptionist).write({"list_price": 1})

    def test_a_stylist_leaves_client_time_and_price_to_the_desk(self):
        visit = self.visit.with_user(self.stylist)
        appointment = visit.appointment_ids
        for record, values in (
            (visit, {"client_id": self.bella.id}),
            (visit, {"branch_id": self.other_branch.id}),
            (visit, {"access_token": "mine"}),
            (
                visit,
                {"appointment_ids": [Command.update(appointment.id, {"price": 0})]},
            ),
            (appointment, {"price": 0}),
            (appointment, {"start": self.at("16:00")}),
            (appointment, {"staff_id": self.oleg.id}),
            (appointment, {"phase_staff": {"0": self.oleg.id}}),
        ):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(AccessError, "Only the desk"),
            ):
                record.write(values)
        visit.write({"note": "Came late", "checkout_note": "Shorter next time"})
        appointment.write({"state": "arrived"})
        self.assertEqual(self.visit.state, "arrived")
        self.visit.with_user(self.receptionist).client_id = self.bella

    def test_a_form_shows_a_stylist_what_she_may_change(self):
        def open_fields(user):
            views = self.env["salon.visit"].with_user(user).get_views([(False, "form")])
            arch = etree.fromstring(views["views"]["form"]["arch"])
            nodes = arch.xpath("//field[not(@readonly)]")
            return {node.get("name") for node in nodes}

        shown = open_fields(self.stylist)
        self.assertLessEqual({"note", "checkout_note", "appointment_ids"}, shown)
        self.assertFalse({"client_id", "source", "product_id", "price"} & shown)
        self.assertLessEqual({"client_id", "price"}, open_fields(self.receptionist))

    def test_what_begins_moves_to_its_real_start_for_stylists_too(self):
        self.branch.moves_to_real_start = True
        with freeze_time(self.at("10:05")):
            self.visit.appointment_ids.with_user(self.stylist).action_start()
        self.assertEqual(self.visit.appointment_ids.start, self.at("10:05"))

    def test_a_form_that_names_any_client_tells_a_stylist_no_phone(self):
        self.other_branch.stylist_client_phone = "shown"
        values = {"client_id": self.anna.id, "branch_id": self.other_branch.id}
        told = self.visit.with_user(self.stylist).onchange(
            {**values, "note": "x"},
            [*values, "note"],
            {"client_phone": {}, "note": {}, **dict.fromkeys(values, {})},
        )
        self.assertNotIn("470 12", repr(told))
        line = Command.update(
            self.visit.appointment_ids.id, {"client_id": self.bella.id}
        )
        for values in ({"client_id": self.bella.id}, {"appointment_ids": [line]}):
            told = self.visit.with_user(self.stylist).onchange(
                {**values, "note": "x"}, list(values), {"client_id": {}, "note": {}}
            )
            self.assertFalse(told)

    def test_nobody_hands_a_record_to_a_branch_that_is_not_his(self):
        self.manager.salon_branch_ids = self.branch
        shift = self.env["salon.shift"].create(
            {
                "staff_id": self.mia.id,
                "branch_id": self.branch.id,
                "business_date": "2031-06-12",
                "time_from": 9,
                "time_to": 12,
            }
        )
        facility = self.env["salon.facility"].create(
            {
                "name": "Chair (test)",
                "branch_id": self.branch.id,
                "type_id": self.env["salon.facility.type"]
                .create({"name": "Chair (test)", "kind": "station"})
                .id,
            }
        )
        policy = self.env["salon.booking.policy"].create({"branch_id": self.branch.id})
        for record in (shift, facility, policy):
            with self.subTest(model=record._name), self.assertRaises(AccessError):
                record.with_user(self.manager).branch_id = self.other_branch
        standings = [
            self.env["salon.standing"].create(
                {
                    "branch_id": branch.id,
                    "client_id": self.anna.id,
                    "date_start": "2031-06-12",
                    "line_ids": [Command.create({"product_id": self.haircut.id})],
                }
            )
            for branch in (self.branch, self.other_branch)
        ]
        with self.assertRaises(AccessError):
            line = standings[0].line_ids.with_user(self.manager)
            line.standing_id = standings[1]
        elsewhere = self.env["hr.employee"].create(
            {
                "name": "Elsewhere",
                "is_salon_staff": True,
                "salon_branch_ids": [Command.set(self.other_branch.ids)],
            }
        )
        with self.assertRaises(AccessError):
            skill = self.mia.salon_skill_ids[0].with_user(self.manager)
            skill.staff_id = elsewhere

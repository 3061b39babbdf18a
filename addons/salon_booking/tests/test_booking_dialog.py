from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..engine.refusals import Refusal
from ..exceptions import SlotTaken
from .common import THURSDAY, SalonCase


@tagged("post_install", "-at_install")
@freeze_time("2031-06-01 08:00:00")
class TestBookingDialog(SalonCase):
    """What the desk searches, sees and books in one dialog."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sauna = cls._service("Mask", 15, [("work", 15)])
        cls.sauna.product_tmpl_id.is_salon_addon = True
        cls.blowdry.product_tmpl_id.salon_addon_ids = cls.sauna.product_tmpl_id
        cls.env["salon.skill"].create(
            [
                {"staff_id": staff.id, "product_tmpl_id": cls.sauna.product_tmpl_id.id}
                for staff in (cls.mia, cls.oleg)
            ]
        )

    def dialog(self, *services, user=None, **values):
        first, *more = services
        return (
            self.env["salon.booking.wizard"]
            .with_user(user or self.receptionist)
            .create(
                {
                    "branch_id": self.branch.id,
                    "client_id": self.anna.id,
                    "product_id": first.id,
                    "line_ids": [
                        Command.create({"product_id": service.id, "sequence": index})
                        for index, service in enumerate(more)
                    ],
                    "date_from": THURSDAY,
                    "days": 1,
                    **values,
                }
            )
        )

    def visits(self, dialog):
        return dialog.slots["days"][0]["visits"]

    def take(self, dialog, time):
        action = dialog.action_book(
            time["start"], time["staff"], parts=time.get("parts")
        )
        return self.env["salon.visit"].browse(action["res_id"])

    def plan(self, visit):
        return [
            (row.product_id.name, row.staff_id.name, row.duration_minutes)
            for row in visit.appointment_ids.sorted("start")
        ]

    def test_one_service_is_offered_with_everybody_who_can_do_it(self):
        dialog = self.dialog(self.haircut, client_id=False)
        people = dialog.slots["days"][0]["people"]
        self.assertEqual({person["name"] for person in people}, {"Mia", "Oleg"})
        self.assertFalse(self.visits(dialog))
        visit = self.take(dialog, people[0]["times"][0])
        self.assertFalse(visit.appointment_ids.is_requested)

    def test_own_minutes_and_a_level_hold_for_the_search_and_the_booking(self):
        level = self.env["salon.staff.level"].create({"name": "Master"})
        self.oleg.salon_level_id = level
        dialog = self.dialog(self.haircut, minutes=70, level_id=level.id)
        (person,) = dialog.slots["days"][0]["people"]
        self.assertEqual((person["name"], person["minutes"]), ("Oleg", 70))
        visit = self.take(dialog, person["times"][0])
        self.assertEqual(self.plan(visit), [("Haircut", "Oleg", 70)])

    def test_three_services_are_booked_as_shown(self):
        dialog = self.dialog(self.colour, self.haircut, self.blowdry)
        dialog.line_ids[0].staff_id = self.oleg
        time = self.visits(dialog)[0]
        self.assertEqual(time["price"], self.company.currency_id.format(180))
        self.assertEqual(
            [part["service"] for part in time["plan"]],
            ["Colour", "Haircut", "Blow-dry"],
        )
        visit = self.take(dialog, time)
        self.assertEqual(len(visit.appointment_ids), 3)
        self.assertEqual(
            [row.product_id for row in visit.appointment_ids if row.is_requested],
            [self.haircut],
        )

    def test_in_any_order_more_can_be_had_than_in_the_given_one(self):
        self.oleg.salon_skill_ids.filtered(
            lambda skill: skill.product_tmpl_id == self.haircut.product_tmpl_id
        ).unlink()
        # Mia has time for the cut in the morning alone, Oleg for drying later.
        self.book(self.haircut, at="09:45", duration_minutes=495)
        self.book(self.haircut, at="09:00", staff=self.oleg, duration_minutes=45)
        given = self.dialog(self.blowdry, self.haircut)
        self.assertFalse(self.visits(given))
        free = self.dialog(self.blowdry, self.haircut, service_order="any")
        visit = self.take(free, self.visits(free)[0])
        self.assertEqual(
            self.plan(visit), [("Haircut", "Mia", 45), ("Blow-dry", "Oleg", 30)]
        )

    def test_together_is_done_by_two_people_at_once(self):
        dialog = self.dialog(self.haircut, self.blowdry, service_order="together")
        visit = self.take(dialog, self.visits(dialog)[0])
        self.assertEqual(len(set(visit.appointment_ids.mapped("start"))), 1)
        self.assertEqual(visit.appointment_ids.staff_id, self.mia | self.oleg)

    def test_an_add_on_follows_its_service_with_the_same_person(self):
        dialog = self.dialog(
            self.blowdry,
            self.haircut,
            addon_ids=self.sauna.ids,
            staff_rule="different",
        )
        self.assertEqual(dialog.available_addon_ids, self.sauna)
        visit = self.take(dialog, self.visits(dialog)[0])
        dry, mask, cut = visit.appointment_ids.sorted("start")
        self.assertEqual(mask.product_id, self.sauna)
        self.assertEqual((mask.staff_id, mask.start), (dry.staff_id, dry.stop))
        self.assertNotEqual(cut.staff_id, dry.staff_id)

    def test_add_ons_of_another_service_are_not_booked(self):
        dialog = self.dialog(self.haircut, addon_ids=self.sauna.ids)
        self.assertFalse(dialog.available_addon_ids)
        self.assertEqual(len(dialog._get_services()), 1)

    def test_a_shown_time_that_was_taken_names_the_nearest(self):
        dialog = self.dialog(self.haircut, self.blowdry)
        time = self.visits(dialog)[0]
        for staff in (self.mia, self.oleg):
            self.book(self.haircut, at="09:00", staff=staff, client=self.bella)
        with self.assertRaises(SlotTaken) as caught:
            self.take(dialog, time)
        self.assertTrue(caught.exception.alternatives)

    def test_what_was_not_offered_is_not_booked(self):
        dialog = self.dialog(self.haircut, self.blowdry)
        time = self.visits(dialog)[0]
        time["parts"][1][2] += 5
        with self.assertRaises(SlotTaken):
            self.take(dialog, time)

    def test_a_wished_time_is_explained_with_the_nearest_that_can_be_had(self):
        dialog = self.dialog(self.haircut)
        self.assertFalse(dialog.answer)
        dialog.write({"wished_day": THURSDAY, "wished_time": 20})
        with patch.object(
            type(self.env["salon.availability"]),
            "_explain",
            lambda *args: [Refusal("closed")],
        ):
            dialog.invalidate_recordset(["answer"])
            answer = dialog.answer
        self.assertFalse(answer["is_possible"])
        self.assertEqual(answer["texts"], ["Test Branch is closed then."])
        self.assertEqual(answer["times"][0]["wall"], 17.25)
        visit = self.take(dialog, answer["times"][0])
        self.assertEqual(visit.start, self.at("17:15"))

    def test_a_wished_time_that_is_free_is_said_to_be(self):
        dialog = self.dialog(self.haircut, wished_time=11)
        self.assertTrue(dialog.answer["is_possible"])
        self.assertEqual(dialog.answer["times"][0]["wall"], 11)

    def test_what_was_searched_in_vain_goes_on_the_waitlist(self):
        dialog = self.dialog(self.haircut, self.blowdry, days=3)
        entry = self.env["salon.waitlist.entry"].browse(
            dialog.action_waitlist()["res_id"]
        )
        self.assertEqual(entry.client_id, self.anna)
        self.assertEqual(entry.product_ids, self.haircut | self.blowdry)
        self.assertEqual((entry.last_day - entry.first_day).days, 2)

    def test_nobody_without_a_name_waits(self):
        with self.assertRaisesRegex(UserError, "choose a client"):
            self.dialog(self.haircut, client_id=False).action_waitlist()

    def test_a_rule_refuses_unless_there_is_a_reason_and_the_right(self):
        self.haircut.product_tmpl_id.salon_needs_package = True
        dialog = self.dialog(self.haircut, override_reason="Agreed on the phone")
        self.assertTrue(dialog.rule_warnings)
        self.assertFalse(dialog.can_override)
        self.assertFalse(dialog.slots["days"][0]["people"])
        self.manager.group_ids |= self.env.ref("salon_booking.group_salon_override")
        allowed = self.dialog(
            self.haircut, user=self.manager, override_reason="Agreed on the phone"
        )
        self.assertTrue(allowed.can_override)
        time = allowed.slots["days"][0]["people"][0]["times"][0]
        visit = self.take(allowed, time)
        self.assertEqual(visit.override_reason, "Agreed on the phone")

    def test_the_dialog_answers_while_it_is_filled_in(self):
        with Form(
            self.env["salon.booking.wizard"].with_user(self.receptionist)
        ) as form:
            form.branch_id = self.branch
            form.product_id = self.haircut
            form.date_from = THURSDAY
            self.assertTrue(form.slots["days"][0]["people"])
            with form.line_ids.new() as line:
                line.product_id = self.blowdry
            self.assertTrue(form.slots["days"][0]["visits"])

    def test_a_stylist_has_no_search_dialog(self):
        with self.assertRaises(AccessError):
            self.dialog(self.haircut, user=self.stylist)

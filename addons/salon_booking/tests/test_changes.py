from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged, users

from ..engine import clock
from ..exceptions import SlotTaken
from .common import THURSDAY, SalonCase


@tagged("post_install", "-at_install")
@freeze_time("2031-06-10 08:00:00")
class TestChanges(SalonCase):
    def open(self, action, **values):
        """The dialog that an action opens, as a client of the web fills it in."""
        dialog = Form(
            self.env[action["res_model"]].with_context(**action.get("context", {}))
        )
        for name, value in values.items():
            setattr(dialog, name, value)
        return dialog.save()

    def as_me(self, record):
        return record.with_user(self.env.user)

    def take(self, wizard, at, staff=None):
        start = clock.to_minutes(self.at(at))
        for day in wizard.slots["days"]:
            for team in day["people"]:
                if any(time["start"] == start for time in team["times"]) and (
                    staff is None or team["staff"] == staff.ids
                ):
                    return wizard.action_take(start, team["staff"])
        raise AssertionError(f"{at} is not offered")

    @users("test_receptionist")
    def test_a_receptionist_moves_a_visit_and_the_chatter_keeps_what_was(self):
        visit = self.as_me(self.book(self.haircut, at="10:00", duration_minutes=60))
        self.take(self.open(visit.action_move(), notify_client=False), "14:00")
        appointment = visit.appointment_ids
        self.assertEqual(appointment.start, self.at("14:00"))
        self.assertEqual(appointment.duration_minutes, 60)
        note = visit.message_ids.filtered(lambda m: "Before" in (m.body or ""))
        self.assertEqual(len(note), 1)
        self.assertIn("10:00", note.body)
        self.assertEqual(note.author_id, self.env.user.partner_id)

    @users("test_receptionist")
    def test_no_context_moves_a_visit_without_a_trace(self):
        visit = self.as_me(self.book(self.haircut, at="10:00"))
        quiet = visit.appointment_ids.with_context(salon_changes_noted=True)
        quiet.start = self.at("14:00")
        self.assertIn("10:00", visit.message_ids[0].body)

    @users("test_receptionist")
    def test_moving_to_somebody_else_shows_what_it_changes_in_price(self):
        self.env["salon.skill"].sudo().search(
            [
                ("staff_id", "=", self.oleg.id),
                ("product_tmpl_id", "=", self.haircut.product_tmpl_id.id),
            ]
        ).price = 65
        visit = self.as_me(self.book(self.haircut))
        same = self.open(visit.action_move())
        self.assertEqual(same.slots["days"][0]["people"][0]["change"], "")
        wizard = self.open(
            visit.action_move(),
            staff_choice="one",
            staff_id=self.as_me(self.oleg),
        )
        teams = {team["name"]: team for team in wizard.slots["days"][0]["people"]}
        self.assertIn("+", teams["Oleg"]["change"])
        self.assertIn("15", teams["Oleg"]["change"])

    def test_an_addon_moves_right_behind_its_service_to_the_same_person(self):
        addon, service = self.blowdry.product_tmpl_id, self.haircut.product_tmpl_id
        addon.is_salon_addon = True
        service.salon_addon_ids = addon
        visit = self.book(self.haircut, at="10:00")
        self.env["salon.appointment"].create(
            {
                "visit_id": visit.id,
                "product_id": self.blowdry.id,
                "staff_id": self.mia.id,
                "start": self.at("10:45"),
            }
        )
        self.book(self.haircut, at="14:45", client=self.bella)
        live = visit.appointment_ids
        offers = self.env["salon.availability"]._find_offers(
            visit._get_wish(staff=dict.fromkeys(live.ids)),
            THURSDAY,
            THURSDAY,
            without=live,
        )
        self.assertTrue(offers)
        for offer in offers:
            cut, dried = offer.parts
            self.assertEqual((dried.staff, dried.start), (cut.staff, cut.stop))

    @users("test_receptionist")
    def test_a_time_that_was_not_offered_is_refused(self):
        visit = self.as_me(self.book(self.haircut))
        wizard = self.open(visit.action_move())
        with self.assertRaises(SlotTaken):
            wizard.action_take(clock.to_minutes(self.at("03:00")), self.mia.ids)

    @users("test_receptionist")
    def test_a_visit_moves_by_less_than_its_own_length(self):
        visit = self.as_me(self.book(self.haircut, at="10:00"))
        self.take(self.open(visit.action_move(), notify_client=False), "10:15")
        self.assertEqual(visit.start, self.at("10:15"))

    @users("test_receptionist")
    def test_what_has_begun_is_not_moved(self):
        visit = self.as_me(self.book(self.haircut))
        visit.action_arrive()
        with self.assertRaisesRegex(UserError, "has begun"):
            visit.action_move()

    def test_a_stylist_may_not_move_the_visit_of_a_colleague(self):
        visit = self.book(self.haircut, staff=self.oleg).with_user(self.stylist)
        with self.assertRaises(AccessError):
            visit.action_move()

    @users("test_receptionist")
    def test_a_longer_service_moves_the_ones_after_it(self):
        visit = self.as_me(self.book(self.haircut, at="10:00"))
        second = self.env["salon.appointment"].create(
            {
                "visit_id": visit.id,
                "product_id": self.blowdry.id,
                "staff_id": self.mia.id,
                "start": self.at("10:45"),
            }
        )
        wizard = self.open(visit.action_rearrange())
        wizard.line_ids[0].duration_minutes = 60
        wizard.action_apply()
        first = visit.appointment_ids - second
        self.assertEqual(
            (first.start, first.stop), (self.at("10:00"), self.at("11:00"))
        )
        self.assertEqual(second.start, self.at("11:00"))
        self.assertEqual(second.occupancy_ids.start, self.at("11:00"))

    @users("test_receptionist")
    def test_lengthening_into_the_next_client_is_refused(self):
        visit = self.as_me(self.book(self.haircut, at="10:00"))
        self.book(self.haircut, at="10:45", client=self.bella)
        wizard = self.open(visit.action_rearrange())
        wizard.line_ids.duration_minutes = 60
        with self.assertRaises(SlotTaken), self.env.cr.savepoint():
            wizard.action_apply()
        self.assertEqual(visit.appointment_ids.occupancy_ids.stop, self.at("10:45"))

    @users("test_receptionist")
    def test_another_person_takes_over_with_own_minutes_kept(self):
        visit = self.as_me(self.book(self.haircut, duration_minutes=60))
        wizard = self.open(visit.action_rearrange())
        wizard.line_ids.staff_id = self.oleg.id
        wizard.action_apply()
        appointment = visit.appointment_ids
        self.assertEqual(appointment.staff_id.id, self.oleg.id)
        self.assertEqual(appointment.duration_minutes, 60)

    @users("test_receptionist")
    def test_two_appointments_swap_time_and_person(self):
        first = self.book(self.haircut, at="10:00").appointment_ids
        second = self.book(
            self.haircut, at="14:00", staff=self.oleg, client=self.bella
        ).appointment_ids
        both = self.as_me(first | second)
        wizard = self.open(both.action_swap(), notify_client=False)
        self.assertIn("2:00 PM", wizard.after.replace("\N{NARROW NO-BREAK SPACE}", " "))
        wizard.action_swap()
        self.assertEqual((first.start, first.staff_id), (self.at("14:00"), self.oleg))
        self.assertEqual((second.start, second.staff_id), (self.at("10:00"), self.mia))
        self.assertIn("Before", first.visit_id.message_ids[0].body)

    @users("test_receptionist")
    def test_a_swap_tells_who_does_not_do_the_service(self):
        first = self.book(self.haircut, at="10:00").appointment_ids
        second = self.book(
            self.blowdry, at="14:00", staff=self.oleg, client=self.bella
        ).appointment_ids
        both = self.as_me(first | second)
        self.assertFalse(self.open(both.action_swap()).warning)
        self.oleg.sudo().salon_skill_ids.filtered(
            lambda skill: skill.product_tmpl_id == self.haircut.product_tmpl_id
        ).unlink()
        self.assertEqual(
            self.open(both.action_swap()).warning, "Oleg does not do “Haircut”."
        )

    @users("test_receptionist")
    def test_a_swap_that_does_not_fit_changes_nothing(self):
        first = self.book(self.haircut, at="10:00").appointment_ids
        second = self.book(
            self.colour, at="14:00", staff=self.oleg, client=self.bella
        ).appointment_ids
        self.book(self.blowdry, at="11:00", client=self.bella)
        wizard = self.open(self.as_me(first | second).action_swap())
        with self.assertRaises(SlotTaken), self.env.cr.savepoint():
            wizard.action_swap()
        self.assertEqual(first.start, self.at("10:00"))
        self.assertTrue(first.occupancy_ids)

    @users("test_receptionist")
    def test_only_two_can_be_swapped(self):
        one = self.as_me(self.book(self.haircut).appointment_ids)
        with self.assertRaisesRegex(UserError, "two appointments"):
            one.action_swap()

    @users("test_receptionist")
    def test_a_drag_in_the_calendar_is_kept_in_the_history_too(self):
        visit = self.as_me(self.book(self.haircut, at="10:00"))
        visit.appointment_ids.start = self.at("12:00")
        self.assertIn("10:00", visit.message_ids[0].body)

from datetime import timedelta

from odoo import Command
from odoo.tests import HttpCase, tagged

from .common import THURSDAY, SalonCase


@tagged("post_install", "-at_install")
class TestBoardTours(SalonCase, HttpCase):
    """The day board in a real browser, as a receptionist has it open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.receptionist.salon_branch_ids = cls.branch
        cls.env["res.lang"].search([("code", "=", "en_US")]).time_format = "%H:%M:%S"
        cls.clara, cls.wilma = cls.env["res.partner"].create(
            [{"name": "Clara"}, {"name": "Wilma"}]
        )
        cls.visit = cls.book(cls.haircut, client=cls.clara)
        cls.coloured = cls.book(cls.colour, at="12:00", client=cls.wilma)

    def open_board(self, tour, **options):
        self.start_tour(
            f"/odoo/salon-board?date={THURSDAY}&branch={self.branch.id}",
            tour,
            login="test_receptionist",
            **options,
        )

    def test_a_receptionist_drags_a_visit_to_another_person_and_time(self):
        self.open_board("salon_board_receptionist_moves")
        appointment = self.visit.appointment_ids
        self.assertEqual(appointment.staff_id, self.oleg)
        self.assertEqual(appointment.start, self.at("11:00"))

    def test_a_drop_on_taken_time_says_why_and_what_else_is_possible(self):
        self.open_board("salon_board_receptionist_is_refused")
        self.assertEqual(self.visit.appointment_ids.start, self.at("10:00"))

    def test_a_visit_is_lengthened_and_that_is_undone(self):
        self.open_board("salon_board_receptionist_lengthens_and_undoes")
        self.assertEqual(self.visit.appointment_ids.duration_minutes, 45)

    def test_a_visit_is_carried_to_another_day(self):
        self.open_board("salon_board_moves_to_another_day")
        self.assertEqual(
            self.visit.appointment_ids.start,
            self.at("10:00", THURSDAY + timedelta(days=1)),
        )

    def test_who_has_lost_the_time_is_put_to_somebody_else_from_the_drawer(self):
        lost = self.visit.appointment_ids
        self.env["salon.displacement"].create(
            {
                "appointment_id": lost.id,
                "staff_id": self.mia.id,
                "start": lost.start,
                "reason": "Time off",
            }
        )
        self.open_board("salon_board_moves_from_the_drawer")
        self.assertEqual(lost.staff_id, self.oleg)

    def test_a_visit_dropped_with_ctrl_is_booked_once_more(self):
        self.open_board("salon_board_copies")
        appointments = self.env["salon.appointment"].search(
            [("client_id", "=", self.clara.id)], order="start"
        )
        self.assertEqual(appointments.staff_id, self.mia | self.oleg)
        self.assertEqual(
            appointments.mapped("start"), [self.at("10:00"), self.at("11:00")]
        )

    def test_a_part_is_handed_to_somebody_else_with_the_mouse(self):
        self.open_board("salon_board_hands_over_by_mouse")
        self.assertEqual(self.coloured.appointment_ids.phase_staff, {"2": self.oleg.id})

    def test_a_part_is_handed_to_somebody_else_by_key_and_by_menu(self):
        self.open_board("salon_board_hands_over_by_keys")
        self.assertFalse(self.coloured.appointment_ids.phase_staff)

    def test_blocked_time_is_moved_and_lengthened(self):
        block = self.env["salon.block"].create(
            {
                "branch_id": self.branch.id,
                "staff_ids": [Command.set(self.mia.ids)],
                "note": "Training",
                "start": self.at("15:00"),
                "stop": self.at("16:00"),
            }
        )
        self.open_board("salon_board_moves_blocked_time")
        self.assertEqual(block.staff_ids, self.oleg)
        self.assertEqual(block.start, self.at("16:00"))
        self.assertEqual(block.stop, self.at("17:30"))

    def test_every_colour_of_a_visit_can_be_read(self):
        self.open_board("salon_board_contrast")

    def test_icons_are_shown_told_and_read_out(self):
        self.visit.note = "Likes it short"
        self.visit.appointment_ids.is_requested = True
        self.coloured.appointment_ids.action_confirm()
        self.open_board("salon_board_icons")

    def test_everything_can_be_done_with_keys(self):
        self.open_board("salon_board_keys")
        appointment = self.visit.appointment_ids
        self.assertEqual(appointment.state, "confirmed")
        self.assertEqual(appointment.staff_id, self.oleg)

    def test_every_key_of_the_help_does_what_it_says(self):
        self.open_board("salon_board_every_key")
        block = self.env["salon.block"].search([("note", "=", "Lunch of the tour")])
        self.assertEqual((block.staff_ids, block.start), (self.mia, self.at("10:45")))
        self.assertEqual(self.visit.state, "done")
        self.assertEqual(self.coloured.state, "no_show")

    def test_the_menu_of_a_visit_and_of_a_free_time(self):
        self.open_board("salon_board_menus")
        appointment = self.visit.appointment_ids
        self.assertEqual((appointment.state, appointment.staff_id.ids), ("arrived", []))

    def test_what_somebody_else_changes_appears(self):
        self.open_board("salon_board_hears_of_others")

    def test_a_click_on_free_time_opens_a_new_visit_there(self):
        self.open_board("salon_board_books_beside")

    def test_a_day_of_thirty_people_is_there_at_once_and_drags_smoothly(self):
        people = self.env["hr.employee"].create(
            [
                {
                    "name": f"Person {number:02}",
                    "is_salon_staff": True,
                    "salon_branch_ids": [Command.set(self.branch.ids)],
                    "resource_calendar_id": self.calendar.id,
                    "salon_skill_ids": [
                        Command.create(
                            {"product_tmpl_id": self.blowdry.product_tmpl_id.id}
                        )
                    ],
                }
                for number in range(28)
            ]
        )
        for person in people:
            self.env["salon.booking"]._book(
                self.branch,
                self.anna,
                [
                    {
                        "product_id": self.blowdry.id,
                        "staff_id": person.id,
                        "start": self.at("09:00") + timedelta(minutes=40 * number),
                    }
                    for number in range(11)
                ],
            )
        self.open_board("salon_board_big_day", timeout=120)

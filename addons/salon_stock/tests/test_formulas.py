import json

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged, users

from odoo.addons.salon_booking.tests.common import THURSDAY

from .common import StockCase


class FormulaCase(StockCase):
    """Anna was coloured a month ago by Oleg and comes to Mia."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stylist.salon_branch_ids = cls.branch
        before = cls.book(cls.colour, staff=cls.oleg, date=THURSDAY - cls.days(30))
        cls.last = before.appointment_ids
        cls.last._set_state("in_service")
        cls.last.formula = "7.1 and 8.0 half and half"
        cls.last.consumption_ids.filtered(
            lambda row: row.product_id == cls.cream
        ).quantity = 33
        cls.last._set_state("done")
        cls.visit = cls.book(cls.colour)
        cls.appointment = cls.visit.appointment_ids


@tagged("post_install", "-at_install")
class TestFormulas(FormulaCase):
    @users("test_stylist")
    def test_the_formula_of_last_time_is_told_whoever_mixed_it(self):
        last = self.appointment.with_user(self.env.user).last_formula
        self.assertIn("7.1 and 8.0 half and half", last)
        self.assertIn("33 g Colour cream", last)
        with self.assertRaises(AccessError):
            self.last.with_user(self.env.user).write({"formula": "x"})

    def test_the_same_service_comes_before_others_of_its_category(self):
        other = self.book(self.haircut, date=THURSDAY - self.days(3)).appointment_ids
        other.formula = "Only water"
        other._set_state("done")
        self.appointment.invalidate_recordset()
        self.assertIn("7.1", self.appointment.last_formula)
        cut = self.book(self.blowdry, at="15:00").appointment_ids
        self.assertEqual(cut.last_formula, "Only water")

    def test_nobody_goes_on_from_another_client(self):
        foreign = self.book(self.colour, client=self.bella, at="14:00")
        self.assertFalse(foreign.appointment_ids.last_formula)
        walk_in = self.book(self.colour, client=self.bella, at="16:00")
        walk_in.client_id = False
        self.assertFalse(walk_in.appointment_ids.last_formula)

    @users("test_stylist")
    def test_same_as_last_time_fills_in_what_can_be_corrected(self):
        appointment = self.appointment.with_user(self.env.user)
        appointment.action_same_as_last_time()
        self.assertEqual(appointment.formula, "7.1 and 8.0 half and half")
        self.assertEqual(self.used(appointment, self.cream).quantity, 33)
        self.used(appointment, self.cream).quantity = 35
        appointment.action_done()
        self.assertEqual(self.on_shelf(self.cream), 500 - 33 - 35)

    def test_my_day_tells_formulas_and_materials(self):
        service = self.env["salon.my.day"].with_user(self.stylist)
        self.appointment.with_user(self.stylist).action_start()
        opened = service.load_visit(self.visit.id)
        [formula] = opened["formulas"]
        self.assertIn("7.1", formula["last"])
        self.assertEqual(
            [(row["quantity"], row["unit"]) for row in formula["materials"]][:2],
            [(60, "ml"), (40, "g")],
        )
        self.assertNotIn("cost", json.dumps(opened))

    def test_the_work_slip_has_the_formula_of_last_time(self):
        report = self.env["ir.actions.report"].with_user(self.stylist)
        html, _kind = report._render_qweb_html(
            "salon_booking.salon_work_slip", self.visit.ids
        )
        self.assertIn("7.1 and 8.0 half and half", html.decode())

    def test_formulas_of_many_take_the_same_number_of_queries(self):
        appointments = self.appointment
        for hour in (12, 14, 16):
            appointments |= self.book(self.colour, at=f"{hour}:00").appointment_ids

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.with_user(self.stylist).mapped("last_formula")
            return self.env.cr.sql_log_count - before

        count(appointments)
        self.assertEqual(count(appointments), count(appointments[:1]))


@tagged("post_install", "-at_install")
class TestFormulaTour(FormulaCase, HttpCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_a_stylist_writes_down_what_was_used_on_the_phone(self):
        self.visit.appointment_ids.action_start()
        self.start_tour(
            f"/odoo/my-visit/{self.visit.id}",
            "salon_stylist_writes_down_materials",
            login="test_stylist",
        )
        self.assertEqual(self.appointment.formula, "7.1 only")
        self.assertEqual(self.used(self.appointment, self.cream).quantity, 36.5)
        self.assertEqual(self.used(self.appointment, self.developer).quantity, 60)

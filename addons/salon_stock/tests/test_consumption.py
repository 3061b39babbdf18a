from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import StockCase


@tagged("post_install", "-at_install")
class TestConsumption(StockCase):
    def test_a_done_service_takes_its_materials_off_the_shelf(self):
        appointment = self.serve()
        self.assertEqual(self.on_shelf(self.developer), 940)
        self.assertEqual(self.on_shelf(self.cream), 460)
        consumed = self.company.salon_consumption_location_id
        self.assertEqual(self.on_shelf(self.developer, shelf=consumed), 60)
        self.assertAlmostEqual(appointment.material_cost, 60 * 0.02 + 40 * 0.30)
        used = self.used(appointment, self.developer)
        self.assertEqual((used.state, used.planned_quantity), ("used", 60))

    def test_moves_name_the_visit_and_the_appointment(self):
        appointment = self.serve()
        moves = appointment.consumption_ids.move_ids
        self.assertEqual(set(moves.mapped("state")), {"done"})
        self.assertEqual(moves.salon_appointment_id, appointment)
        self.assertEqual(set(moves.mapped("reference")), {appointment.visit_id.name})

    def test_a_service_without_recipe_uses_nothing(self):
        appointment = self.serve(self.haircut)
        self.assertFalse(appointment.consumption_ids)
        self.assertFalse(appointment.material_cost)

    def test_an_optional_material_waits_on_the_list(self):
        appointment = self.serve()
        row = self.used(appointment, self.gloves)
        self.assertEqual((row.state, row.quantity), ("unused", 0))
        self.assertFalse(row.move_ids)
        row.quantity = 2
        self.assertEqual(self.on_shelf(self.gloves), 98)

    def test_a_service_under_way_lists_what_it_will_use(self):
        appointment = self.book(self.colour).appointment_ids
        appointment._set_state("in_service")
        self.assertEqual(self.used(appointment, self.developer).planned_quantity, 60)
        self.assertEqual(self.on_shelf(self.developer), 1000)
        self.used(appointment, self.developer).quantity = 75
        appointment._set_state("done")
        self.assertEqual(self.on_shelf(self.developer), 925)

    def test_materials_can_be_listed_before_the_service(self):
        appointment = self.book(self.colour).appointment_ids
        appointment.action_prepare_materials()
        appointment.action_prepare_materials()
        self.assertEqual(len(appointment.consumption_ids), 3)

    def test_another_service_brings_its_own_materials(self):
        self.write_recipe(self.blowdry, (self.gloves, 1))
        appointment = self.book(self.colour).appointment_ids
        appointment.action_prepare_materials()
        self.used(appointment, self.cream).quantity = 10
        appointment.product_id = self.blowdry
        appointment._set_state("done")
        self.assertEqual(
            appointment.consumption_ids.product_id, self.gloves | self.cream
        )

    def test_a_quantity_in_another_unit_leaves_the_shelf_in_its_own(self):
        self.write_recipe(self.blowdry, (self.developer, 0.1, self.litre))
        appointment = self.serve(self.blowdry)
        self.assertEqual(self.on_shelf(self.developer), 900)
        self.assertEqual(appointment.consumption_ids.posted_quantity, 100)

    def test_reopening_puts_everything_back(self):
        appointment = self.serve()
        self.reopen(appointment)
        self.assertEqual(self.on_shelf(self.developer), 1000)
        self.assertEqual(self.on_shelf(self.cream), 500)
        self.assertFalse(appointment.material_cost)
        back = appointment.consumption_ids.move_ids.filtered("origin_returned_move_id")
        self.assertEqual(len(back), 2)

    def test_done_again_uses_again(self):
        appointment = self.serve()
        self.used(appointment, self.developer).quantity = 50
        self.reopen(appointment)
        appointment._set_state("done")
        self.assertEqual(self.on_shelf(self.developer), 950)
        self.assertAlmostEqual(appointment.material_cost, 50 * 0.02 + 40 * 0.30)

    def test_what_is_settled_stays_settled(self):
        appointment = self.serve()
        moves = appointment.consumption_ids.move_ids
        appointment._after_state_change({appointment.id: "in_service"})
        self.env["salon.material"]._settle(appointment.consumption_ids)
        self.assertEqual(appointment.consumption_ids.move_ids, moves)

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_a_second_move_of_the_same_step(self):
        move = self.used(self.serve(), self.developer).move_ids
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            move.copy(
                {
                    "salon_consumption_id": move.salon_consumption_id.id,
                    "salon_step": move.salon_step,
                }
            )

    def test_more_used_is_a_further_move(self):
        row = self.used(self.serve(), self.developer)
        first = row.move_ids
        row.quantity = 90
        self.assertEqual(self.on_shelf(self.developer), 910)
        self.assertEqual(row.move_ids.sorted("id").mapped("quantity"), [60, 30])
        self.assertEqual(first.quantity, 60)
        self.assertAlmostEqual(row.cost, 1.80)

    def test_less_used_comes_back(self):
        row = self.used(self.serve(), self.developer)
        first = row.move_ids
        row.quantity = 45
        self.assertEqual(self.on_shelf(self.developer), 955)
        back = row.move_ids - first
        self.assertEqual(back.origin_returned_move_id, first)
        self.assertEqual(back.quantity, 15)
        self.assertEqual(first.quantity, 60)
        self.assertAlmostEqual(row.cost, 0.90)

    def test_corrections_undo_each_other(self):
        row = self.used(self.serve(), self.developer)
        for quantity in (90, 20, 0, 70, 60):
            row.quantity = quantity
            self.assertEqual(self.on_shelf(self.developer), 1000 - quantity)
            self.assertEqual(row.posted_quantity, quantity)
        self.reopen(row.appointment_id)
        self.assertEqual(self.on_shelf(self.developer), 1000)
        self.assertEqual(row.cost, 0)

    def test_a_material_added_afterwards_leaves_the_shelf(self):
        appointment = self.serve(self.haircut)
        self.env["salon.consumption"].create(
            {
                "appointment_id": appointment.id,
                "product_id": self.gloves.id,
                "quantity": 3,
            }
        )
        self.assertEqual(self.on_shelf(self.gloves), 97)

    def test_shortage_does_not_stop_the_stylist(self):
        self.fill(self.developer, 20)
        appointment = self.serve()
        self.assertEqual(self.on_shelf(self.developer), -40)
        row = self.used(appointment, self.developer)
        self.assertEqual(row.state, "used")
        self.assertEqual(row.short_quantity, 40)
        self.assertTrue(appointment.has_short_materials)
        self.assertFalse(self.used(appointment, self.cream).short_quantity)

    def test_shortage_ends_with_what_is_given_back(self):
        self.fill(self.developer, 20)
        row = self.used(self.serve(), self.developer)
        row.quantity = 30
        self.assertEqual(row.short_quantity, 30)
        self.reopen(row.appointment_id)
        self.assertEqual(row.short_quantity, 0)
        self.assertEqual(self.on_shelf(self.developer), 20)

    def test_goods_that_are_not_counted_only_cost(self):
        foil = self.material("Foil", self.unit, cost=0.5, is_storable=False)
        self.write_recipe(self.blowdry, (foil, 4))
        appointment = self.serve(self.blowdry)
        self.assertEqual(appointment.material_cost, 2)
        self.assertFalse(appointment.consumption_ids.short_quantity)
        self.reopen(appointment)
        self.assertEqual(appointment.material_cost, 0)

    def test_materials_on_a_shelf_of_the_warehouse_are_found(self):
        cupboard = self.shelf.create({"name": "Cupboard", "location_id": self.shelf.id})
        self.fill(self.developer, 0)
        self.fill(self.developer, 100, shelf=cupboard)
        row = self.used(self.serve(), self.developer)
        self.assertFalse(row.short_quantity)
        self.assertEqual(row.move_ids.move_line_ids.location_id, cupboard)
        self.reopen(row.appointment_id)
        self.assertEqual(self.on_shelf(self.developer, shelf=cupboard), 100)

    def test_without_a_warehouse_the_stock_waits(self):
        warehouse = self.branch.warehouse_id
        self.branch.warehouse_id = False
        appointment = self.serve()
        row = self.used(appointment, self.developer)
        self.assertEqual(row.state, "to_complete")
        self.assertTrue(appointment.has_materials_to_complete)
        self.branch.warehouse_id = warehouse
        with self.enter_registry_test_mode():
            self.env.ref("salon_stock.ir_cron_complete").method_direct_trigger()
        self.assertEqual(row.state, "used")
        self.assertEqual(self.on_shelf(self.developer), 940)

    def test_a_cancelled_appointment_uses_nothing(self):
        visit = self.book(self.colour)
        visit.appointment_ids.action_prepare_materials()
        visit._set_state("cancelled")
        self.assertEqual(self.on_shelf(self.developer), 1000)
        self.assertEqual(
            set(visit.appointment_ids.consumption_ids.mapped("state")), {"planned"}
        )

    def test_imported_history_uses_nothing(self):
        visit = self.book(self.colour)
        visit.is_history = True
        visit._set_state("done")
        self.assertFalse(visit.appointment_ids.consumption_ids)

    def test_what_was_taken_from_stock_stays_on_the_list(self):
        row = self.used(self.serve(), self.developer)
        with self.assertRaisesRegex(UserError, "Set the quantity used to 0"):
            row.unlink()
        with self.assertRaisesRegex(UserError, "Set the quantity used to 0"):
            row.product_id = self.cream

    def test_an_appointment_that_used_materials_is_not_deleted(self):
        appointment = self.serve()
        self.reopen(appointment)
        appointment._set_state("cancelled")
        with self.assertRaisesRegex(UserError, "its history stays"):
            appointment.unlink()

    def test_the_report_groups_by_service_person_and_day(self):
        self.serve()
        self.serve(at="12:00", staff=self.mia)
        [(service, staff, day, cost)] = self.env["salon.consumption"]._read_group(
            [("product_id", "=", self.developer.id)],
            ["service_id", "staff_id", "business_date:day"],
            ["cost:sum"],
        )
        self.assertEqual((service, staff), (self.colour, self.mia))
        self.assertEqual(day, date(2031, 6, 12))
        self.assertAlmostEqual(cost, 2.40)

    def test_listing_materials_costs_the_same_for_one_visit_and_for_ten(self):
        hours = [
            f"{hour:02}:{minute:02}" for hour in range(9, 14) for minute in (0, 30)
        ]
        visits = [
            self.book(self.colour, at="16:00"),
            *(
                self.book(self.colour, at=at, overlap_reason="test", user=self.manager)
                for at in hours
            ),
        ]
        first, *others = (visit.appointment_ids for visit in visits)
        self.env["salon.material"]._prepare(first.with_user(self.stylist))
        self.env.flush_all()
        counts = []
        for batch in (others[:1], others[1:]):
            appointments = self.env["salon.appointment"].union(*batch)
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            self.env["salon.material"]._prepare(appointments.with_user(self.stylist))
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - start)
        self.assertEqual(counts[0], counts[1])

    def test_settling_what_is_settled_costs_a_fixed_number_of_queries(self):
        self.serve()
        self.serve(at="12:00")
        rows = self.env["salon.consumption"].search(
            [("product_id", "in", (self.developer | self.cream).ids)]
        )
        self.env.flush_all()
        counts = []
        for batch in (rows[:1], rows):
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            self.env["salon.material"]._settle(batch.with_user(self.stylist))
            counts.append(self.cr.sql_log_count - start)
        self.assertEqual(*counts)

from odoo.tests import tagged

from .common import StockCase


@tagged("post_install", "-at_install")
class TestLots(StockCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bleach = cls.material("Bleach", cls.gram, cost=0.1, tracking="lot")
        cls.write_recipe(cls.blowdry, (cls.bleach, 30))

    def test_the_host_chooses_the_lots_by_its_removal_strategy(self):
        first, second = self.lot(self.bleach, "L1"), self.lot(self.bleach, "L2")
        self.fill(self.bleach, 20, first)
        self.fill(self.bleach, 100, second)
        row = self.serve(self.blowdry).consumption_ids
        self.assertEqual(row.state, "used")
        self.assertEqual(self.on_shelf(self.bleach, first), 0)
        self.assertEqual(self.on_shelf(self.bleach, second), 90)

    def test_lots_come_back_where_they_came_from(self):
        first, second = self.lot(self.bleach, "L1"), self.lot(self.bleach, "L2")
        self.fill(self.bleach, 20, first)
        self.fill(self.bleach, 100, second)
        row = self.serve(self.blowdry).consumption_ids
        row.quantity = 25
        row.quantity = 10
        self.assertEqual(self.on_shelf(self.bleach, first), 10)
        self.assertEqual(self.on_shelf(self.bleach, second), 100)
        self.reopen(row.appointment_id)
        self.assertEqual(self.on_shelf(self.bleach, first), 20)
        self.assertEqual(self.on_shelf(self.bleach, second), 100)

    def test_a_missing_lot_leaves_the_row_to_complete(self):
        appointment = self.serve(self.blowdry)
        row = appointment.consumption_ids
        self.assertEqual(appointment.state, "done")
        self.assertEqual(row.state, "to_complete")
        self.assertFalse(row.move_ids)
        self.assertTrue(appointment.has_materials_to_complete)

    def test_part_of_a_lot_is_taken_and_the_rest_waits(self):
        lot = self.lot(self.bleach, "L1")
        self.fill(self.bleach, 12, lot)
        row = self.serve(self.blowdry).consumption_ids
        self.assertEqual((row.state, row.posted_quantity), ("to_complete", 12))
        self.fill(self.bleach, 100, lot)
        row.action_settle()
        self.assertEqual((row.state, row.posted_quantity), ("used", 30))
        self.assertEqual(self.on_shelf(self.bleach, lot), 82)

    def test_the_stylist_completes_a_row_by_its_lot(self):
        lot = self.lot(self.bleach, "L1")
        row = self.serve(self.blowdry).consumption_ids
        row.with_user(self.stylist).lot_id = lot
        self.assertEqual(row.state, "used")
        self.assertEqual(row.short_quantity, 30)
        self.assertEqual(self.on_shelf(self.bleach, lot), -30)

    def test_a_lot_corrected_afterwards_takes_the_place_of_the_other(self):
        first, second = self.lot(self.bleach, "L1"), self.lot(self.bleach, "L2")
        self.fill(self.bleach, 100, first)
        self.fill(self.bleach, 100, second)
        row = self.serve(self.blowdry).consumption_ids
        row.lot_id = second
        self.assertEqual(self.on_shelf(self.bleach, first), 100)
        self.assertEqual(self.on_shelf(self.bleach, second), 70)
        self.assertAlmostEqual(row.cost, 3)

    def test_a_serial_number_is_used_once(self):
        device = self.material("Device", self.unit, tracking="serial")
        self.write_recipe(self.haircut, (device, 2))
        serial = self.lot(device, "S1")
        self.fill(device, 1, serial)
        row = self.serve(self.haircut).consumption_ids
        self.assertEqual((row.state, row.posted_quantity), ("to_complete", 1))
        row.lot_id = serial
        row.action_settle()
        self.assertEqual((row.state, row.posted_quantity), ("to_complete", 1))
        self.assertEqual(self.on_shelf(device, serial), 0)

from odoo.tests import tagged
from odoo.tools import SQL

from .common import StockCase


@tagged("post_install", "-at_install")
class TestCheckout(StockCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.oil = cls.material(
            "Hair oil", cls.unit, cost=6, list_price=25, invoice_policy="delivery"
        )
        cls.fill(cls.oil, 10)

    def sell(self, quantity=1, product=None, user=None):
        line = {"product_id": (product or self.oil).id, "quantity": quantity}
        return self.checkout(
            self.book(self.haircut),
            user=user or self.receptionist,
            extra_lines=[line],
        )

    def test_a_product_sold_leaves_the_shelf_of_the_branch(self):
        order = self.sell(2)["order"]
        self.assertEqual(self.on_shelf(self.oil), 8)
        self.assertEqual(order.warehouse_id, self.branch.warehouse_id)
        self.assertEqual(order.picking_ids.state, "done")

    def test_the_second_warehouse_serves_its_own_branch(self):
        warehouse = self.env["stock.warehouse"].create(
            {"name": "Harbour (test)", "code": "HRB", "company_id": self.company.id}
        )
        self.branch.warehouse_id = warehouse
        self.sell()
        self.assertEqual(self.on_shelf(self.oil), 10)
        self.assertEqual(self.on_shelf(self.oil, shelf=warehouse.lot_stock_id), -1)

    def test_an_empty_shelf_does_not_stop_the_desk(self):
        result = self.sell(12)
        self.assertEqual(self.on_shelf(self.oil), -2)
        self.assertEqual(result["order"].picking_ids.state, "done")
        self.assertEqual(result["invoice"].state, "posted")

    def test_what_is_billed_by_delivery_is_on_the_bill(self):
        invoice = self.sell(2)["invoice"]
        line = invoice.invoice_line_ids.filtered(
            lambda line: line.product_id == self.oil
        )
        self.assertEqual(line.quantity, 2)

    def test_perpetual_stock_posts_the_cost_of_goods_sold(self):
        self.backbar.property_valuation = "real_time"
        invoice = self.sell(2)["invoice"]
        cost = invoice.line_ids.filtered(lambda line: line.display_type == "cogs")
        self.assertEqual(sorted(cost.mapped("balance")), [-12, 12])

    def income_of(self, invoice):
        """Revenue of the oil on a bill, and what it cost."""
        self.env.flush_all()
        facts = SQL(" UNION ALL ").join(self.env["salon.income"]._get_facts())
        rows = self.env.execute_query(
            SQL(
                "SELECT product_id, SUM(revenue), SUM(materials) FROM (%s) fact "
                "WHERE move_id = %s AND product_id = %s GROUP BY product_id",
                facts,
                invoice.id,
                self.oil.id,
            )
        )
        [(_product, revenue, cost)] = rows
        return float(revenue), float(cost)

    def test_the_income_report_says_what_goods_cost(self):
        self.backbar.property_valuation = "real_time"
        self.assertEqual(self.income_of(self.sell(2)["invoice"]), (50, 12))

    def test_goods_cost_the_same_where_stock_is_periodic(self):
        self.backbar.property_valuation = "periodic"
        invoice = self.sell(2)["invoice"]
        self.assertFalse(invoice.line_ids.filtered(lambda i: i.display_type == "cogs"))
        self.assertEqual(self.income_of(invoice), (50, 12))

    def test_first_in_first_out_bills_the_cost_of_what_left(self):
        self.backbar.property_valuation = "real_time"
        self.backbar.property_cost_method = "fifo"
        spray = self.material("Spray", self.unit, list_price=30)
        self.receive(spray, 1, 5)
        self.receive(spray, 3, 27)
        invoice = self.sell(2, spray)["invoice"]
        cost = invoice.line_ids.filtered(lambda line: line.display_type == "cogs")
        self.assertEqual(sorted(cost.mapped("balance")), [-14, 14])

    def test_a_warehouse_that_packs_first_hands_over_at_once(self):
        self.branch.warehouse_id.delivery_steps = "pick_ship"
        order = self.sell(2)["order"]
        self.assertEqual(set(order.picking_ids.mapped("state")), {"done"})
        self.assertEqual(len(order.picking_ids), 2)
        self.assertEqual(self.on_shelf(self.oil), 8)

    def test_a_product_without_its_lot_stays_to_deliver(self):
        serum = self.material("Serum", self.unit, tracking="lot", list_price=40)
        result = self.sell(1, serum)
        self.assertEqual(result["invoice"].state, "posted")
        self.assertNotIn(result["order"].picking_ids.state, ("done", "cancel"))

    def test_a_product_with_lots_gives_the_first_one(self):
        serum = self.material("Serum", self.unit, tracking="lot", list_price=40)
        lot = self.lot(serum, "SER1")
        self.fill(serum, 5, lot)
        order = self.sell(1, serum)["order"]
        self.assertEqual(order.picking_ids.move_line_ids.lot_id, lot)
        self.assertEqual(self.on_shelf(serum, lot), 4)

    def test_a_returned_product_comes_back_to_the_shelf(self):
        self.sell(-1, user=self.manager)
        self.assertEqual(self.on_shelf(self.oil), 11)

    def test_checking_out_a_service_uses_its_materials(self):
        visit = self.book(self.colour)
        self.checkout(visit, user=self.receptionist)
        self.assertEqual(self.on_shelf(self.developer), 940)

    def test_the_client_gets_no_shipping_message(self):
        self.company.stock_move_email_validation = True
        picking = self.sell()["order"].picking_ids
        sent = self.env.ref("mail.mt_comment")
        self.assertNotIn(sent, picking.message_ids.subtype_id)

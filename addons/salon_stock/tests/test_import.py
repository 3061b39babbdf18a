from datetime import date
from decimal import Decimal

from odoo.tests import tagged

from odoo.addons.salon_booking.engine.imports.rows import Export, Place, ProductRow
from odoo.addons.salon_booking.services.import_job import ImportJob

from .common import StockCase


@tagged("post_install", "-at_install")
class TestImport(StockCase):
    def row(self, line, code, on_hand, minimum=0, maximum=0):
        return ProductRow(
            at=Place("products.csv", line),
            code=code,
            name=f"{code} (test)",
            category="",
            brand="",
            supplier="",
            price=Decimal(30),
            cost=Decimal(18),
            on_hand=Decimal(on_hand),
            minimum=Decimal(minimum),
            maximum=Decimal(maximum),
        )

    def import_rows(self, *rows):
        """Import product rows and return the job, which knows what came in."""
        service = self.env["salon.import"]
        export = Export("old", "Europe/Brussels", date(2031, 6, 1), products=list(rows))
        job = ImportJob(export, self.branch, self.bank_journal)
        job.taxes = self.tax
        job.known = service._load_known(job)
        service._import_products(export.products, job)
        return job

    def product(self, job, code):
        return self.env["product.product"].browse(job.get("product", code))

    def test_products_come_with_what_is_on_hand(self):
        job = self.import_rows(self.row(2, "Balm", 3), self.row(3, "Gel", 0))
        balm, gel = self.product(job, "Balm"), self.product(job, "Gel")
        self.assertTrue(balm.is_storable and gel.is_storable)
        self.assertEqual((self.on_shelf(balm), self.on_shelf(gel)), (3, 0))
        self.assertAlmostEqual(balm.total_value, 54)

    def test_less_than_nothing_on_hand_comes_in_as_none(self):
        job = self.import_rows(self.row(2, "Balm", -2))
        self.assertEqual(self.on_shelf(self.product(job, "Balm")), 0)

    def test_a_second_import_leaves_the_shelf_alone(self):
        self.import_rows(self.row(2, "Balm", 3, 1, 5))
        job = self.import_rows(self.row(2, "Balm", 3, 1, 5))
        self.assertEqual(self.on_shelf(self.product(job, "Balm")), 3)
        self.assertEqual(job.counts["stock"]["unchanged"], 1)
        self.assertEqual(job.counts["orderpoint"]["unchanged"], 1)

    def test_what_was_counted_since_is_not_overwritten(self):
        balm = self.product(self.import_rows(self.row(2, "Balm", 0)), "Balm")
        self.fill(balm, 7)
        self.import_rows(self.row(2, "Balm", 3))
        self.assertEqual(self.on_shelf(balm), 7)

    def test_minimum_and_maximum_become_a_reordering_rule(self):
        job = self.import_rows(
            self.row(2, "Balm", 3, 2, 1), self.row(3, "Gel", 0, 1, 4)
        )
        rules = self.env["stock.warehouse.orderpoint"].search(
            [("warehouse_id", "=", self.branch.warehouse_id.id)]
        )
        limits = {
            rule.product_id: (rule.product_min_qty, rule.product_max_qty)
            for rule in rules
        }
        self.assertEqual(limits[self.product(job, "Balm")], (2, 2))
        self.assertEqual(limits[self.product(job, "Gel")], (1, 4))

    def test_imported_bills_cost_the_shelf_nothing(self):
        self.backbar.property_valuation = "real_time"
        visit = self.book(self.haircut)
        visit.is_history = True
        bill = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.anna.id,
                "salon_branch_id": self.branch.id,
                "invoice_line_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": self.gloves.id,
                            "salon_visit_id": visit.id,
                            "quantity": 2,
                        },
                    )
                ],
            }
        )
        bill.action_post()
        self.assertNotIn("cogs", bill.line_ids.mapped("display_type"))

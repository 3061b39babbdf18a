from odoo import api, models

#: What lies on the shelves of Center, Harbour and Garden. Little toner at Harbour:
#: somebody will use it without stock.
MATERIALS = {
    "developer": (12000, 6000, 2000),
    "colour_cream": (7000, 4000, 0),
    "toner": (2400, 60, 0),
    "keratin": (3000, 1500, 0),
    "shampoo": (15000, 9000, 5000),
    "gel_polish": (180, 90, 120),
    "massage_oil": (3000, 1500, 6000),
    "face_mask": (900, 600, 900),
    "gloves": (400, 200, 200),
}
RETAIL = {
    "shampoo": (14, 6, 5),
    "conditioner": (9, 4, 2),
    "hair_oil": (7, 5, 4),
    "styling_spray": (11, 3, 1),
    "beard_balm": (5, 2, 0),
    "cuticle_oil": (8, 2, 6),
    "face_cream": (4, 1, 9),
}
#: What was mixed, in the words of whoever did it.
FORMULAS = (
    "7.1 and 8.0 half and half, 6 %, 35 minutes",
    "Roots 6.0 with 20 vol., ends refreshed 5 minutes before rinsing",
    "9.13, 1:1.5 with 9 %; warm the ends with a drop of 9.3",
    "5.35 with 3 %, grey at the temples first",
)
LOTS = {"bleach_first": (300, 0, 0), "bleach_second": (2500, 1200, 0)}


class SalonDemo(models.AbstractModel):
    _inherit = "salon.demo"

    @api.model
    def _fill_shelves(self):
        """Count the shelves of the demo branches, by the host's inventory."""
        lines = [
            (self.env.ref(f"salon_stock.material_{name}"), None, counts)
            for name, counts in MATERIALS.items()
        ]
        lines += [
            (self._ref(f"product_{name}").product_variant_id, None, counts)
            for name, counts in RETAIL.items()
        ]
        for name, counts in LOTS.items():
            lot = self.env.ref(f"salon_stock.lot_{name}")
            lines.append((lot.product_id, lot, counts))
        shelves = [branch.warehouse_id.lot_stock_id for branch in self._branches()]
        self.env["stock.quant"].with_context(inventory_mode=True).create(
            [
                {
                    "product_id": product.id,
                    "lot_id": lot and lot.id,
                    "location_id": shelf.id,
                    "inventory_quantity": count,
                }
                for product, lot, counts in lines
                for shelf, count in zip(shelves, counts, strict=True)
                if count
            ]
        ).action_apply_inventory()

    @api.model
    def _use_materials(self):
        """Let the services that the demo has done already use their materials."""
        branches = self._branches()
        done = self.env["salon.appointment"].search(
            [
                ("branch_id", "in", branches.ids),
                ("state", "in", ("in_service", "done")),
                ("visit_id.is_history", "=", False),
                ("consumption_ids", "=", False),
            ]
        )
        self.env["salon.material"]._follow(done, dict.fromkeys(done.ids, "arrived"))
        for appointment in done.filtered("done_at"):
            appointment.consumption_ids.move_ids.date = appointment.done_at
        cream = self.env.ref("salon_stock.material_colour_cream")
        coloured = done.filtered(
            lambda appointment: cream in appointment.consumption_ids.product_id
        )
        for number, appointment in enumerate(coloured.sorted("start")):
            appointment.formula = FORMULAS[number % len(FORMULAS)]

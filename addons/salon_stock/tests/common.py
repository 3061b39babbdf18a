from odoo import Command

from odoo.addons.salon_booking.tests.common import SalonCase


class StockCase(SalonCase):
    """A branch with filled shelves and a recipe for the colour."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ml = cls.env.ref("uom.product_uom_milliliter")
        cls.litre = cls.env.ref("uom.product_uom_litre")
        cls.gram = cls.env.ref("uom.product_uom_gram")
        cls.unit = cls.env.ref("uom.product_uom_unit")
        cls.shelf = cls.branch.warehouse_id.lot_stock_id
        cls.backbar = cls.env["product.category"].create({"name": "Backbar (test)"})
        cls.developer = cls.material("Developer", cls.ml, cost=0.02)
        cls.cream = cls.material("Colour cream", cls.gram, cost=0.30)
        cls.gloves = cls.material("Gloves", cls.unit, cost=0.15)
        cls.fill(cls.developer, 1000)
        cls.fill(cls.cream, 500)
        cls.fill(cls.gloves, 100)
        cls.recipe = cls.write_recipe(
            cls.colour, (cls.developer, 60), (cls.cream, 40), optional=cls.gloves
        )

    @classmethod
    def material(cls, name, unit, cost=0, **values):
        return cls.env["product.product"].create(
            {
                "name": f"{name} (test)",
                "type": "consu",
                "is_storable": True,
                "uom_id": unit.id,
                "standard_price": cost,
                "categ_id": cls.backbar.id,
                **values,
            }
        )

    @classmethod
    def write_recipe(cls, service, *lines, optional=None, **values):
        """Write a recipe of (material, quantity[, unit]) lines."""
        commands = [
            Command.create(
                {
                    "product_id": material.id,
                    "quantity": quantity,
                    "uom_id": (unit[0] if unit else material.uom_id).id,
                }
            )
            for material, quantity, *unit in lines
        ]
        if optional:
            commands.append(
                Command.create({"product_id": optional.id, "is_optional": True})
            )
        return cls.env["salon.recipe"].create(
            {
                "service_id": service.product_tmpl_id.id,
                "line_ids": commands,
                **values,
            }
        )

    @classmethod
    def fill(cls, material, quantity, lot=None, shelf=None):
        """Put so much on the shelf, by the host's inventory."""
        quant = cls.env["stock.quant"].with_context(inventory_mode=True)
        quant.create(
            {
                "product_id": material.id,
                "location_id": (shelf or cls.shelf).id,
                "lot_id": lot and lot.id,
                "inventory_quantity": quantity,
            }
        ).action_apply_inventory()

    @classmethod
    def receive(cls, material, quantity, value):
        """Receive so much for so much money."""
        move = cls.env["stock.move"].create(
            {
                "product_id": material.id,
                "product_uom": material.uom_id.id,
                "product_uom_qty": quantity,
                "location_id": cls.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": cls.shelf.id,
            }
        )
        move._action_confirm()
        move.quantity = quantity
        move.picked = True
        move._action_done()
        move.value_manual = value
        return move

    @classmethod
    def lot(cls, material, name):
        return cls.env["stock.lot"].create(
            {"product_id": material.id, "name": name, "company_id": cls.company.id}
        )

    def serve(self, service=None, user=None, **values):
        """Book a service and do it as the stylist; return the appointment."""
        visit = self.book(service or self.colour, **values)
        appointment = visit.appointment_ids
        appointment.with_user(user or self.stylist)._set_state("done")
        return appointment

    def reopen(self, appointment):
        appointment.with_user(self.manager).action_reopen()

    def used(self, appointment, material):
        """Return the row of a material of an appointment."""
        return appointment.consumption_ids.filtered(
            lambda row: row.product_id == material
        )

    def on_shelf(self, material, lot=None, shelf=None):
        quants = self.env["stock.quant"]._gather(
            material, shelf or self.shelf, lot_id=lot, strict=False
        )
        return sum(quants.mapped("quantity"))

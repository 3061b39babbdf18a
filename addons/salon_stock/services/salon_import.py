from odoo import SUPERUSER_ID, api, models

from odoo.addons.salon_booking.engine.imports.values import word


class SalonImport(models.AbstractModel):
    _inherit = "salon.import"

    @api.model
    def _get_kinds(self):
        return {
            **super()._get_kinds(),
            "stock": self.env._("On hand"),
            "orderpoint": self.env._("Reordering rules"),
        }

    @api.model
    def _prepare_product(self, row, job):
        return {**super()._prepare_product(row, job), "is_storable": True}

    @api.model
    def _import_products(self, rows, job):
        """Fill the shelves too: what is on hand as of the export, minimum, maximum.

        Less than nothing on hand, which the source has warned about, comes in as none.
        """
        created = super()._import_products(rows, job)
        if job.branch.warehouse_id:
            self._import_on_hand(rows, job)
            self._import_orderpoints(rows, job)
        return created

    @api.model
    def _import_on_hand(self, rows, job):
        wanted = []
        for row in rows:
            key = word(row.code)
            if row.on_hand <= 0 or not job.find("product", key):
                continue
            if job.find("stock", key):
                job.count("stock", "unchanged")
            else:
                wanted.append((key, row.at, row))
        return self._in_batches(job, "stock", wanted, self._create_on_hand)

    @api.model
    def _create_on_hand(self, part, job):
        """Count the shelves by the host's inventory, except what was counted before.

        :return: ``{key: stock.move}``
        """
        # The host takes an inventory from a stock user alone; the owner, checked at the
        # start of the import, need not be one.
        shelf = job.branch.warehouse_id.lot_stock_id.with_user(SUPERUSER_ID)
        products = {
            key: shelf.env["product.product"].browse(job.find("product", key))
            for key, _at, _row in part
        }
        every = shelf.env["product.product"].union(*products.values())
        every.filtered(lambda product: not product.is_storable).is_storable = True
        quants = shelf.env["stock.quant"].with_context(
            inventory_mode=True,
            inventory_name=self.env._("Import of %(name)s", name=job.export.source),
        )
        counted = quants.search(
            [("product_id", "in", every.ids), ("location_id", "child_of", shelf.id)]
        ).product_id
        quants.create(
            [
                {
                    "product_id": products[key].id,
                    "location_id": shelf.id,
                    "inventory_quantity": float(row.on_hand),
                }
                for key, _at, row in part
                if products[key] not in counted
            ]
        ).action_apply_inventory()
        moves = {
            move.product_id: move
            for move in shelf.env["stock.move"].search(
                [
                    ("product_id", "in", (every - counted).ids),
                    ("location_dest_id", "=", shelf.id),
                    ("is_inventory", "=", True),
                ]
            )
        }
        created = {
            key: moves[product] for key, product in products.items() if product in moves
        }
        self._remember({("stock", key): move for key, move in created.items()}, job)
        return created

    @api.model
    def _import_orderpoints(self, rows, job):
        return self._store(
            job,
            "orderpoint",
            self.env["stock.warehouse.orderpoint"],
            [
                (word(row.code), row.at, row)
                for row in rows
                if row.active and max(row.minimum, row.maximum) > 0
            ],
            lambda row: self._prepare_orderpoint(row, job),
        )

    @api.model
    def _prepare_orderpoint(self, row, job):
        return {
            "product_id": job.get("product", row.code),
            "warehouse_id": job.branch.warehouse_id.id,
            "location_id": job.branch.warehouse_id.lot_stock_id.id,
            "product_min_qty": float(row.minimum),
            "product_max_qty": float(max(row.minimum, row.maximum)),
            # Proposed, not ordered: whether the old numbers still hold is for people.
            "trigger": "manual",
        }

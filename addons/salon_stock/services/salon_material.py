from odoo import SUPERUSER_ID, models
from odoo.tools import SQL

from ..engine.materials import Issue, expected, plan


class SalonMaterial(models.AbstractModel):
    """Keeps the stock saying what the appointments say was used.

    Everything goes through ``_settle``: it compares what the rows say with what is
    posted and posts the difference, so it may be called again at any time. It never
    stops the stylist: what is not there is used all the same and marked.
    """

    _name = "salon.material"
    _description = "Salon Material Service"

    def _follow(self, appointments, previous):
        """Prepare the materials of services under way, settle those turned (un)done."""
        self._prepare(
            appointments.filtered(
                lambda appointment: appointment.state in ("in_service", "done")
            )
        )
        turned = appointments.filtered(
            lambda appointment: (
                (appointment.state == "done") != (previous[appointment.id] == "done")
            )
        )
        self._settle(turned.consumption_ids)

    def _prepare(self, appointments):
        """List the materials of the recipes; what is already listed stays as it is."""
        # sudo: salon.recipe, salon.consumption - the list comes from the recipe,
        # whoever serves
        appointments = appointments.sudo()
        recipes = (
            self.env["salon.recipe"]
            .sudo()
            ._find(appointments.product_id.product_tmpl_id, appointments.branch_id)
        )
        vals_list = []
        for appointment in appointments:
            recipe = recipes.get(
                (appointment.product_id.product_tmpl_id.id, appointment.branch_id.id)
            )
            foreseen = expected(recipe._as_engine_lines()) if recipe else {}
            self._drop_untouched(appointment, foreseen)
            listed = appointment.consumption_ids.product_id.ids
            vals_list += [
                {
                    "appointment_id": appointment.id,
                    "sequence": sequence,
                    "product_id": product_id,
                    "uom_id": uom_id,
                    "planned_quantity": quantity,
                    "quantity": quantity,
                }
                for sequence, (product_id, (uom_id, quantity)) in enumerate(
                    foreseen.items()
                )
                if product_id not in listed
            ]
        self.env["salon.consumption"].sudo().create(vals_list)

    def _drop_untouched(self, appointment, foreseen):
        """Forget what another service's recipe foresaw, unless somebody changed it."""
        appointment.consumption_ids.filtered(
            lambda row: (
                row.planned_quantity
                and row.planned_quantity == row.quantity
                and row.product_id.id not in foreseen
                and not row.move_ids
            )
        ).unlink()

    def _settle(self, consumptions, withdraw=False):
        """Post the moves that are missing between what is used and what is posted.

        :param consumptions: rows of any appointments; a row of one that is not done
            is wanted with nothing.
        :param withdraw: take everything back first, to post it anew afterwards.
        """
        # sudo: stock.move, stock.quant - the team uses materials without any right
        # on the stock
        rows = consumptions.sudo()
        self._lock(rows)
        for branch, own in rows.grouped("branch_id").items():
            # What is posted has the date and the costs of the branch.
            own = own.with_company(branch.company_id).with_context(tz=branch.tz)
            self.with_env(own.env)._settle_branch(own, withdraw)
        if not withdraw:
            self._warn(rows)

    def _lock(self, rows):
        """Let nobody else post for these rows meanwhile.

        Who comes second gets a serialization failure, and the host repeats his
        request on what the first one left.
        """
        if not rows:
            return
        rows.flush_recordset()
        self.env.execute_query(
            SQL(
                "SELECT id FROM salon_consumption WHERE id IN %s"
                " ORDER BY id FOR NO KEY UPDATE",
                tuple(rows.ids),
            )
        )

    def _settle_branch(self, rows, withdraw):
        issue_vals, return_vals = [], []
        for row in rows:
            moves = row.move_ids.filtered(lambda move: move.state == "done").sorted(
                "salon_step"
            )
            step = max(row.move_ids.mapped("salon_step"), default=0)
            wanted = 0 if withdraw else self._wanted(row)
            todo = plan(wanted, self._as_issues(moves))
            if todo.issue and row.branch_id.warehouse_id:
                issue_vals.append(self._prepare_issue(row, step + 1, todo.issue))
            for offset, (move_id, units) in enumerate(todo.returns, 1):
                origin = moves.browse(move_id)
                return_vals.append(self._prepare_return(origin, step + offset, units))
        # What comes back can be used again by what goes out.
        if return_vals:
            self._finish(self.env["stock.move"].create(return_vals))
        short = self._issue(issue_vals) if issue_vals else {}
        for row in rows:
            missing = min(
                row.short_quantity + short.get(row, 0), max(row.posted_quantity, 0)
            )
            if row.stock_uom_id.compare(missing, row.short_quantity):
                row.short_quantity = missing

    def _units(self, quantity):
        """A quantity as a whole number of the smallest one the host can hold."""
        return round(quantity * 10 ** self._digits())

    def _quantity(self, units):
        return units / 10 ** self._digits()

    def _digits(self):
        return self.env["decimal.precision"].precision_get("Product Unit")

    def _wanted(self, row):
        if row.appointment_id.state != "done":
            return 0
        return self._units(row._to_stock_unit(row.quantity))

    def _as_issues(self, moves):
        returned = {}
        for move in moves.filtered("origin_returned_move_id"):
            origin = move.origin_returned_move_id
            returned[origin] = returned.get(origin, 0) + self._units(move.quantity)
        return [
            Issue(move.id, self._units(move.quantity), returned.get(move, 0))
            for move in moves
            if not move.origin_returned_move_id
        ]

    def _prepare_move(self, row, step, quantity):
        return {
            "salon_consumption_id": row.id,
            "salon_step": step,
            "company_id": row.company_id.id,
            "origin": row.appointment_id.visit_id.name,
            "product_id": row.product_id.id,
            "product_uom": row.stock_uom_id.id,
            "product_uom_qty": quantity,
        }

    def _prepare_issue(self, row, step, units):
        return {
            **self._prepare_move(row, step, self._quantity(units)),
            "location_id": row.branch_id.warehouse_id.lot_stock_id.id,
            "location_dest_id": row.company_id.salon_consumption_location_id.id,
        }

    def _prepare_return(self, origin, step, units):
        row = origin.salon_consumption_id
        values = {
            **self._prepare_move(row, step, self._quantity(units)),
            "location_id": origin.location_dest_id.id,
            "location_dest_id": origin.location_id.id,
            "origin_returned_move_id": origin.id,
            "picked": True,
        }
        return {
            **values,
            "move_line_ids": [
                (
                    0,
                    0,
                    {
                        "company_id": row.company_id.id,
                        "product_id": row.product_id.id,
                        "product_uom_id": row.stock_uom_id.id,
                        "quantity": self._quantity(share),
                        "lot_id": line.lot_id.id,
                        "owner_id": line.owner_id.id,
                        "location_id": line.location_dest_id.id,
                        "location_dest_id": line.location_id.id,
                        "picked": True,
                    },
                )
                for line, share in self._split_return(origin, units)
            ],
        }

    def _split_return(self, origin, units):
        """Share a quantity that comes back over the lots and shelves it came from."""
        back = {}
        for line in origin.returned_move_ids.filtered(
            lambda move: move.state == "done"
        ).move_line_ids:
            key = (line.lot_id, line.location_dest_id, line.owner_id)
            back[key] = back.get(key, 0) + self._units(line.quantity_product_uom)
        for line in origin.move_line_ids.sorted("id", reverse=True):
            key = (line.lot_id, line.location_id, line.owner_id)
            taken = self._units(line.quantity_product_uom)
            gone = min(back.get(key, 0), taken)
            back[key] = back.get(key, 0) - gone
            share = min(taken - gone, units)
            if share:
                units -= share
                yield line, share

    def _issue(self, vals_list):
        """Take materials off the shelf; return what was not there: {row: quantity}."""
        moves = self.env["stock.move"].create(vals_list)
        moves._action_confirm(merge=False)
        self._reserve(moves)
        line_vals, short = [], {}
        for move in moves:
            row = move.salon_consumption_id
            missing = self._quantity(
                self._units(move.product_uom_qty) - self._units(move.quantity)
            )
            if missing <= 0:
                continue
            if move.has_tracking != "none" and not row.lot_id:
                # Which lot was used only the team can tell: the row stays to complete.
                continue
            if move.has_tracking == "serial":
                # Of a serial number there is one, and it is used once.
                missing = 0 if move.move_line_ids or row.posted_quantity else 1
            if missing:
                short[row] = missing
                line_vals.append(
                    {
                        **move._prepare_move_line_vals(quantity=missing),
                        "lot_id": row.lot_id.id,
                    }
                )
        self.env["stock.move.line"].create(line_vals)
        idle = moves.filtered(lambda move: not move.move_line_ids)
        moves -= idle
        idle._action_cancel()
        idle.unlink()
        moves.move_line_ids.picked = True
        self._finish(moves)
        return short

    def _finish(self, moves):
        # The host drops sudo while it values stock (product.product _compute_value),
        # so only the superuser gets through whatever the costing method.
        moves.with_user(SUPERUSER_ID)._action_done(cancel_backorder=True)

    def _reserve(self, moves):
        """Let the host choose shelf and lot, by its removal strategy (FEFO, FIFO…)."""
        chosen = moves.filtered("salon_consumption_id.lot_id")
        for move in chosen:
            move._update_reserved_quantity(
                move.product_qty,
                move.location_id,
                lot_id=move.salon_consumption_id.lot_id,
            )
        (moves - chosen)._action_assign()

    def _warn(self, rows):
        """Tell the user, without stopping him, what the stock does not know of."""
        problems = [message for row in rows if (message := self._describe_problem(row))]
        if problems:
            self.env.user._bus_send(
                "simple_notification",
                {
                    "type": "warning",
                    "title": self.env._("Materials"),
                    "message": "\n".join(problems),
                },
            )

    def _describe_problem(self, row):
        names = {
            "product": row.product_id.display_name,
            "branch": row.branch_id.name,
        }
        if row.state == "to_complete":
            if not row.branch_id.warehouse_id:
                return self.env._(
                    "%(product)s was not taken from stock: %(branch)s has no "
                    "warehouse. Choose one in its settings.",
                    **names,
                )
            return self.env._(
                "%(product)s was not taken from stock: choose its lot in the list of "
                "materials.",
                **names,
            )
        if row.state == "used" and row.short_quantity:
            return self.env._(
                "%(product)s was used although %(branch)s had none in stock.", **names
            )
        return None

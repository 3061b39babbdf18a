import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

_logger = logging.getLogger(__name__)

#: What the team fills in; everything else follows from the recipe and the moves.
EDITABLE = frozenset({"product_id", "quantity", "uom_id", "lot_id", "note"})
#: A change of one of these changes what the stock must say.
POSTED = frozenset({"quantity", "uom_id", "lot_id"})


class SalonConsumption(models.Model):
    """A material used in an appointment: what the team says, and what is posted.

    The row may be changed at any time. Posted moves never are: the service
    ``salon.material`` adds moves until they say what the row says.
    """

    _name = "salon.consumption"
    _description = "Material Used in an Appointment"
    _inherit = ["salon.material.mixin"]
    _order = "business_date desc, appointment_id, sequence, id"
    _rec_name = "product_id"
    _check_company_auto = True

    appointment_id = fields.Many2one(
        "salon.appointment", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=100, aggregator=None)
    company_id = fields.Many2one(
        related="appointment_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    branch_id = fields.Many2one(
        related="appointment_id.branch_id", store=True, precompute=True, index=True
    )
    staff_id = fields.Many2one(
        related="appointment_id.staff_id", store=True, precompute=True, index=True
    )
    service_id = fields.Many2one(
        related="appointment_id.product_id", store=True, precompute=True
    )
    business_date = fields.Date(
        related="appointment_id.visit_id.business_date",
        string="Date",
        store=True,
        index=True,
    )
    category_id = fields.Many2one(
        related="product_id.categ_id", string="Material Category", store=True
    )
    stock_uom_id = fields.Many2one(related="product_id.uom_id", string="Stock Unit")
    tracking = fields.Selection(related="product_id.tracking")
    planned_quantity = fields.Float(
        "Recipe", digits="Product Unit", readonly=True, help="What the recipe foresees."
    )
    quantity = fields.Float(
        "Used", help="What was really used; correct it at any time, even afterwards."
    )
    lot_id = fields.Many2one(
        "stock.lot",
        check_company=True,
        domain="[('product_id', '=', product_id)]",
        help="Empty: the lot that expires or came in first.",
    )
    note = fields.Char()
    move_ids = fields.One2many("stock.move", "salon_consumption_id", readonly=True)
    posted_quantity = fields.Float(
        "Taken from Stock",
        digits="Product Unit",
        compute="_compute_posted",
        store=True,
        help="In the unit in which the product is kept; what came back is taken off.",
    )
    cost = fields.Monetary(
        compute="_compute_posted",
        store=True,
        groups="salon_booking.group_salon_manager",
        help="Value of the stock moves.",
    )
    short_quantity = fields.Float(
        "Consumed without Stock",
        digits="Product Unit",
        readonly=True,
        help="Was used although the branch had none: count the shelf or enter the "
        "receipt that is missing.",
    )
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("used", "Used"),
            ("unused", "Not used"),
            ("to_complete", "To complete"),
        ],
        compute="_compute_state",
        store=True,
        index=True,
        help="To complete: used, but not yet off the stock, because a lot is missing "
        "or the branch has no warehouse.",
    )

    _product_unique = models.UniqueIndex(
        "(appointment_id, product_id)",
        "The material is already on the list. Change its quantity there.",
    )
    _quantity_not_negative = models.Constraint(
        "CHECK (quantity >= 0)", "Less than nothing cannot have been used."
    )

    @api.depends("move_ids.state", "move_ids.quantity", "move_ids.value")
    def _compute_posted(self):
        for consumption in self:
            quantity = value = 0.0
            for move in consumption.move_ids:
                if move.state == "done":
                    sign = -1 if move.origin_returned_move_id else 1
                    quantity += sign * move.quantity
                    value += sign * move.value
            consumption.posted_quantity = quantity
            consumption.cost = value

    @api.depends("appointment_id.state", "quantity", "uom_id", "posted_quantity")
    def _compute_state(self):
        for consumption in self:
            unit = consumption.stock_uom_id
            if consumption.appointment_id.state != "done" or not unit:
                consumption.state = "planned"
            elif unit.compare(
                consumption.posted_quantity,
                consumption._to_stock_unit(consumption.quantity),
            ):
                consumption.state = "to_complete"
            else:
                consumption.state = "used" if consumption.quantity else "unused"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_editable(vals.keys() - {"appointment_id"})
        consumptions = super().create(vals_list)
        self.env["salon.material"]._settle(
            consumptions.filtered(lambda row: row.appointment_id.state == "done")
        )
        return consumptions

    def write(self, vals):
        self._check_editable(vals.keys())
        if "product_id" in vals:
            self._check_not_posted()
        if "lot_id" in vals:
            # Another lot than the one posted: that one comes back first.
            self.env["salon.material"]._settle(
                self.filtered(lambda row: row.lot_id.id != vals["lot_id"]),
                withdraw=True,
            )
        result = super().write(vals)
        if POSTED & vals.keys():
            self.env["salon.material"]._settle(self)
        return result

    def _check_editable(self, names):
        """Nobody writes by hand what is counted from the stock moves."""
        fixed = names & self._fields.keys() - EDITABLE
        if fixed and not self.env.su:
            raise AccessError(
                self.env._(
                    "%(field)s of a material used follows from the recipe and the "
                    "stock moves. Change the quantity used instead.",
                    field=self._fields[min(fixed)]._description_string(self.env),
                )
            )

    def _check_not_posted(self):
        for consumption in self:
            # sudo: stock.move - the team has no right on the stock
            if consumption.sudo().move_ids:
                raise UserError(
                    self.env._(
                        "%(product)s has been taken from stock for %(appointment)s and "
                        "stays on the list. Set the quantity used to 0 instead.",
                        product=consumption.product_id.display_name,
                        appointment=consumption.appointment_id.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        self._check_not_posted()

    def action_settle(self):
        """Try again to take from stock what could not be taken when it was used."""
        self.check_access("write")
        self.env["salon.material"]._settle(self)

    @api.model
    def _cron_complete(self):
        """Take from stock what had no lot or no warehouse when it was used."""
        waiting = self.search([("state", "=", "to_complete")], order="id")
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(waiting))
        for appointment, rows in waiting.grouped("appointment_id").items():
            try:
                with self.env.cr.savepoint():
                    self.env["salon.material"]._settle(rows)
            except UserError as error:
                _logger.warning("Materials of %s: %s", appointment, error)
            if not cron._commit_progress(len(rows)):
                break

    def action_view_moves(self):
        """Open the stock moves behind these rows, for those who may see stock."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "stock.stock_move_action"
        )
        return {
            **action,
            "domain": [("salon_consumption_id", "in", self.ids)],
            "context": {},
        }

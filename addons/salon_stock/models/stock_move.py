from odoo import api, fields, models

from ..engine.materials import returned_value


class StockMove(models.Model):
    _inherit = "stock.move"

    salon_consumption_id = fields.Many2one(
        "salon.consumption",
        "Material Used",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    salon_appointment_id = fields.Many2one(
        related="salon_consumption_id.appointment_id", string="Salon Appointment"
    )
    salon_step = fields.Integer(
        copy=False,
        aggregator=None,
        help="Number of the move in the history of the material used.",
    )

    _salon_step_unique = models.UniqueIndex(
        "(salon_consumption_id, salon_step) WHERE salon_consumption_id IS NOT NULL",
        "This material has just been taken from stock by somebody else.",
    )

    @api.depends("salon_consumption_id")
    def _compute_reference(self):
        salon = self.filtered("salon_consumption_id")
        super(StockMove, self - salon)._compute_reference()
        for move in salon:
            move.reference = move.origin

    def _get_analytic_distribution(self):
        if not self.salon_consumption_id:
            return super()._get_analytic_distribution()
        return self.salon_consumption_id.branch_id._get_analytic_distribution() or {}

    def _skip_push(self):
        return bool(self.salon_consumption_id) or super()._skip_push()

    def _get_value_from_returns(self, quantity, at_date=None):
        """Let the parts of a consumption that come back add up to its value exactly."""
        data = super()._get_value_from_returns(quantity, at_date)
        origin = self.origin_returned_move_id
        if not self.salon_consumption_id or not origin.is_out:
            return data
        earlier = origin.returned_move_ids.filtered(
            lambda move: move.state == "done" and move.id < self.id
        )
        currency = self.company_currency_id
        digits = self.env["decimal.precision"].precision_get("Product Unit")

        def units(number):
            return round(number * 10**digits)

        def coins(value):
            return round(value / currency.rounding)

        data["value"] = currency.rounding * returned_value(
            coins(origin.value),
            units(origin._get_valued_qty()),
            units(sum(move._get_valued_qty() for move in earlier)),
            coins(sum(earlier.mapped("value"))),
            units(quantity),
        )
        return data

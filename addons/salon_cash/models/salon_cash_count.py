from odoo import api, fields, models
from odoo.exceptions import UserError


class SalonCashCount(models.Model):
    """How many notes or coins of one value were in the drawer."""

    _name = "salon.cash.count"
    _description = "Counted Notes and Coins"
    _inherit = ["salon.own.mixin"]
    _order = "day_id, moment desc, value desc, id"

    day_id = fields.Many2one(
        "salon.cash.day", required=True, index=True, ondelete="cascade"
    )
    moment = fields.Selection(
        [("opening", "Opening"), ("closing", "Closing")],
        required=True,
        default="closing",
    )
    currency_id = fields.Many2one(related="day_id.currency_id")
    value = fields.Monetary("Note or Coin", required=True)
    quantity = fields.Integer()
    amount = fields.Monetary(compute="_compute_amount")

    _quantity_sensible = models.Constraint(
        "CHECK (quantity >= 0 AND value > 0)",
        "Count notes and coins from zero on, of a value above zero.",
    )
    _value_unique = models.UniqueIndex(
        "(day_id, moment, value)", "Each note or coin is counted in one line."
    )

    @api.depends("value", "quantity")
    def _compute_amount(self):
        for count in self:
            count.amount = count.value * count.quantity

    @api.model_create_multi
    def create(self, vals_list):
        counts = super().create(vals_list)
        counts._check_counting()
        return counts

    def write(self, vals):
        self._check_counting()
        result = super().write(vals)
        if vals.keys() & {"day_id", "moment"}:
            self._check_counting()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_counted(self):
        self._check_counting()

    def _check_counting(self):
        """Counts are entered during the count; later they are what was found."""
        if self.env.su:
            return
        # sudo: salon.cash.day - whether it is being counted, for who may count
        days = self.sudo().day_id
        days._lock()
        done = self.sudo().filtered(
            lambda count: count.day_id.state != "counting" or count.moment != "closing"
        )
        if done:
            raise UserError(
                self.env._(
                    "%(day)s is not being counted. Begin to count it first.",
                    day=done[:1].day_id.display_name,
                )
            )

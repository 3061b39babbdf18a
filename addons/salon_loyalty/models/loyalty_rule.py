from odoo import api, fields, models
from odoo.exceptions import ValidationError


class LoyaltyRule(models.Model):
    _inherit = "loyalty.rule"

    is_salon = fields.Boolean(related="program_id.is_salon")
    salon_tax_mode = fields.Selection(
        [("excl", "the price without tax"), ("incl", "the price with tax")],
        "Points Count",
        default="excl",
        required=True,
        help="What points per money spent are counted on when a salon bill is paid.",
    )

    @api.constrains("reward_point_amount", "reward_point_mode", "reward_point_split")
    def _check_salon_certificate(self):
        for rule in self.filtered(lambda r: r.program_id.salon_kind == "certificate"):
            if (
                rule.reward_point_mode != "money"
                or rule.reward_point_amount != 1
                or not rule.reward_point_split
            ):
                raise ValidationError(
                    self.env._(
                        "A certificate of %(program)s is worth what was paid for it: "
                        "grant 1 per money spent, split per unit.",
                        program=rule.program_id.name,
                    )
                )

    def write(self, vals):
        result = super().write(vals)
        if "product_ids" in vals:
            self.program_id._book_certificates()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules.program_id._book_certificates()
        return rules

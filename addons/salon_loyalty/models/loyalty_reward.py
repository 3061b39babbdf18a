from odoo import api, models
from odoo.exceptions import ValidationError


class LoyaltyReward(models.Model):
    _inherit = "loyalty.reward"

    @api.constrains(
        "reward_type", "discount", "discount_mode", "discount_applicability"
    )
    def _check_salon_certificate(self):
        for reward in self.filtered(lambda r: r.program_id.salon_kind == "certificate"):
            if (
                reward.reward_type != "discount"
                or reward.discount_mode != "per_point"
                or reward.discount != 1
                or reward.discount_applicability != "order"
                or reward.clear_wallet
            ):
                raise ValidationError(
                    self.env._(
                        "A certificate of %(program)s pays its face value on the whole "
                        "bill: the reward is a discount of 1 per point on the order.",
                        program=reward.program_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        rewards = super().create(vals_list)
        # The host gives a new product the taxes of all other companies.
        paying = rewards.filtered(lambda r: r.program_id.salon_kind == "certificate")
        # sudo: product.template - taxes of companies the user may not see go too
        paying.discount_line_product_id.sudo().taxes_id = False
        rewards.program_id._book_certificates()
        return rewards

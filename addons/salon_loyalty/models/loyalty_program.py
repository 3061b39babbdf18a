from odoo import api, fields, models
from odoo.exceptions import ValidationError

SALON_KINDS = [("points", "Points"), ("certificate", "Gift certificate")]


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    is_salon = fields.Boolean(
        "Salon Program",
        help="The salon keeps a ledger of the cards of this program. Points are "
        "earned when a salon bill is paid, not when an order is confirmed; gift "
        "certificates are booked as what the salon owes.",
    )
    salon_only = fields.Boolean(
        "Salon Bills Only",
        help="Other sales orders neither earn nor spend these points.",
    )
    salon_kind = fields.Selection(
        SALON_KINDS, compute="_compute_salon_kind", store=True, index="btree_not_null"
    )

    salon_breakage = fields.Float(
        "Expected to Lapse %",
        digits=(5, 2),
        help="How much of what is sold is never used, as far as is known. Counts where "
        "the company recognises breakage in proportion to use.",
    )
    salon_point_value = fields.Monetary(
        "Worth of a Point",
        compute="_compute_salon_point_value",
        store=True,
        readonly=False,
        help="What a client gets for it, by the best reward.",
    )
    salon_points_used = fields.Float(
        "Points Used in the End %",
        digits=(5, 2),
        default=100,
        help="How much of the points that are given will be used, as far as is known.",
    )

    _salon_breakage_range = models.Constraint(
        "CHECK (salon_breakage >= 0 AND salon_breakage < 100)",
        "What is expected to lapse is between 0 and 100 %.",
    )
    _salon_points_used_range = models.Constraint(
        "CHECK (salon_points_used > 0 AND salon_points_used <= 100)",
        "What is expected to be used is more than 0 and at most 100 %.",
    )

    @api.depends(
        "reward_ids.reward_type",
        "reward_ids.discount",
        "reward_ids.discount_mode",
        "reward_ids.required_points",
    )
    def _compute_salon_point_value(self):
        for program in self:
            worths = [
                reward.discount
                if reward.discount_mode == "per_point"
                else reward.discount / reward.required_points
                for reward in program.reward_ids
                if reward.reward_type == "discount"
                and reward.discount_mode in ("per_point", "per_order")
                and reward.required_points
            ]
            program.salon_point_value = max(worths, default=0)

    @api.depends("is_salon", "program_type")
    def _compute_salon_kind(self):
        kinds = {"loyalty": "points", "gift_card": "certificate"}
        for program in self:
            program.salon_kind = program.is_salon and kinds.get(program.program_type)

    @api.constrains("is_salon", "program_type", "applies_on", "company_id")
    def _check_is_salon(self):
        for program in self.filtered("is_salon"):
            if not program.salon_kind:
                raise ValidationError(
                    self.env._(
                        "%(program)s cannot be a salon program: only loyalty cards and "
                        "gift cards can. Choose another type or untick Salon Program.",
                        program=program.name,
                    )
                )
            if program.salon_kind == "points" and program.applies_on == "current":
                raise ValidationError(
                    self.env._(
                        "The points of %(program)s are earned after the bill is paid, "
                        "so they cannot be for the current order only.",
                        program=program.name,
                    )
                )
            if program.salon_kind == "certificate" and not program.company_id:
                raise ValidationError(
                    self.env._(
                        "%(program)s needs a company: its certificates are the debt of "
                        "one company.",
                        program=program.name,
                    )
                )

    @api.constrains("is_salon", "rule_ids", "reward_ids")
    def _check_certificate_is_worth_its_price(self):
        for program in self.filtered(lambda p: p.salon_kind == "certificate"):
            program.rule_ids._check_salon_certificate()
            program.reward_ids._check_salon_certificate()

    @api.model_create_multi
    def create(self, vals_list):
        programs = super().create(vals_list)
        programs._book_certificates()
        return programs

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"is_salon", "program_type"}:
            # sudo: loyalty.card - the ledger opens with all cards, whoever flags
            # the program
            ledger = self.env["salon.loyalty.ledger"].sudo()
            ledger._open_cards(self.filtered("salon_kind"))
        if vals.keys() & {"is_salon", "program_type", "rule_ids", "reward_ids"}:
            self._book_certificates()
        return result

    def _book_certificates(self):
        """What stands for a certificate is booked to the liability from the start."""
        certificates = self.filtered(lambda p: p.salon_kind == "certificate")
        if certificates:
            # sudo: product.template - accounts follow, whoever sets up the program
            self.env["salon.loyalty.certificate"].sudo()._book_to_liability(
                certificates.company_id
            )

    def _get_certificate_products(self):
        """What is sold as a certificate, and what stands for its use on a bill."""
        certificates = self.filtered(lambda p: p.salon_kind == "certificate")
        return (
            certificates.rule_ids.product_ids
            | certificates.reward_ids.discount_line_product_id
        )

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

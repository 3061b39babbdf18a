from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..services.salon_loyalty_ledger import LEDGER

#: Results of bills and of the ledger, never typed in.
KEPT = frozenset({"salon_points_owed", "salon_order_line_id"})


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    salon_kind = fields.Selection(
        related="program_id.salon_kind",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    salon_points_owed = fields.Float(
        "Points Owed",
        digits=(16, 2),
        readonly=True,
        copy=False,
        help="Taken back after a refund but already spent; the next points pay them.",
    )
    salon_entry_ids = fields.One2many("salon.loyalty.entry", "card_id", "Ledger")
    salon_order_line_id = fields.Many2one(
        "sale.order.line",
        "Sold by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The line of the bill that sold this certificate.",
    )
    salon_code_end = fields.Char("End of Code", compute="_compute_salon_code_end")

    _salon_not_negative = models.Constraint(
        "CHECK (salon_kind IS NULL OR (points >= 0 AND "
        "COALESCE(salon_points_owed, 0) >= 0))",
        "A salon card cannot hold less than nothing.",
    )
    _salon_one_per_client = models.UniqueIndex(
        "(program_id, partner_id) WHERE salon_kind = 'points' AND active",
        "This client already has a card of this points program.",
    )

    @api.depends("code")
    def _compute_salon_code_end(self):
        for card in self:
            card.salon_code_end = f"… {card.code[-4:]}" if card.code else False

    @api.depends("salon_kind", "partner_id")
    def _compute_display_name(self):
        """The code of a certificate is money: it is not shown in passing."""
        salon = self.filtered("salon_kind")
        super(LoyaltyCard, self - salon)._compute_display_name()
        for card in salon:
            owner = card.partner_id.name or card.salon_code_end
            card.display_name = f"{card.program_id.name}: {owner}"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_kept(vals)
        cards = super().create(vals_list)
        self.env["salon.loyalty.ledger"]._record_new_cards(cards)
        return cards

    def write(self, vals):
        """Whoever changes the points of a salon card, the ledger has the entry."""
        self._check_kept(vals)
        salon = self.filtered("salon_kind")
        is_ledger = self.env.context.get("salon_ledger") is LEDGER
        if "points" not in vals or is_ledger or not salon:
            return super().write(vals)
        salon.check_access("write")
        rest = {name: value for name, value in vals.items() if name != "points"}
        if self - salon:
            super(LoyaltyCard, self - salon).write(vals)
        if rest:
            super(LoyaltyCard, salon).write(rest)
        self.env["salon.loyalty.ledger"]._change_by_host(salon, vals["points"])
        return True

    @api.model
    def _check_kept(self, vals):
        if not self.env.su and (written := KEPT & vals.keys()):
            raise AccessError(
                self.env._(
                    "%(fields)s of “%(model)s” are kept by the system and cannot be "
                    "set by hand.",
                    fields=", ".join(sorted(written)),
                    model=self._description,
                )
            )

    def unlink(self):
        """Cards with a past are archived: their ledger is kept for good."""
        # sudo: salon.loyalty.entry - who may delete a card may not read the ledger
        kept = self.filtered(lambda card: card.sudo().salon_entry_ids)
        kept._check_empty()
        kept.active = False
        return super(LoyaltyCard, self - kept).unlink()

    def _check_empty(self):
        for card in self:
            if card.points or card.salon_points_owed:
                raise UserError(
                    self.env._(
                        "%(card)s still holds %(points)s. Refund its sale or set its "
                        "balance to zero first.",
                        card=card.display_name,
                        points=card.points_display,
                    )
                )

    def action_view_salon_entries(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "salon_loyalty.salon_loyalty_entry_action"
        )
        return {**action, "domain": [("card_id", "in", self.ids)], "context": {}}

    def action_print_salon_certificate(self):
        return self.env.ref(
            "salon_loyalty.salon_certificate_report_action"
        ).report_action(self)


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_salon_account_rows(self):
        """Points and certificates of the client, by name and without codes."""
        # sudo: loyalty.card - of the client who asks, by the portal
        cards = (
            self.env["loyalty.card"]
            .sudo()
            .search(
                [
                    ("partner_id", "=", self.id),
                    ("salon_kind", "!=", False),
                    ("points", ">", 0),
                ],
                order="program_id, id",
            )
        )
        return [
            *super()._get_salon_account_rows(),
            *(
                {
                    "name": " ".join(
                        filter(
                            None,
                            (
                                card.program_id.name,
                                card.salon_kind != "points" and card.salon_code_end,
                            ),
                        )
                    ),
                    "value": card._format_points(card.points),
                }
                for card in cards
            ),
        ]

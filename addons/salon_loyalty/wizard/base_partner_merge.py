from odoo import models

from ..services.salon_loyalty_ledger import to_hundredths


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge_loyalty_cards(self, src_partners, dst_partner):
        """A debt of points goes with the client, like his points."""
        # sudo: loyalty.card - merging clients merges their cards, as the host does
        Card = self.env["loyalty.card"].sudo()
        note = self.env._("Merged into %(client)s", client=dst_partner.name)
        debtors = Card.search(
            [("partner_id", "in", src_partners.ids), ("salon_points_owed", ">", 0)]
        )
        wizard = self.with_context(salon_note=note)
        result = super(BasePartnerMergeAutomaticWizard, wizard)._merge_loyalty_cards(
            src_partners, dst_partner
        )
        changes = []
        for card in debtors.filtered(lambda card: not card.active):
            heir = Card.search(
                [
                    ("partner_id", "=", dst_partner.id),
                    ("program_id", "=", card.program_id.id),
                ],
                limit=1,
            )
            debt = to_hundredths(card.salon_points_owed)
            for owner, points in ((card, debt), (heir, -debt)):
                changes.append(
                    {"card": owner, "kind": "adjusted", "points": points, "note": note}
                )
        self.env["salon.loyalty.ledger"]._post(changes)
        return result

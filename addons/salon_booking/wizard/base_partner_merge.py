from odoo import api, models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Of own times that both have, those of the client who is left stay."""
        # sudo: salon.client.timing - merging clients merges what is known of them
        timings = self.env["salon.client.timing"].sudo()
        timings = timings.search(
            [("client_id", "in", (src_partners | dst_partner).ids)]
        )
        known = set()
        for timing in timings.sorted(lambda timing: timing.client_id != dst_partner):
            key = timing.product_tmpl_id, timing.staff_id
            if key in known:
                timing.unlink()
            known.add(key)
        self._merge_salon_balances(src_partners, dst_partner)
        # sudo: res.partner - nobody pays for herself once two clients are one
        merged = (src_partners | dst_partner).sudo()
        merged.filtered(lambda one: one.salon_payer_id in merged).salon_payer_id = False
        return super()._update_foreign_keys(src_partners, dst_partner)

    @api.model
    def _merge_salon_balances(self, src_partners, dst_partner):
        """Balances are added up; the host would delete what cannot stand twice."""
        self.env["salon.balance"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                WITH merged AS (
                    DELETE FROM salon_balance WHERE client_id IN %s
                    RETURNING company_id, amount
                )
                INSERT INTO salon_balance (client_id, company_id, amount)
                SELECT %s, company_id, SUM(amount) FROM merged GROUP BY company_id
                ON CONFLICT (client_id, company_id)
                DO UPDATE SET amount = salon_balance.amount + EXCLUDED.amount
                """,
                tuple(src_partners.ids),
                dst_partner.id,
            )
        )

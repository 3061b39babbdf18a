from odoo import api, models


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
        return super()._update_foreign_keys(src_partners, dst_partner)

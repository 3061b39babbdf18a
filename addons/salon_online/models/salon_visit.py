from odoo import api, models
from odoo.fields import Domain


class SalonVisit(models.Model):
    """Who may open a visit, and by which addresses."""

    # A side of the visit of its own.
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "salon.visit"

    @api.model
    def _portal_domain(self):
        """Who pays for a client sees and changes that client's visits, too."""
        own = self.env.user.partner_id
        return Domain(super()._portal_domain()) | Domain(
            "client_id.salon_payer_id", "=", own.id
        )

    def _get_client_links(self):
        """Short links that expire, one row for each visit and message."""
        urls = self.env["salon.link"]._make(self, "visit")
        links = {}
        for visit in self:
            base, _slash, token = urls[visit.id].rpartition("/s/")
            page = f"{base}/salon/visit/{token}"
            links[visit.id] = {
                "visit": urls[visit.id],
                **{
                    name: f"{page}/{name}"
                    for name in ("change", "cancel", "review", "rebook")
                },
            }
        return links

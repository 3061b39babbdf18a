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

    def _get_review_url(self):
        """Nowhere else: what is low becomes a complaint before anything is public, and
        the page shows the way to the public site afterwards."""
        return False

    def _tell_paid_late(self):
        """Let whoever looks after these visits decide: the money is there, the time of
        the client may be somebody else's."""
        for visit in self:
            user = self.env["salon.message.answers"]._find_keeper(
                visit.client_id, visit
            )
            text = visit.with_context(lang=user.lang).env._(
                "The deposit was paid after the visit had been cancelled. Book another "
                "time with the client, or give the money back."
            )
            visit._message_log(body=text)
            if user:
                visit.message_notify(
                    partner_ids=user.partner_id.ids,
                    subject=visit.display_name,
                    body=text,
                )

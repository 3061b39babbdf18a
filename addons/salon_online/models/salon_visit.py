from odoo import api, fields, models
from odoo.fields import Domain


class SalonVisit(models.Model):
    """Who may open a visit, and by which addresses."""

    # A side of the visit of its own.
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "salon.visit"

    is_client_unproven = fields.Boolean(
        "Client Not Proven",
        readonly=True,
        copy=False,
        help="Booked online with the phone of a known client, without a code and "
        "without signing in. The deposit is what somebody new is asked, so that nobody "
        "learns from it what the salon knows of a phone.",
    )

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"is_client_unproven"}

    def _is_client_proven(self):
        return super()._is_client_proven() and not self.is_client_unproven

    def _distrust(self):
        """Ask for these visits, in sudo, what is asked of somebody new."""
        self.is_client_unproven = True
        self._ask_deposits()

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

from odoo import api, models
from odoo.exceptions import ValidationError

#: Pictures of one page.
MOST_PHOTOS = 60
MARKETING = "marketing"


class SalonClientArea(models.AbstractModel):
    """What a client who has logged in reads of the own account and chooses.

    Every method takes the client's partner and asks in sudo for what is that client's:
    clients have no access to the models behind.
    """

    _name = "salon.client.area"
    _description = "Own Pages of a Client"

    @api.model
    def _get_family(self, partner):
        """Whom the client pays for; their visits are hers to see and change."""
        # sudo: res.partner - those who chose the client as their payer, by name
        return partner.sudo().search([("salon_payer_id", "=", partner.id)])

    @api.model
    def _get_payer(self, partner):
        # sudo: res.partner - who pays for the client, by name
        return partner.sudo().salon_payer_id

    @api.model
    def _get_open_bills(self, partner):
        """What is open, of the client and of those she pays for: the bills are hers."""
        # sudo: account.move - of the client who asks
        bills = (
            self.env["account.move"]
            .sudo()
            .search(
                [
                    ("commercial_partner_id", "=", partner.commercial_partner_id.id),
                    ("move_type", "=", "out_invoice"),
                    ("state", "=", "posted"),
                    ("salon_branch_id", "!=", False),
                    ("payment_state", "in", ("not_paid", "partial")),
                ],
                order="invoice_date, id",
                limit=50,
            )
        )
        return [
            {
                "name": bill.name,
                "date": bill.invoice_date,
                "amount": bill.amount_residual,
                "currency": bill.currency_id,
                "is_deposit": bill.is_salon_deposit,
                "url": f"/my/invoices/{bill.id}",
            }
            for bill in bills
        ]

    @api.model
    def _get_standings(self, partner):
        """Appointments that come back, of the client and whom she pays for."""
        clients = partner | self._get_family(partner)
        # sudo: salon.standing - of the client who asks
        standings = (
            self.env["salon.standing"]
            .sudo()
            .search([("client_id", "in", clients.ids), ("state", "=", "active")])
        )
        return [
            {
                "client": standing.client_id.name
                if standing.client_id != partner
                else "",
                "services": standing.service_names,
                "rule": standing.rule_text,
                "branch": standing.branch_id.name,
            }
            for standing in standings
        ]

    # --- photos ---

    @api.model
    def _get_photos(self, partner):
        """Pictures that the salon has released for the client, the newest first."""
        # sudo: salon.photo - released, of the client who asks
        return (
            self.env["salon.photo"]
            .sudo()
            .search(
                [("client_id", "=", partner.id), ("is_released", "=", True)],
                limit=MOST_PHOTOS,
            )
        )

    @api.model
    def _find_photo(self, partner, photo_id):
        return self._get_photos(partner).filtered(lambda photo: photo.id == photo_id)

    # --- messages and consents ---

    @api.model
    def _get_choices(self, partner):
        """Topics with their channels; offers count as off until they are agreed to."""
        topics = partner._get_message_preferences()
        for topic in topics:
            if topic["topic"] == MARKETING:
                topic["is_off"] |= not partner._has_consent(MARKETING)
                topic["label"] = self._get_consent_text()
        return {"topics": topics, "consents": self._get_consents(partner)}

    @api.model
    def _get_consents(self, partner):
        """What was agreed to and withdrawn, the newest first."""
        # sudo: salon.consent - of the client who asks
        consents = (
            self.env["salon.consent"]
            .sudo()
            .search([("partner_id", "=", partner.id)], limit=20)
        )
        purposes = dict(consents._fields["purpose"]._description_selection(self.env))
        return [
            {
                "moment": consent.moment,
                "is_given": consent.is_given,
                "text": consent.text or purposes[consent.purpose],
            }
            for consent in consents
        ]

    @api.model
    def _get_consent_text(self):
        """The words that a client agrees to; kept with the consent."""
        return self.env._("You may write to me about news and offers.")

    @api.model
    def _choose(self, partner, answers):
        """Keep what was chosen on the page; what is the same is not noted again.

        :param answers: the form, as it was sent
        :raises ValidationError: a choice that was not offered
        """
        values = {}
        for topic in self._get_choices(partner)["topics"]:
            code = topic["topic"]
            channel = answers.get(f"channel_{code}") or False
            if channel and channel not in dict(topic["channels"]):
                raise ValidationError(
                    self.env._("There is no such choice. Reload the page.")
                )
            is_off = answers.get(f"wanted_{code}") != "1"
            if (is_off, channel) != (bool(topic["is_off"]), topic["channel"] or False):
                values[code] = {"is_off": is_off, "channel": channel}
        if MARKETING in values:
            is_given = not values[MARKETING]["is_off"]
            if is_given != partner._has_consent(MARKETING):
                text = self._get_consent_text()
                partner._record_consent(MARKETING, False, is_given, "portal", text)
        if values:
            partner._set_message_preferences(values, "portal")

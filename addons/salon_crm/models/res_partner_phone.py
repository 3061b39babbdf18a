from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.salon_booking.engine import phones

#: So many digits in a row are part of no name.
NO_NAME_DIGITS = 7
#: Where else they may stand on a contact.
NUMBER_FIELDS = ("ref", "vat", "company_registry")


class ResPartner(models.Model):
    """Clients' phone numbers: read as typed where the salon is, kept in international
    notation, found by any part of them one would type."""

    # One file for each side of the card.
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "res.partner"

    salon_phone_search = fields.Char(
        "Phone, as Typed",
        store=False,
        search="_search_salon_phone_search",
        help="Finds a number by its beginning or its last digits, in any notation.",
    )

    def _search_salon_phone_search(self, operator, value):
        if operator == "in":
            return Domain.OR(
                self._search_salon_phone_search("ilike", typed) for typed in value
            )
        if operator not in ("ilike", "like", "=ilike", "=like") or not value:
            return NotImplemented
        return self.env["salon.phone"]._search_domain(value) or Domain.FALSE

    @api.model
    def _search_display_name(self, operator, value):
        """Find by phone wherever contacts are found by name.

        What looks like a phone number is looked up as one. Only if nobody has it,
        other numbers of a contact are searched, and names if it is a short one.
        """
        domain = super()._search_display_name(operator, value)
        if operator != "ilike" or not isinstance(value, str):
            return domain
        typed = value.strip()
        by_phone = self.env["salon.phone"]._search_domain(typed)
        if by_phone is None:
            return domain
        found = by_phone | Domain("ref", "=", typed) | Domain("vat", "=", typed)
        # sudo: res.partner - whether anybody has it, not who
        if self.sudo().search_count(found, limit=1):
            return found
        if len(phones.typed_digits(typed)) < NO_NAME_DIGITS:
            return domain
        return Domain.OR(Domain(name, "ilike", typed) for name in NUMBER_FIELDS)

    @api.depends("phone")
    @api.depends_context("salon_show_phone", "uid")
    def _compute_display_name(self):
        """Tell namesakes apart by their phone where clients are chosen."""
        super()._compute_display_name()
        context = self.env.context
        if not (
            context.get("salon_show_phone") and context.get("formatted_display_name")
        ):
            return
        for partner in (self - self._closed_to_stylist()).filtered("phone"):
            partner.display_name = f"{partner.display_name} \t --{partner.phone}--"

    @api.model
    def name_create(self, name):
        """Take "Anna 050 123 45 67" apart when a client is added while booking."""
        context = self.env.context
        if not context.get("default_is_salon_client") or "@" in name:
            return super().name_create(name)
        person, phone = phones.split_name_and_phone(name)
        if not phone:
            return super().name_create(name)
        partner = self.create({"name": person or phone, "phone": phone})
        return partner.id, partner.display_name

    @api.model_create_multi
    def create(self, vals_list):
        default = self.env.context.get("default_is_salon_client")
        for vals in vals_list:
            if vals.get("phone") and vals.get("is_salon_client", default):
                vals["phone"] = self._salon_international_phone(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Keep a client's number in international notation from the start: what it
        is must not depend on the country that happens to be set later."""
        becomes_client = vals.get("is_salon_client")
        if not vals.get("phone") and not becomes_client:
            return super().write(vals)
        if vals.get("phone") and (becomes_client or self[:1].is_salon_client):
            vals = {**vals, "phone": self[:1]._salon_international_phone(vals)}
        result = super().write(vals)
        if becomes_client and not vals.get("phone"):
            self._normalise_salon_phones()
        return result

    def _normalise_salon_phones(self):
        """Bring the phones of contacts who became clients into one notation."""
        for partner in self.filtered("phone"):
            phone = partner._salon_international_phone({"phone": partner.phone})
            if phone != partner.phone:
                partner.phone = phone

    def _salon_international_phone(self, vals):
        """The number in ``vals`` in international notation, or as it was typed.

        Read in the country of the client, then in that of the salon.
        """
        country = self.env["res.country"].browse(vals.get("country_id") or [])
        branch = self.env["salon.branch"].browse(
            vals.get("salon_preferred_branch_id") or []
        )
        service = self.env["salon.phone"]
        # sudo: res.partner - the preferred branch is hidden from other staff
        home = service._home_country(branch or self.sudo().salon_preferred_branch_id)
        countries = [country or self.country_id, home, self.env.company.country_id]
        return service._read_number(vals["phone"], countries) or vals["phone"]

    def _phone_get_country(self):
        """Where no country is set, a client dials as the salon does."""
        countries = super()._phone_get_country()
        service = self.env["salon.phone"]
        for partner in self:
            if partner.id in countries or not partner.is_salon_client:
                continue
            # sudo: res.partner - the preferred branch is hidden from other staff
            branch = partner.sudo().salon_preferred_branch_id
            countries[partner.id] = service._home_country(branch)
        return countries

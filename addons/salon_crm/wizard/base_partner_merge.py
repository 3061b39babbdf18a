from odoo import api, fields, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """The host's merge of contacts, also by phone and for clients of the salon."""

    _inherit = "base.partner.merge.automatic.wizard"

    group_by_phone_sanitized = fields.Boolean(
        "Phone", help="The same number, however it was typed."
    )

    @api.model
    def _generate_query(self, fields, maximum_group=100):
        """Contacts without a phone are not duplicates of each other."""
        query = super()._generate_query(fields, maximum_group)
        if "phone_sanitized" not in fields:
            return query
        self.env["res.partner"].flush_model(["phone_sanitized"])
        condition = "WHERE phone_sanitized IS NOT NULL"
        if " WHERE " in query:
            return query.replace(" WHERE ", f" {condition} AND ", 1)
        return query.replace(" GROUP BY ", f" {condition} GROUP BY ", 1)

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        partners = self.env["res.partner"].browse(partner_ids).exists()
        if extra_checks and self._is_same_salon_client(partners):
            extra_checks = False
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        merged = partners.exists()
        if len(merged) < len(partners):
            # References were moved by SQL, unseen by the fields that depend on them.
            # sudo: res.partner - figures are those of all branches, whoever merges
            merged.sudo()._refresh_salon_figures()
        return result

    @api.model
    def _is_same_salon_client(self, partners):
        """Whether these are surely one client: one phone, and no more than one email.

        The host lets only an administrator merge contacts with different emails, lest
        somebody takes over another's login. None of these may have one.
        """
        phones = set(partners.mapped("phone_sanitized"))
        emails = set(filter(None, partners.mapped("email_normalized")))
        # sudo: res.users - only whether any of them could log in
        users = partners.sudo().with_context(active_test=False).user_ids
        return (
            self.env.user.has_group("salon_booking.group_salon_manager")
            and len(phones) == 1
            and False not in phones
            and len(emails) <= 1
            and not users
        )

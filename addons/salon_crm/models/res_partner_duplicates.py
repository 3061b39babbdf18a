from odoo import api, fields, models
from odoo.tools import SQL

from .res_partner import STAFF

#: The host merges no more at a time.
MERGE_LIMIT = 3


class ResPartner(models.Model):
    # One file for each side of the card.
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "res.partner"

    phone_sanitized = fields.Char(index="btree_not_null")
    email_normalized = fields.Char(index="btree_not_null")
    salon_duplicate_ids = fields.Many2many(
        "res.partner",
        string="Possible Duplicates",
        compute="_compute_salon_duplicate_ids",
        search="_search_salon_duplicate_ids",
        groups=STAFF,
        help="Other contacts with the same phone or email. A family may share one.",
    )

    @api.depends("phone_sanitized", "email_normalized", "parent_id", "is_salon_client")
    def _compute_salon_duplicate_ids(self):
        clients = self.filtered("is_salon_client")
        (self - clients).salon_duplicate_ids = False
        phones = set(filter(None, clients.mapped("phone_sanitized")))
        emails = set(filter(None, clients.mapped("email_normalized")))
        by_key = {}
        if phones or emails:
            found = self.env["res.partner"].search_fetch(
                [
                    "|",
                    ("phone_sanitized", "in", list(phones)),
                    ("email_normalized", "in", list(emails)),
                ],
                ["phone_sanitized", "email_normalized", "parent_id"],
            )
            for other in found:
                for key in (other.phone_sanitized, other.email_normalized):
                    if key:
                        by_key[key] = by_key.get(key, found.browse()) | other
        nobody = self.env["res.partner"]
        for client in clients:
            same = by_key.get(client.phone_sanitized, nobody) | by_key.get(
                client.email_normalized, nobody
            )
            # A person and the company he works for often share both.
            client.salon_duplicate_ids = (
                same - client._origin - client.parent_id - client._origin.child_ids
            )

    def _search_salon_duplicate_ids(self, operator, value):
        """Only whether there are any: ``('salon_duplicate_ids', '!=', False)``."""
        if operator not in ("in", "not in") or set(value) != {False}:
            return NotImplemented
        self.env["res.partner"].flush_model(
            ["phone_sanitized", "email_normalized", "active", "is_salon_client"]
        )
        shared = SQL(
            """
            SELECT UNNEST(ARRAY_AGG(id)) FROM res_partner
             WHERE active AND phone_sanitized IS NOT NULL
             GROUP BY phone_sanitized
            HAVING COUNT(*) > 1 AND BOOL_OR(is_salon_client)
             UNION
            SELECT UNNEST(ARRAY_AGG(id)) FROM res_partner
             WHERE active AND email_normalized IS NOT NULL
             GROUP BY email_normalized
            HAVING COUNT(*) > 1 AND BOOL_OR(is_salon_client)
            """
        )
        has_duplicates = operator == "not in"
        return [("id", "in" if has_duplicates else "not in", shared)]

    def action_salon_merge_duplicates(self):
        """Open the host's merge of contacts with this client and its duplicates."""
        self.ensure_one()
        partners = (self | self.salon_duplicate_ids)[:MERGE_LIMIT]
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "base.action_partner_merge"
        )
        return {
            **action,
            "context": {"active_model": "res.partner", "active_ids": partners.ids},
        }

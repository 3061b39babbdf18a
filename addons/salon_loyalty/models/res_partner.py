from collections import defaultdict

from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    salon_package_count = fields.Integer(
        "Credits Left",
        compute="_compute_salon_package_count",
        groups="salon_booking.group_salon_receptionist,account.group_account_readonly",
        help="What this client can use of packages, own ones and the family's.",
    )

    @api.depends_context("uid")
    def _compute_salon_package_count(self):
        usable = self.env["salon.packages"]._find_credits(self._origin)
        for partner in self:
            own = usable.get(partner._origin.id, ())
            partner.salon_package_count = sum(credit.credits_left for credit in own)

    def _get_salon_package_services(self, templates):
        """Of these services, what open packages of each client pay for."""
        covered = defaultdict(lambda: self.env["product.template"])
        for client, services in super()._get_salon_package_services(templates).items():
            covered[client] |= services
        usable = self.env["salon.packages"]._find_credits(self)
        for client, own in usable.items():
            covered[client] |= templates.filtered(
                lambda template, own=own: any(one._covers(template) for one in own)
            )
        return dict(covered)

    # rpc: leads to records that are read with the rights of the user
    def action_view_salon_packages(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "salon_loyalty.salon_package_action"
        )
        family = self | self._get_salon_payer()
        return {
            **action,
            "domain": [
                "|",
                ("client_id", "=", self.id),
                "&",
                ("is_shared", "=", True),
                "|",
                ("client_id", "in", family.ids),
                ("client_id.salon_payer_id", "in", family.ids),
            ],
            "context": {},
        }

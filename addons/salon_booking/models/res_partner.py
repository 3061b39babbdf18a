from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    salon_visit_ids = fields.One2many(
        "salon.visit",
        "client_id",
        "Visits",
        groups="salon_booking.group_salon_stylist",
    )
    salon_visit_count = fields.Integer(
        compute="_compute_salon_visit_count", groups="salon_booking.group_salon_stylist"
    )

    @api.depends("salon_visit_ids")
    def _compute_salon_visit_count(self):
        counts = dict(
            self.env["salon.visit"]._read_group(
                [("client_id", "in", self.ids)], ["client_id"], ["__count"]
            )
        )
        for partner in self:
            partner.salon_visit_count = counts.get(partner._origin, 0)

    def action_view_salon_visits(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "salon_booking.salon_visit_action"
        )
        return {
            **action,
            "domain": [("client_id", "=", self.id)],
            "context": {"default_client_id": self.id},
        }

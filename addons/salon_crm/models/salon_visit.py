from odoo import api, fields, models

from .res_partner import STAFF
from .res_partner_figures import PAST_FIGURES

AHEAD = ("booked", "confirmed")


class SalonVisit(models.Model):
    _inherit = "salon.visit"

    client_status = fields.Selection(related="client_id.salon_status", groups=STAFF)
    client_preference_ids = fields.Many2many(
        related="client_id.salon_preference_ids", groups=STAFF
    )
    client_preference_note = fields.Text(
        related="client_id.salon_preference_note", groups=STAFF
    )
    client_is_blocked = fields.Boolean(
        related="client_id.salon_is_blocked", groups=STAFF
    )
    client_block_reason = fields.Char(
        related="client_id.salon_block_reason", groups=STAFF
    )
    client_no_show_count = fields.Integer(
        related="client_id.salon_no_show_count", groups=STAFF
    )
    client_health_alert = fields.Selection(
        related="client_id.salon_health_alert",
        groups="salon_booking.group_salon_health",
    )

    @api.model_create_multi
    def create(self, vals_list):
        partners = self.env["res.partner"]
        figures = [partners._fields[name] for name in PAST_FIGURES]
        clients = partners.browse(
            {vals["client_id"] for vals in vals_list if vals.get("client_id")}
        )
        # What is only booked changes nothing of what the client had so far.
        with self.env.protecting(figures, clients):
            visits = super().create(vals_list)
        past = visits.filtered(lambda visit: visit.state not in AHEAD)
        for field in figures:
            self.env.add_to_compute(field, past.client_id)
        visits._mark_clients()
        return visits

    def write(self, vals):
        result = super().write(vals)
        if vals.get("client_id"):
            self._mark_clients()
        return result

    def _mark_clients(self):
        """Whoever has a visit is a client of the salon."""
        # sudo: res.partner - stylists book but do not edit contacts
        self.client_id.sudo().filtered(
            lambda partner: not partner.is_salon_client
        ).is_salon_client = True

    def _get_warnings(self):
        warnings = super()._get_warnings()
        if self.client_is_blocked:
            warnings.insert(
                0,
                {
                    "level": "danger",
                    "text": self.env._(
                        "Blocked client: %(reason)s", reason=self.client_block_reason
                    ),
                },
            )
        if self.env.user.has_group("salon_booking.group_salon_health"):
            warnings = [*self._get_health_warnings(), *warnings]
        preferences = [
            *self.client_preference_ids.mapped("name"),
            *filter(None, [self.client_preference_note]),
        ]
        if preferences:
            warnings.append({"level": "info", "text": " · ".join(preferences)})
        return warnings

    def _get_health_warnings(self):
        """That there is something, and how serious; what it is, is opened."""
        severity = self.client_health_alert
        if not severity:
            return []
        levels = {"c_danger": "danger", "b_caution": "warning"}
        labels = dict(
            self._fields["client_health_alert"]._description_selection(self.env)
        )
        return [
            {
                "level": levels.get(severity, "info"),
                "text": self.env._(
                    "Health notes: %(severity)s", severity=labels[severity]
                ),
                "action": "action_view_client_health_notes",
            }
        ]

    def action_view_client_health_notes(self):
        self.ensure_one()
        return self.client_id.action_view_salon_health_notes()

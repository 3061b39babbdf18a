from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import states
from ..engine.refusals import Refusal


class SalonSwapWizard(models.TransientModel):
    """Two appointments exchange time and person."""

    _name = "salon.swap.wizard"
    _description = "Swap Two Appointments"

    first_id = fields.Many2one("salon.appointment", required=True, readonly=True)
    second_id = fields.Many2one("salon.appointment", required=True, readonly=True)
    before = fields.Text("Now", compute="_compute_texts")
    after = fields.Text("Afterwards", compute="_compute_texts")
    warning = fields.Text(
        compute="_compute_texts", help="Who would do what she does not do otherwise."
    )
    notify_client = fields.Boolean(
        "Tell the clients",
        default=True,
        help="By e-mail in the language of each client.",
    )

    @api.model
    def _open(self, appointments):
        appointments.check_access("write")
        self._check_swappable(appointments)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Swap"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_first_id": appointments[0].id,
                "default_second_id": appointments[1].id,
            },
        }

    @api.model
    def _check_swappable(self, appointments):
        if len(appointments) != 2:
            raise UserError(
                self.env._("Select the two appointments that are to be swapped.")
            )
        for appointment in appointments:
            if appointment.state not in (states.BOOKED, states.CONFIRMED):
                raise UserError(
                    self.env._(
                        "%(appointment)s is %(state)s and cannot be swapped.",
                        appointment=appointment.display_name,
                        state=appointment._state_label(),
                    )
                )
        if len(appointments.branch_id) > 1:
            raise UserError(
                self.env._(
                    "%(first)s and %(second)s are in different branches. Move each of "
                    "them instead.",
                    first=appointments[0].display_name,
                    second=appointments[1].display_name,
                )
            )

    @api.depends("first_id", "second_id")
    def _compute_texts(self):
        for wizard in self:
            first, second = wizard.first_id, wizard.second_id
            wizard.before = wizard._describe((first, first), (second, second))
            wizard.after = wizard._describe((first, second), (second, first))
            wizard.warning = wizard._warn((first, second), (second, first))

    def _warn(self, *pairs):
        """Who would get a service that she does not do; the desk may know better."""
        # sudo: salon.skill - says whether, not what somebody can do
        skills = self.env["salon.skill"].sudo()
        refusals = [
            Refusal(
                "no_skill",
                {"staff": place.staff_id.id, "product": appointment.product_id.id},
            )
            for appointment, place in pairs
            if place.staff_id
            and not skills._find(place.staff_id, appointment.product_id.product_tmpl_id)
        ]
        branch = self.first_id.branch_id
        return "\n".join(self.env["salon.refusal"]._texts(refusals, branch)) or False

    def _describe(self, *pairs):
        return "\n".join(
            self.env._(
                "%(who)s: %(moment)s, %(staff)s",
                who=appointment.display_name,
                moment=place.visit_id._get_moment_label(place.start),
                staff=place.staff_id.name or self.env._("nobody yet"),
            )
            for appointment, place in pairs
            if place.start
        )

    def action_swap(self):
        self.ensure_one()
        both = self.first_id | self.second_id
        both.check_access("write")
        self._check_swappable(both)
        self.env["salon.booking"]._swap(both[0], both[1])
        if self.notify_client:
            both.visit_id._notify_client("mail_template_visit_moved")
        else:
            both.visit_id._spare_client()
        return {"type": "ir.actions.act_window_close"}

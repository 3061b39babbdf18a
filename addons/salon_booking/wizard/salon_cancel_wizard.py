from odoo import api, fields, models

from ..engine import states


class SalonCancelWizard(models.TransientModel):
    _name = "salon.cancel.wizard"
    _description = "Cancel Appointments"

    appointment_ids = fields.Many2many("salon.appointment", required=True)
    reason = fields.Char(required=True)
    by_whom = fields.Selection(
        [("client", "The client"), ("salon", "The salon")],
        "Cancelled by",
        required=True,
        default="client",
        help="Only a client who cancels late is asked for a fee.",
    )
    currency_id = fields.Many2one(related="appointment_ids.currency_id")
    fee = fields.Monetary(
        compute="_compute_fee",
        help="By the cancellation fees of the branch. It is charged or waived next.",
    )
    is_forgiven = fields.Boolean(compute="_compute_fee")

    @api.model
    def _open(self, appointments):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_appointment_ids": appointments.filtered(
                    lambda a: a.state not in ("done", "cancelled", "no_show")
                ).ids
            },
        }

    @api.depends("appointment_ids", "by_whom")
    def _compute_fee(self):
        deposits = self.env["salon.deposit"]
        for wizard in self:
            fees = [
                deposits._fee_of(visit, appointments, states.CANCELLED)
                for visit, appointments in wizard.appointment_ids._origin.grouped(
                    "visit_id"
                ).items()
                if wizard.by_whom == "client"
            ]
            wizard.is_forgiven = any(fee.is_forgiven for fee in fees)
            wizard.fee = deposits._to_amount(
                sum(fee.amount for fee in fees), wizard.currency_id
            )

    def action_cancel(self):
        self.ensure_one()
        appointments = self.appointment_ids
        appointments.check_access("write")
        if self.by_whom == "client":
            # Sent twice, it is asked for once.
            live = appointments.filtered(lambda a: a.state not in states.FINAL)
            self.env["salon.deposit"]._missed(live, states.CANCELLED)
        appointments._set_state("cancelled", self.reason)
        open_visits = appointments.visit_id.filtered(
            lambda visit: visit.fee_state == "due" or visit.deposit_state == "open"
        )
        is_desk = self.env.user.has_group("salon_booking.group_salon_receptionist")
        if len(open_visits) == 1 and is_desk:
            return open_visits.action_settle_missed()
        return {"type": "ir.actions.act_window_close"}

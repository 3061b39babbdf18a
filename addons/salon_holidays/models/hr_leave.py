from odoo import api, fields, models

#: Bookings that somebody must move before the person is away.
AHEAD = ("booked", "confirmed", "arrived")


class HrLeave(models.Model):
    _inherit = "hr.leave"

    salon_booking_count = fields.Integer(
        "Salon Bookings",
        compute="_compute_salon_booking_count",
        compute_sudo=True,
        help="Clients who are booked with the person in this time.",
    )

    @api.depends("employee_id", "date_from", "date_to", "state")
    def _compute_salon_booking_count(self):
        hits = self._find_salon_bookings()
        for leave in self:
            leave.salon_booking_count = len(leave._filter_salon_bookings(hits))

    def _find_salon_bookings(self):
        """Bookings of these people around these requests, in one query."""
        dated = self.filtered(lambda leave: leave.date_from and leave.date_to)
        if not dated:
            return self.env["salon.appointment"]
        return self.env["salon.appointment"].search(
            [
                ("staff_id", "in", dated.employee_id.ids),
                ("state", "in", AHEAD),
                ("start", "<", max(dated.mapped("date_to"))),
                ("stop", ">", min(dated.mapped("date_from"))),
            ]
        )

    def _filter_salon_bookings(self, appointments):
        self.ensure_one()
        if not self.date_from or not self.date_to:
            return appointments.browse()
        return appointments.filtered(
            lambda appointment: (
                appointment.staff_id.id == self.employee_id.id
                and appointment.start < self.date_to
                and appointment.stop > self.date_from
            )
        )

    def action_view_salon_bookings(self):
        """List the visits that the request hits, with the rights of the user."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "salon_booking.salon_visit_action"
        )
        appointments = self._filter_salon_bookings(self._find_salon_bookings())
        return {
            **action,
            "name": self.env._("Bookings in This Time"),
            "domain": [("id", "in", appointments.visit_id.ids)],
            "context": {},
        }

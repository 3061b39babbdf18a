from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class SalonShiftSubstitute(models.TransientModel):
    """Who takes over a shift, and what of its bookings goes along."""

    _name = "salon.shift.substitute"
    _description = "Give a Shift to Somebody Else"

    shift_id = fields.Many2one("salon.shift", required=True, readonly=True)
    giver_id = fields.Many2one(related="shift_id.staff_id", string="Instead of")
    reason_id = fields.Many2one(
        "salon.absence.reason",
        "Absence Reason",
        help="Why the one who had the shift is off that day.",
    )
    is_with_bookings = fields.Boolean(
        "Bookings Go Along",
        default=True,
        help="Off: the appointments stay with whoever has them now.",
    )
    candidate_ids = fields.One2many(
        "salon.shift.candidate", "substitute_id", readonly=True
    )
    staff_id = fields.Many2one("hr.employee", "Taken Over by", readonly=True)
    booking_ids = fields.One2many(
        "salon.shift.booking", "substitute_id", "Bookings", readonly=True
    )
    staying_count = fields.Integer(compute="_compute_staying_count")

    @api.depends("booking_ids.problem")
    def _compute_staying_count(self):
        for substitute in self:
            substitute.staying_count = len(substitute.booking_ids.filtered("problem"))

    @api.model
    def _open(self, shift):
        """The dialog for a shift, with everybody who might do it."""
        shift.check_access("write")
        service = self.env["salon.substitution"]
        count = len(service._bookings(shift))
        substitute = self.create(
            {
                "shift_id": shift.id,
                "candidate_ids": [
                    Command.create(
                        {
                            "sequence": place,
                            "staff_id": candidate.staff.id,
                            "problem": candidate.problem,
                            "booking_count": count,
                            "fitting_count": count - len(candidate.refused),
                        }
                    )
                    for place, candidate in enumerate(service._candidates(shift))
                ],
            }
        )
        return substitute._show()

    def _show(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Give to Somebody Else"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _choose(self, staff):
        self.ensure_one()
        self.shift_id.check_access("write")
        service = self.env["salon.substitution"]
        refused = next(
            (
                candidate.refused
                for candidate in service._candidates(self.shift_id)
                if candidate.staff == staff
            ),
            {},
        )
        self.write(
            {
                "staff_id": staff.id,
                "booking_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "appointment_id": booking.id,
                                "problem": refused.get(booking, False),
                            }
                        )
                        for booking in service._bookings(self.shift_id)
                    ),
                ],
            }
        )
        return self._show()

    # rpc: the shift is written with the user's rights
    def action_hand_over(self):
        """Do it; bookings that cannot go along are shown."""
        self.ensure_one()
        if not self.staff_id:
            raise UserError(self.env._("Choose who takes over the shift."))
        self.shift_id.check_access("write")
        giver, service = self.giver_id, self.env["salon.substitution"]
        bookings = service._bookings(self.shift_id)
        staying = service._hand_over(
            self.shift_id, self.staff_id, self.reason_id, self.is_with_bookings
        )
        return self._show_left(
            bookings,
            self.env["salon.appointment"].union(*(b for b, _why in staying)),
            giver,
        )

    def _show_left(self, bookings, staying, giver):
        """What lost its time, with other times; else what merely stayed."""
        actions = self.env["ir.actions.act_window"]
        title = self.env._("Still with %(staff)s", staff=giver.name)
        lost = self.env["salon.displacement"].search(
            [("appointment_id", "in", bookings.ids), ("state", "=", "open")]
        )
        for records, name in (
            (lost, "salon_displacement_action"),
            (staying, "salon_appointment_action"),
        ):
            if records:
                return {
                    **actions._for_xml_id(f"salon_booking.{name}"),
                    "name": title,
                    "domain": [("id", "in", records.ids)],
                    "context": {},
                }
        return {"type": "ir.actions.act_window_close"}


class SalonShiftCandidate(models.TransientModel):
    _name = "salon.shift.candidate"
    _description = "Person Who May Take Over a Shift"
    _order = "sequence, id"

    substitute_id = fields.Many2one(
        "salon.shift.substitute", required=True, ondelete="cascade"
    )
    sequence = fields.Integer()
    staff_id = fields.Many2one("hr.employee", required=True, ondelete="cascade")
    problem = fields.Char("Not Free")
    booking_count = fields.Integer("Bookings")
    fitting_count = fields.Integer("Can Do")

    # rpc: only writes the user's own dialog
    def action_choose(self):
        self.ensure_one()
        return self.substitute_id._choose(self.staff_id)


class SalonShiftBooking(models.TransientModel):
    _name = "salon.shift.booking"
    _description = "Booking in a Shift That Changes Hands"
    _order = "start, id"

    substitute_id = fields.Many2one(
        "salon.shift.substitute", required=True, ondelete="cascade"
    )
    appointment_id = fields.Many2one(
        "salon.appointment", required=True, ondelete="cascade"
    )
    start = fields.Datetime(related="appointment_id.start", store=True)
    is_requested = fields.Boolean(related="appointment_id.is_requested")
    problem = fields.Char("Stays, Because")

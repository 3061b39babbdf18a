from odoo import api, models


class SalonDisplacement(models.Model):
    """A booking under an event of the person's own calendar is affected, too."""

    _inherit = "salon.displacement"

    @api.model
    def _find_outside(self, appointments):
        hits = super()._find_outside(appointments)
        self.env["salon.calendar.busy"].flush_model()
        self.env["salon.appointment"].flush_model()
        self.env.cr.execute(
            """SELECT DISTINCT booked.id
                 FROM salon_appointment booked
                 JOIN salon_calendar_busy busy
                   ON busy.staff_id = booked.staff_id
                  AND busy.start < booked.stop AND busy.stop > booked.start
                WHERE booked.id = ANY(%s)""",
            [appointments.ids],
        )
        for (appointment_id,) in self.env.cr.fetchall():
            hits.setdefault(
                appointment_id, self.env["salon.calendar.sync"]._get_reason()
            )
        return hits

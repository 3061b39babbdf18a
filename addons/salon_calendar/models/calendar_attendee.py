from odoo import api, models


class CalendarAttendee(models.Model):
    """Who accepts is busy, who declines is free again."""

    _inherit = "calendar.attendee"

    @api.model_create_multi
    def create(self, vals_list):
        attendees = super().create(vals_list)
        self.env["salon.calendar.sync"]._sync(attendees.event_id)
        return attendees

    def write(self, vals):
        result = super().write(vals)
        if {"state", "partner_id", "event_id"} & vals.keys():
            self.env["salon.calendar.sync"]._sync(self.event_id)
        return result

    def unlink(self):
        events = self.event_id
        result = super().unlink()
        self.env["salon.calendar.sync"]._sync(events.exists())
        return result

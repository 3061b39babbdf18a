from odoo import api, models

SOURCES = frozenset({"flexible_hours", "schedule_type", "two_weeks_calendar"})


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def write(self, vals):
        with self.env["salon.hours"]._collected():
            result = super().write(vals)
            if SOURCES & vals.keys():
                self.env.registry.clear_cache()
                self._salon_hours_changed()
        return result

    def unlink(self):
        # The database empties the references: who used them is known before only.
        with self.env["salon.hours"]._collected():
            self._salon_hours_changed()
            # Its holidays lose the calendar: from now on they are the company's.
            self.env["salon.hours"]._companies_changed(self.leave_ids.company_id)
            return super().unlink()

    def _salon_hours_changed(self):
        self.env["salon.hours"]._calendars_changed(
            self, origin=", ".join(self.mapped("name"))
        )


class ResourceCalendarAttendance(models.Model):
    _inherit = "resource.calendar.attendance"

    @api.model_create_multi
    def create(self, vals_list):
        with self.env["salon.hours"]._collected():
            lines = super().create(vals_list)
            self.env.registry.clear_cache()
            lines.calendar_id._salon_hours_changed()
        return lines

    def write(self, vals):
        with self.env["salon.hours"]._collected():
            self.calendar_id._salon_hours_changed()
            result = super().write(vals)
            self.env.registry.clear_cache()
            if "calendar_id" in vals:
                self.calendar_id._salon_hours_changed()
        return result

    def unlink(self):
        with self.env["salon.hours"]._collected():
            self.calendar_id._salon_hours_changed()
            result = super().unlink()
            self.env.registry.clear_cache()
        return result

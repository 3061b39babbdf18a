from datetime import timedelta

from odoo import api, models

SOURCES = frozenset(
    "calendar_id company_id date_from date_to resource_id time_type".split()
)
#: A night shift belongs to the day before, and zones are up to 14 hours away.
AROUND = timedelta(days=2)


class ResourceCalendarLeaves(models.Model):
    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        with self.env["salon.hours"]._collected():
            leaves = super().create(vals_list)
            leaves._salon_hours_changed()
        return leaves

    def write(self, vals):
        if not SOURCES & vals.keys():
            return super().write(vals)
        with self.env["salon.hours"]._collected():
            self._salon_hours_changed()
            result = super().write(vals)
            self._salon_hours_changed()
        return result

    def unlink(self):
        with self.env["salon.hours"]._collected():
            self._salon_hours_changed()
            return super().unlink()

    def _salon_hours_changed(self):
        hours = self.env["salon.hours"]
        own = self.filtered("resource_id")
        of_calendars = (self - own).filtered("calendar_id")
        of_companies = self - own - of_calendars
        for leaves in filter(None, (own, of_calendars, of_companies)):
            span = {
                "first": min(leaves.mapped("date_from")).date() - AROUND,
                "last": max(leaves.mapped("date_to")).date() + AROUND,
            }
            if leaves == own:
                # The reason of somebody's absence stays in the personnel file.
                origin = self.env._("Time off")
                hours._changed(own.resource_id.ids, **span, origin=origin)
                continue
            span["origin"] = ", ".join(filter(None, leaves.mapped("name")))
            hours._calendars_changed((leaves & of_calendars).calendar_id, **span)
            hours._companies_changed((leaves & of_companies).company_id, **span)

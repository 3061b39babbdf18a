from odoo import api, models

SOURCES = frozenset(
    "active contract_date_end contract_date_start date_version employee_id "
    "resource_calendar_id".split()
)


class HrVersion(models.Model):
    _inherit = "hr.version"

    @api.model_create_multi
    def create(self, vals_list):
        with self.env["salon.hours"]._collected():
            versions = super().create(vals_list)
            versions._salon_hours_changed()
        return versions

    def write(self, vals):
        with self.env["salon.hours"]._collected():
            if SOURCES & vals.keys():
                self._salon_hours_changed()
            result = super().write(vals)
            if SOURCES & vals.keys():
                self._salon_hours_changed()
        return result

    def unlink(self):
        with self.env["salon.hours"]._collected():
            self._salon_hours_changed()
            return super().unlink()

    def _salon_hours_changed(self):
        # sudo: hr.employee - only the ids of resources are read
        resources = self.sudo().employee_id.resource_id
        self.env["salon.hours"]._changed(
            resources.ids, origin=self.env._("Working hours"), is_structure=True
        )

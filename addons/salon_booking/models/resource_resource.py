from odoo import models

SOURCES = frozenset({"active", "calendar_id", "company_id", "tz"})


class ResourceResource(models.Model):
    _inherit = "resource.resource"

    def write(self, vals):
        if not SOURCES & vals.keys():
            return super().write(vals)
        hours = self.env["salon.hours"]
        with hours._collected():
            result = super().write(vals)
            hours._changed(
                self.ids, origin=self.env._("Working hours"), is_structure=True
            )
        return result

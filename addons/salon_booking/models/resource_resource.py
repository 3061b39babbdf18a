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

    def unlink(self):
        # The host would leave them without a resource, as holidays of everybody.
        # sudo: resource.calendar.leaves - they go with whom they belong to
        self.env["resource.calendar.leaves"].sudo().search(
            [("resource_id", "in", self.ids)]
        ).unlink()
        return super().unlink()

from odoo import api, models

#: A change of one of these may take somebody out of what is booked.
NEEDED_FIELDS = frozenset(
    {"staff_id", "type_id", "valid_from", "valid_until", "active"}
)


class SalonLicence(models.Model):
    """A licence that ends earlier than bookings lists them at once."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "salon.licence"

    @api.model_create_multi
    def create(self, vals_list):
        licences = super().create(vals_list)
        self.env["salon.displacement"]._on_rights_changed(licences.staff_id)
        return licences

    def write(self, vals):
        staff = self.staff_id
        result = super().write(vals)
        if NEEDED_FIELDS & vals.keys():
            self.env["salon.displacement"]._on_rights_changed(staff | self.staff_id)
        return result

    def unlink(self):
        staff = self.staff_id
        result = super().unlink()
        self.env["salon.displacement"]._on_rights_changed(staff)
        return result

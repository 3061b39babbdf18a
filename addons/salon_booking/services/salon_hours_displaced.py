from odoo import api, models


class SalonHours(models.AbstractModel):
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "salon.hours"

    @api.model
    def _after_windows_cut(self, cuts, branch, origin):
        """List what is booked in the time that is closed now, and tell who decides."""
        result = super()._after_windows_cut(cuts, branch, origin)
        self.env["salon.displacement"]._detect(cuts, origin, branch=branch)._announce()
        return result

    @api.model
    def _tell_cuts(self, removed, added, origin):
        """Time that is open again settles the bookings that waited for it."""
        result = super()._tell_cuts(removed, added, origin)
        if added:
            self.env["salon.displacement"]._recheck(
                {resource_id for resource_id, *_window in added},
                min(start for *_key, start, _stop in added),
                max(stop for *_key, stop in added),
            )
        return result

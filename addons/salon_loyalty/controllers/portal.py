from odoo.http import request, route

from odoo.addons.salon_booking.controllers.portal import SalonPortal


class SalonPackagePortal(SalonPortal):
    """What a client has left of packages."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "salon_package_count" in counters:
            values["salon_package_count"] = len(
                request.env["salon.package"]._portal_list()
            )
        return values

    @route("/my/packages", type="http", auth="user", website=True, readonly=True)
    def portal_my_packages(self, **_kw):
        return request.render(
            "salon_loyalty.portal_my_packages",
            {
                "page_name": "salon_packages",
                "packages": request.env["salon.package"]._portal_list(),
            },
        )

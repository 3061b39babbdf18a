from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

PAGE_SIZE = 20


class SalonPortal(CustomerPortal):
    """The client's own visits."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "salon_visit_count" in counters:
            values["salon_visit_count"] = request.env["salon.visit"]._portal_count()
        return values

    @route(
        ["/my/visits", "/my/visits/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_visits(self, page=1, **_kw):
        visits = request.env["salon.visit"]
        page_values = pager(
            url="/my/visits", total=visits._portal_count(), page=page, step=PAGE_SIZE
        )
        return request.render(
            "salon_booking.portal_my_visits",
            {
                "page_name": "salon_visits",
                "visits": visits._portal_page(PAGE_SIZE, page_values["offset"]),
                "pager": page_values,
            },
        )

    @route(
        "/my/visits/<int:visit_id>",
        type="http",
        auth="public",
        website=True,
        readonly=True,
    )
    def portal_my_visit(self, visit_id, access_token=None, **_kw):
        visit = request.env["salon.visit"]._portal_find(visit_id, access_token)
        if not visit:
            return request.redirect("/my")
        return request.render(
            "salon_booking.portal_visit_page",
            {"page_name": "salon_visits", "visit": visit},
        )

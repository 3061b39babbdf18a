from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal


class SalonWaitlistPage(CustomerPortal):
    """What is offered to a client who waits; the token is the key."""

    @route(
        "/my/waitlist/<int:offer_id>",
        type="http",
        auth="public",
        website=True,
        readonly=True,
    )
    def portal_waitlist_offer(self, offer_id, access_token=None, **_kw):
        offer = request.env["salon.waitlist.offer"]._portal_find(offer_id, access_token)
        if not offer:
            return request.redirect("/my")
        return self._render_offer(offer)

    @route(
        "/my/waitlist/<int:offer_id>/<any(accept,decline):answer>",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def portal_waitlist_answer(self, offer_id, answer, access_token=None, **_kw):
        offer = request.env["salon.waitlist.offer"]._portal_find(offer_id, access_token)
        if not offer:
            return request.redirect("/my")
        try:
            message = offer._answer(answer)
        except UserError as refused:
            message = str(refused)
        if message:
            return self._render_offer(offer, message=message)
        return request.redirect(offer.get_portal_url())

    def _render_offer(self, offer, message=None):
        response = request.render(
            "salon_booking.portal_waitlist_offer",
            {"offer": offer, "message": message, "is_over": offer._is_over()},
        )
        # The address has a secret, and nobody accepts by a click for another page.
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
        response.headers["Content-Security-Policy"] = "frame-ancestors 'self'"
        return response

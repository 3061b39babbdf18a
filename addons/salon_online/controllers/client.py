from odoo.exceptions import UserError
from odoo.http import request, route

from .portal import SalonClientPages, private


class SalonClientArea(SalonClientPages):
    """The client's account at the salon: money, family, messages, photos."""

    @route("/my/salon", type="http", auth="user", website=True, readonly=True)
    def portal_salon(self, **_kw):
        partner, area = request.env.user.partner_id, request.env["salon.client.area"]
        return private(
            request.render(
                "salon_online.portal_salon",
                {
                    "page_name": "salon_account",
                    "rows": partner._get_salon_account_rows(),
                    "bills": area._get_open_bills(partner),
                    "family": area._get_family(partner),
                    "payer": area._get_payer(partner),
                    "standings": area._get_standings(partner),
                    "has_photos": bool(area._get_photos(partner)),
                },
            )
        )

    @route(
        "/my/salon/messages",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_salon_messages(self, **_kw):
        return self._render_choices()

    def _render_choices(self, message=None, is_saved=False):
        area = request.env["salon.client.area"]
        return private(
            request.render(
                "salon_online.portal_salon_messages",
                {
                    "page_name": "salon_messages",
                    "message": message,
                    "is_saved": is_saved,
                    **area._get_choices(request.env.user.partner_id),
                },
            )
        )

    @route(
        "/my/salon/messages", type="http", auth="user", website=True, methods=["POST"]
    )
    def portal_salon_messages_save(self, **answers):
        if answers.get("saving") != "1":
            return self._render_choices()
        area = request.env["salon.client.area"]
        try:
            with request.env.cr.savepoint():
                area._choose(request.env.user.partner_id, answers)
        except UserError as refused:
            return self._render_choices(message=str(refused))
        return self._render_choices(is_saved=True)

    @route("/my/salon/photos", type="http", auth="user", website=True, readonly=True)
    def portal_salon_photos(self, **_kw):
        area = request.env["salon.client.area"]
        return private(
            request.render(
                "salon_online.portal_salon_photos",
                {
                    "page_name": "salon_photos",
                    "photos": area._get_photos(request.env.user.partner_id),
                },
            )
        )

    @route(
        "/my/salon/photos/<int:photo_id>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def portal_salon_photo(self, photo_id, **_kw):
        area = request.env["salon.client.area"]
        photo = area._find_photo(request.env.user.partner_id, photo_id)
        if not photo:
            return request.not_found()
        stream = request.env["ir.binary"]._get_image_stream_from(photo, "image")
        return private(stream.get_response(max_age=0))

from odoo.http import Controller, request, route

from ..engine.limits import household


def address():
    """For whom the network address of whoever asks counts, as far as it is known."""
    return household(request.httprequest.remote_addr)


def render_gone(status=404, message=None):
    """A page that says that there is nothing, in the same words for every reason."""
    response = request.render("salon_online.page_gone", {"message": message})
    response.status_code = status
    return response


class SalonLink(Controller):
    """Secret links: they lead to the page for their purpose."""

    @route(
        "/s/<string:token>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def salon_link(self, token, **_kw):
        link = request.env["salon.link"]._find(token)
        if not link:
            limits = request.env["salon.limit"]
            return render_gone(404 if limits._allows("link", address()) else 429)
        response = request.redirect(link._get_path(token))
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

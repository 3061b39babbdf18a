from odoo.http import Controller, request, route


class SalonCalendarFeed(Controller):
    """The team's work for the calendar app of a phone, behind a secret link."""

    @route(
        "/salon/calendar/<string:token>.ics",
        type="http",
        auth="public",
        methods=["GET"],
        readonly=True,
        save_session=False,
        sitemap=False,
    )
    def salon_calendar(self, token, **_kw):
        content = request.env["salon.calendar"]._read_feed(token)
        if content is None:
            return request.not_found()
        return request.make_response(
            content,
            [
                ("Content-Type", "text/calendar; charset=utf-8"),
                ("Content-Disposition", 'inline; filename="salon.ics"'),
                ("Cache-Control", "private, max-age=300"),
                ("X-Robots-Tag", "noindex"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )

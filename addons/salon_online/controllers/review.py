from odoo.exceptions import UserError
from odoo.http import request, route

from .link import address
from .portal import SalonClientPages, as_number, visit_routes

REVIEW_PURPOSES = ("review", "visit")


class SalonReviewPages(SalonClientPages):
    """One page per visit: stars and words for each service."""

    def _open_for_review(self, visit_id, access_token, token):
        if token is not None:
            link = request.env["salon.link"]._find(token, *REVIEW_PURPOSES)
            if link:
                return self._make_key(link, token, "/salon/review/")
        return self._open(visit_id, access_token, token)

    @route(
        [*visit_routes("review"), "/salon/review/<string:token>"],
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def portal_review(self, visit_id=None, access_token=None, token=None, **_kw):
        key = self._open_for_review(visit_id, access_token, token)
        if not key:
            return self._closed(token)
        return self._render_review(key)

    def _render_review(self, key, message=None, is_thanks=False):
        reviews = request.env["salon.reviews"]
        review = reviews._get_review(key.visit)
        return self._render(
            "portal_review",
            key,
            message=message,
            review=review,
            services=reviews._get_lines(key.visit),
            given={line.appointment_id.id: line for line in review.line_ids},
            is_open=reviews._is_open(key.visit),
            is_thanks=is_thanks,
            is_reviewing_only=key.purpose == "review",
        )

    @route(
        [*visit_routes("review"), "/salon/review/<string:token>"],
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def portal_review_write(
        self,
        visit_id=None,
        access_token=None,
        token=None,
        text=None,
        author=None,
        **answers,
    ):
        key = self._open_for_review(visit_id, access_token, token)
        if not key:
            return self._closed(token)
        services = request.env["salon.reviews"]._get_lines(key.visit)
        # Counted, not named by their ids: an id would tell how busy the salon is.
        stars, texts = {}, {}
        for number, service in enumerate(services):
            stars[service.id] = as_number(answers.get(f"stars_{number}"), 5)
            texts[service.id] = answers.get(f"text_{number}")
        try:
            request.env["salon.limit"]._take("review", address())
            with request.env.cr.savepoint():
                request.env["salon.reviews"]._write(
                    key.visit, stars, texts, text, author
                )
        except UserError as refused:
            return self._render_review(key, message=str(refused))
        return self._render_review(key, is_thanks=True)

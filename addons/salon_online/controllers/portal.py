import secrets
from datetime import date

from werkzeug.urls import url_encode

from odoo.exceptions import UserError
from odoo.http import request, route
from odoo.tools import consteq

from odoo.addons.salon_booking.controllers.portal import SalonPortal
from odoo.addons.salon_booking.exceptions import SlotTaken

from ..exceptions import TooManyTries
from ..services.salon_own_visit import ANYBODY, SAME
from .link import address, render_gone

#: Links with these purposes lead to the visit and to all that is done with it.
VISIT_PURPOSES = ("visit", "change", "cancel", "rebook")
#: The last minute that a date can stand for; more is nobody's wish.
LAST_MINUTE = 10**8
SAVED = {"changed", "cancelled", "confirmed", "booked"}


def as_date(text):
    """A day that was typed or followed, or None."""
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None


def as_number(text, most):
    """A whole number from 0 to ``most``, or None."""
    if not isinstance(text, str) or not text.isascii() or not text.isdigit():
        return None
    number = int(text) if len(text) <= len(str(most)) else most + 1
    return number if number <= most else None


def private(response):
    """Nobody keeps the page, and no other site is told the address with its secret."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    # Nobody cancels by a click that was meant for another page.
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["Content-Security-Policy"] = "frame-ancestors 'self'"
    return response


class Key:
    """What opened a visit, so that links of its pages open it again."""

    def __init__(self, visit, base, query=None, purpose="visit"):
        self.visit = visit
        self.base = base
        self.query = query or {}
        self.purpose = purpose

    def link(self, action="", **query):
        path = f"{self.base}/{action}" if action else self.base
        query = {name: value for name, value in query.items() if value}
        asked = url_encode({**self.query, **query})
        return f"{path}?{asked}" if asked else path


def visit_routes(action=""):
    tail = f"/{action}" if action else ""
    return [f"/my/visits/<int:visit_id>{tail}", f"/salon/visit/<string:token>{tail}"]


class SalonClientPages(SalonPortal):
    """Own visits, by login or secret link: look, change, cancel, pay, book again."""

    def _open(self, visit_id=None, access_token=None, token=None):
        """The ``Key`` of whoever asks, or None: there is no such visit for them."""
        if token is not None:
            link = request.env["salon.link"]._find(token, *VISIT_PURPOSES)
            return self._make_key(link, token, "/salon/visit/") if link else None
        visit = request.env["salon.visit"]._portal_find(visit_id, access_token)
        if not visit:
            return None
        has_token = access_token and consteq(visit.access_token or "", access_token)
        query = {"access_token": access_token} if has_token else {}
        visit = visit.with_company(visit.company_id)
        return Key(visit, f"/my/visits/{visit.id}", query)

    def _make_key(self, link, token, base):
        visit = link.visit_id
        visit = visit.with_company(visit.company_id)
        return Key(visit, f"{base}{token}", purpose=link.purpose)

    def _closed(self, token=None):
        if token is None:
            return request.redirect("/my")
        # The same page for what never was, has expired and was revoked.
        is_patient = request.env["salon.limit"]._allows("link", address())
        return private(render_gone(404 if is_patient else 429))

    def _render(self, template, key, status=200, **values):
        response = request.render(
            f"salon_online.{template}",
            {
                "page_name": "salon_visits",
                "visit": key.visit,
                "link": key.link,
                "by_link": bool(key.query) or key.base.startswith("/salon/"),
                "own": request.env["salon.own.visit"],
                **values,
            },
        )
        response.status_code = status
        return private(response)

    def _refuse(self, key, refused):
        status = 429 if isinstance(refused, TooManyTries) else 200
        return self._render(
            "portal_visit_refused", key, status=status, message=str(refused)
        )

    # --- the visit ---

    @route(visit_routes(), type="http", auth="public", website=True, sitemap=False)
    def portal_my_visit(
        self,
        visit_id=None,
        access_token=None,
        token=None,
        said=None,
        view=None,
        **_kw,
    ):
        key = self._open(visit_id, access_token, token)
        if not key:
            return self._closed(token)
        if key.purpose != "visit" and not view and said not in SAVED:
            return private(request.redirect(key.link(key.purpose)))
        return self._render("portal_visit", key, said=said if said in SAVED else None)

    @route(
        visit_routes("calendar.ics"),
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def portal_visit_calendar(
        self, visit_id=None, access_token=None, token=None, **_kw
    ):
        key = self._open(visit_id, access_token, token)
        if not key:
            return self._closed(token)
        content = request.env["salon.own.visit"]._write_calendar(key.visit)
        return private(
            request.make_response(
                content,
                [
                    ("Content-Type", "text/calendar; charset=utf-8"),
                    ("Content-Disposition", 'attachment; filename="visit.ics"'),
                    ("X-Content-Type-Options", "nosniff"),
                ],
            )
        )

    @route(
        visit_routes("confirm"),
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def portal_visit_confirm(
        self, visit_id=None, access_token=None, token=None, coming=None, **_kw
    ):
        key = self._open(visit_id, access_token, token)
        if not key:
            return self._closed(token)
        is_done = coming == "1" and request.env["salon.own.visit"]._confirm(key.visit)
        return self._said(key, "confirmed" if is_done else None)

    # --- another time, or once more ---

    @route(
        visit_routes("<any(change,rebook):kind>"),
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def portal_visit_times(
        self,
        kind,
        visit_id=None,
        access_token=None,
        token=None,
        first=None,
        day=None,
        who=None,
        start=None,
        **_kw,
    ):
        key = self._open(visit_id, access_token, token)
        if not key:
            return self._closed(token)
        try:
            request.env["salon.limit"]._take("search", address())
        except TooManyTries as refused:
            return self._refuse(key, refused)
        return self._render_times(
            key, kind, as_date(first), as_date(day), who, as_number(start, LAST_MINUTE)
        )

    def _render_times(
        self, key, kind, first=None, day=None, who=None, start=None, message=None
    ):
        own, visit = request.env["salon.own.visit"], key.visit
        who = ANYBODY if who == ANYBODY else SAME
        can = own._can_change(visit) if kind == "change" else own._can_rebook(visit)
        if not can:
            return self._render(
                "portal_visit_refused", key, message=own._get_call_text(visit)
            )
        if start and not message:
            offer = own._get_offer(visit, kind, start, who)
            if offer:
                chosen = own._present(visit, own._get_bookable(visit, kind), offer)
                return self._render(
                    "portal_visit_confirm",
                    key,
                    kind=kind,
                    who=who,
                    chosen=chosen,
                    booking_key=secrets.token_urlsafe(12),
                )
            message = own._get_gone_text()
        return self._render(
            "portal_visit_times",
            key,
            kind=kind,
            who=who,
            message=message,
            found=own._find_days(visit, kind, first, day, who),
        )

    @route(
        visit_routes("<any(change,rebook):kind>"),
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def portal_visit_take(
        self,
        kind,
        visit_id=None,
        access_token=None,
        token=None,
        start=None,
        tag=None,
        who=None,
        everybody=None,
        booking_key=None,
        **_kw,
    ):
        key = self._open(visit_id, access_token, token)
        if not key:
            return self._closed(token)
        own = request.env["salon.own.visit"]
        start, tag = as_number(start, LAST_MINUTE), str(tag or "")[:64]
        who = ANYBODY if who == ANYBODY else SAME
        if not start:
            return self._render_times(key, kind, message=own._get_gone_text())
        try:
            self._count(key, kind)
            with request.env.cr.savepoint():
                if kind == "change":
                    own._change(key.visit, start, tag, who, everybody == "1")
                    return self._said(key, "changed")
                nonce = str(booking_key or "")[:32]
                if not nonce.replace("-", "").replace("_", "").isalnum():
                    nonce = ""
                booked = own._rebook(key.visit, start, tag, who, nonce)
        except SlotTaken as taken:
            return self._render_times(key, kind, who=who, message=str(taken))
        except UserError as refused:
            return self._refuse(key, refused)
        if booked.deposit_state == "missing" and booked.branch_id.is_online:
            # There it is paid, and said until when.
            url = request.env["salon.link"]._make(booked, "visit")[booked.id]
            token = url.rpartition("/")[2]
            return private(request.redirect(f"/salon/booked/{token}"))
        return self._render("portal_visit_booked", key, booked=booked)

    def _count(self, key, kind):
        """Count a change or a booking.

        :raises TooManyTries: so often nobody means it
        """
        limits, visit = request.env["salon.limit"], key.visit
        if kind == "change":
            return limits._take("change", f"visit {visit.id}")
        limits._take("book_address", address())
        client = visit.client_id
        return limits._take("book_phone", client.phone_sanitized or f"id {client.id}")

    def _said(self, key, what):
        return private(request.redirect(key.link(said=what)))

    # --- cancel ---

    @route(
        visit_routes("cancel"),
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def portal_visit_cancel(self, visit_id=None, access_token=None, token=None, **_kw):
        key = self._open(visit_id, access_token, token)
        if not key:
            return self._closed(token)
        return self._render_cancel(key)

    def _render_cancel(self, key, is_dearer=False):
        own, visit = request.env["salon.own.visit"], key.visit
        if not own._can_cancel(visit):
            if visit.state == "cancelled":
                return self._said(key, "cancelled")
            return self._render(
                "portal_visit_refused", key, message=own._get_call_text(visit)
            )
        to_units = visit.env["salon.deposit"]._to_units
        party = own._get_party(visit)
        costs = {one: own._get_cost(one) for one in party}
        everybody = sum(cost.amount for cost in costs.values())
        return self._render(
            "portal_visit_cancel",
            key,
            cost=costs[visit],
            agreed=to_units(costs[visit].amount, visit.currency_id),
            everybody=len(party) > 1 and everybody,
            has_party=len(party) > 1,
            agreed_everybody=to_units(everybody, visit.currency_id),
            is_dearer=is_dearer,
        )

    @route(
        visit_routes("cancel"),
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def portal_visit_cancel_now(
        self,
        visit_id=None,
        access_token=None,
        token=None,
        agreed=None,
        everybody=None,
        **_kw,
    ):
        key = self._open(visit_id, access_token, token)
        if not key:
            return self._closed(token)
        own = request.env["salon.own.visit"]
        agreed = as_number(agreed, 10**12)
        try:
            with request.env.cr.savepoint():
                done = agreed is not None and own._cancel(
                    key.visit, agreed, everybody == "1"
                )
        except UserError as refused:
            return self._refuse(key, refused)
        if not done:
            return self._render_cancel(key, is_dearer=True)
        return self._said(key, "cancelled")

    # --- pay ---

    @route(
        visit_routes("pay"),
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def portal_visit_pay(self, visit_id=None, access_token=None, token=None, **_kw):
        key = self._open(visit_id, access_token, token)
        if not key:
            return self._closed(token)
        try:
            with request.env.cr.savepoint():
                url = request.env["salon.own.visit"]._get_payment_link(key.visit)
        except UserError as refused:
            return self._refuse(key, refused)
        return private(request.redirect(url, local=True))

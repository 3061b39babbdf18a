import secrets
from dataclasses import replace
from datetime import timedelta
from functools import wraps
from urllib.parse import quote

from odoo import fields
from odoo.exceptions import UserError
from odoo.http import Controller, request, route
from odoo.tools import consteq, file_open, format_date, format_time, hmac

from odoo.addons.salon_booking.engine import clock, states
from odoo.addons.salon_booking.exceptions import SlotTaken

from ..engine import choice as read
from ..engine.choice import Choice, NotReadable
from ..exceptions import TooManyTries
from .link import address, render_gone
from .portal import private

#: Seconds that a code by SMS can be entered, and a proven phone counts.
CODE_SECONDS = PROVEN_SECONDS = 15 * 60
#: Comes instead of the client who is signed in.
SOMEBODY = "other"
READ = {"type": "http", "auth": "public", "website": True, "methods": ["GET"]}
WRITE = {"type": "http", "auth": "public", "website": True, "methods": ["POST"]}
CAPTCHA = "salon_booking"
#: So far ahead somebody may wait.
MOST_DAYS = 180
#: Of other clients, below the services.
REVIEWS = 4
#: Days beyond which no time is looked for, whatever the rules allow.
FARTHEST = 800


def of_branch(endpoint):
    """Hand the published branch to a page; whatever cannot be read is a plain page."""

    @wraps(endpoint)
    def page(self, slug, **_parameters):
        branch = request.env["salon.branch"]._find_online(slug)
        if not branch:
            return render_gone()
        try:
            return endpoint(self, branch)
        except NotReadable:
            return render_gone(400)
        except TooManyTries as refused:
            return render_gone(429, str(refused))

    # The host asks the signature what it may hand over.
    del page.__wrapped__
    return page


class SalonBooking(Controller):
    """The booking pages: services, times, details, done. All work without scripts."""

    # --- reading ---

    def _values(self):
        return request.httprequest.values.to_dict(flat=False)

    def _one(self, name):
        return request.httprequest.values.get(name)

    def _choice(self, branch):
        """What was chosen, checked against what is shown; and all that is shown."""
        services = request.env["salon.online.menu"]._prepare_services(branch)
        choice = Choice.read(self._values())
        request.env["salon.online.menu"]._check(choice, services)
        return choice, services

    def _account(self):
        """The client who is signed in; staff book for others at the desk."""
        user = request.env.user
        if user._is_public() or not user.share:
            return None
        # sudo: res.partner - the visitor's own
        return user.partner_id.sudo()

    def _render(self, template, branch, status=200, **values):
        menu = request.env["salon.online.menu"]
        response = request.render(
            f"salon_online.{template}",
            {
                "branch": menu._prepare_branch(branch),
                "branch_record": branch,
                "money": branch.currency_id.format,
                "duration": menu._duration_label,
                "day_label": self._day_label,
                "moment_label": lambda minute: self._day_label(
                    clock.local(minute, branch.tz).date()
                ),
                "url_quote": quote,
                "time_label": lambda minute: self._time_label(branch, minute),
                **values,
            },
        )
        response.status_code = status
        response.headers["Referrer-Policy"] = "same-origin"
        if values.get("account"):
            # The form knows name and phone of who is signed in.
            response.headers["Cache-Control"] = "no-store"
        if values.get("is_embedded"):
            response.headers["Content-Security-Policy"] = "frame-ancestors *"
        else:
            # Nobody books by a click that was meant for another page.
            response.headers["X-Frame-Options"] = "SAMEORIGIN"
            response.headers["Content-Security-Policy"] = "frame-ancestors 'self'"
        return response

    def _day_label(self, day, pattern="EEEE d MMMM"):
        return format_date(request.env, day, date_format=pattern)

    def _time_label(self, branch, minute):
        wall = clock.local(minute, branch.tz)
        return format_time(request.env, wall.time(), time_format="short")

    def _summary(self, branch, choice, services, time=None):
        """What stands in the summary: lines, price and minutes."""
        chosen = [services[product] for own in choice.guests for product in own]
        menu = request.env["salon.online.menu"]
        if time:
            low = high = menu._get_price(services, time.parts)
        else:
            low = sum(service["price"] for service in chosen)
            high = sum(service["price_high"] for service in chosen)
        minutes = max(
            (
                sum(services[product]["minutes"] for product in own)
                for own in choice.guests
            ),
            default=0,
        )
        return {
            "services": chosen,
            "guests": len(choice.guests),
            "price": menu._price_label(branch, low, high),
            "minutes": minutes,
            "low": low,
            "high": high,
        }

    # --- pages ---

    @route(
        "/salon/embed.js",
        type="http",
        auth="public",
        methods=["GET"],
        readonly=True,
        save_session=False,
        sitemap=False,
    )
    def salon_embed_script(self, **_kw):
        """What the one line on another site loads."""
        with file_open("salon_online/static/embed/embed.js") as script:
            content = script.read()
        return request.make_response(
            content,
            [
                ("Content-Type", "text/javascript; charset=utf-8"),
                ("Cache-Control", "public, max-age=3600"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )

    @route("/salon", sitemap=True, readonly=True, **READ)
    def salon_cities(self, **_kw):
        cities = request.env["salon.online.menu"]._get_cities()
        return request.render("salon_online.page_cities", {"cities": cities})

    @route("/salon/<string:slug>", sitemap=False, readonly=True, **READ)
    @of_branch
    def salon_services(self, branch):
        return self._render_services(branch)

    @route("/salon/<string:slug>/embed", sitemap=False, readonly=True, **READ)
    @of_branch
    def salon_embedded(self, branch):
        """The services inside of another site; what follows opens as a page of ours.

        In a frame of another site browsers keep no session, so nothing is booked there.
        """
        if not branch.online_allows_embed:
            return render_gone()
        return self._render_services(branch, is_embedded=True)

    def _render_services(self, branch, **more):
        menu = request.env["salon.online.menu"]
        choice, services = self._choice(branch)
        rating = menu._get_rating(branch)
        guest = min(
            read.number(self._one("g"), read.MOST_GUESTS) or 1, len(choice.guests) + 1
        )
        return self._render(
            "page_services",
            branch,
            menu=menu._get_menu(services),
            services=services,
            choice=choice,
            guest=guest,
            chosen=choice.guests[guest - 1] if guest <= len(choice.guests) else (),
            others=[
                pair
                for pair in choice.pairs()
                if pair[0] != ("p" if guest == 1 else f"p{guest}")
            ],
            can_add=len(choice.guests) < read.MOST_GUESTS,
            summary=self._summary(branch, choice, services),
            data=menu._get_schema(branch, services, rating),
            rating=rating,
            ratings=menu._get_service_ratings(branch, services),
            reviews=request.env["salon.reviews"]._get_public(branch, limit=REVIEWS)
            if rating and guest == 1 and not more
            else [],
            **more,
        )

    @route("/salon/<string:slug>/time", sitemap=False, readonly=True, **READ)
    @of_branch
    def salon_times(self, branch):
        choice, services = self._choice(branch)
        choice = choice.without_empty()
        if not choice.products:
            return request.redirect(f"/salon/{branch.online_slug}")
        request.env["salon.limit"]._take("search", address())
        return self._render_times(branch, choice, services)

    def _render_times(self, branch, choice, services, message=None):
        finder = request.env["salon.online.times"]
        wishes = finder._get_wishes(branch, choice, services, self._account())
        first, day = read.day(self._one("since")), read.day(self._one("day"))
        today = finder._today(branch)
        if any(
            one and not today <= one <= today + timedelta(days=FARTHEST)
            for one in (first, day)
        ):
            first = day = None
        try:
            calendar = finder._get_calendar(branch, choice, wishes, first or None)
        except UserError as refused:
            calendar, message = None, str(refused)
        if calendar and day and day not in calendar["days"]:
            calendar = finder._get_calendar(branch, choice, wishes, day)
        times = calendar["times"] if calendar else {}
        if day not in times:
            day = min(times, default=None)
        shown = times.get(day, [])
        is_group = any(services[one]["is_group"] for one in choice.products)
        return self._render(
            "page_times",
            branch,
            choice=choice,
            anybody=replace(choice, who=None),
            by=lambda person: replace(choice, who=person),
            services=services,
            people=[]
            if is_group
            else request.env["salon.online.menu"]._get_people(branch, choice, services),
            calendar=calendar,
            day=day,
            day_parts=self._day_parts(branch, shown),
            seats=finder._seats_left(branch, shown) if is_group else {},
            summary=self._summary(branch, choice, services),
            message=message,
            reasons=[]
            if times
            else finder._get_reasons(branch, choice, self._account()),
        )

    def _day_parts(self, branch, times):
        """Morning, afternoon and evening, those with times."""
        parts = {"morning": [], "afternoon": [], "evening": []}
        for time in times:
            hour = clock.local(time.start, branch.tz).hour
            name = "morning" if hour < 12 else "afternoon" if hour < 17 else "evening"
            parts[name].append(time)
        return [(name, found) for name, found in parts.items() if found]

    def _start(self):
        start = read.number(self._one("start"), 10**8)
        now = clock.to_minutes(fields.Datetime.now())
        if not start or not now - clock.DAY < start < now + FARTHEST * clock.DAY:
            raise NotReadable("start")
        return start

    @route("/salon/<string:slug>/details", sitemap=False, readonly=True, **READ)
    @of_branch
    def salon_details(self, branch):
        choice, services = self._choice(branch)
        choice, start = choice.without_empty(), self._start()
        if not choice.products:
            raise NotReadable("nothing chosen")
        request.env["salon.limit"]._take("search", address())
        finder = request.env["salon.online.times"]
        wishes = finder._get_wishes(branch, choice, services, self._account())
        time = self._held(branch, wishes, start) or finder._find_at(
            branch, wishes, start
        )
        if not time:
            return self._render_gone_time(branch, choice, services, start, {})
        account = self._account()
        values = {
            "name": account.name if account else "",
            "phone": account.phone or "" if account else "",
            "email": account.email or "" if account else "",
            "key": secrets.token_urlsafe(18),
        }
        return self._render_details(branch, choice, services, time, values)

    def _held(self, branch, wishes, start):
        booking = request.env["salon.online.booking"]
        hold = booking._find_hold(request.session.get("salon_hold"))
        return (
            booking._get_held(hold, wishes, start) if hold.branch_id == branch else None
        )

    def _render_details(self, branch, choice, services, time, values, **more):
        account = self._account()
        family = account and request.env["salon.client.area"]._get_family(account)
        return self._render(
            "page_details",
            branch,
            family=[(str(one.id), one.name) for one in family or ()],
            choice=choice,
            services=services,
            slot=time,
            day=clock.local(time.start, branch.tz).date(),
            people=self._names(time),
            values=values,
            summary=self._summary(branch, choice, services, time),
            deposit=request.env["salon.online.deposits"]._foresee(
                branch, services, time, account
            ),
            account=account,
            **more,
        )

    def _names(self, time):
        # sudo: hr.employee - names of those who were offered
        people = request.env["hr.employee"].sudo()
        ids = {part.staff for part in time.parts if part.staff}
        name = request.env["salon.own.visit"]._get_staff_name
        return {person.id: name(person) for person in people.browse(ids)}

    def _render_gone_time(self, branch, choice, services, start, values):
        """The nearest other times, with everything kept that was typed."""
        finder = request.env["salon.online.times"]
        wishes = finder._get_wishes(branch, choice, services, self._account())
        return self._render(
            "page_gone_time",
            branch,
            status=409,
            choice=choice,
            values=values,
            times=finder._find_nearest(branch, wishes, start),
            summary=self._summary(branch, choice, services),
        )

    @route("/salon/<string:slug>/hold", sitemap=False, **WRITE)
    @of_branch
    def salon_hold(self, branch):
        choice, services = self._choice(branch)
        choice, start = choice.without_empty(), self._start()
        request.env["salon.limit"]._take("hold", address())
        hold = request.env["salon.online.booking"]._hold(
            branch, choice, services, start, request.session.get("salon_hold")
        )
        request.session["salon_hold"] = hold.token or None
        seconds = (
            (hold.expires_at - fields.Datetime.now()).total_seconds() if hold else 0
        )
        return request.make_json_response({"seconds": int(seconds)})

    @route("/salon/<string:slug>/release", sitemap=False, **WRITE)
    @of_branch
    def salon_release(self, _branch):
        request.env["salon.online.booking"]._release(
            request.session.pop("salon_hold", None)
        )
        return request.make_json_response({})

    @route("/salon/<string:slug>/book", sitemap=False, captcha=CAPTCHA, **WRITE)
    @of_branch
    def salon_book(self, branch):
        # Before anything is read: a second try waits for the first one here.
        key = read.key(self._one("key"))
        request.env["salon.once"]._begin(f"web:{branch.id}:{key}")
        booking = request.env["salon.online.booking"]
        if booked := booking._find_booked(branch, key):
            # Each time it is sent makes a link.
            request.env["salon.limit"]._take("book_address", address())
            return self._redirect_booked(booked)
        choice, services = self._choice(branch)
        choice, start = choice.without_empty(), self._start()
        if not choice.products:
            raise NotReadable("nothing chosen")
        values, person, errors = self._person(branch, choice)
        values["key"] = key
        finder = request.env["salon.online.times"]
        wishes = finder._get_wishes(branch, choice, services)
        if not errors:
            request.env["salon.limit"]._take("book_address", address())
            request.env["salon.limit"]._take("book_phone", person["number"])
        time = self._held(branch, wishes, start) or finder._find_at(
            branch, wishes, start
        )
        if not time:
            return self._render_gone_time(branch, choice, services, start, values)
        asks_code = False
        if not errors and branch.online_needs_code and not person["account"]:
            person["is_verified"], error = self._prove(branch, person["number"])
            asks_code = not person["is_verified"]
            if error:
                errors["code"] = error
        if errors or asks_code:
            return self._render_details(
                branch,
                choice,
                services,
                time,
                values,
                errors=errors,
                asks_code=asks_code,
            )
        try:
            request.env["salon.limit"]._take("book_branch", f"branch {branch.id}")
            visits = booking._book(
                branch,
                choice,
                services,
                start,
                person,
                key,
                request.session.get("salon_hold"),
            )
        except SlotTaken:
            return self._render_gone_time(branch, choice, services, start, values)
        except UserError as refused:
            return self._render_details(
                branch, choice, services, time, values, refused=str(refused)
            )
        request.session.pop("salon_hold", None)
        return self._redirect_booked(visits)

    def _redirect_booked(self, visits):
        first = visits.sorted("id")[:1]
        url = request.env["salon.link"]._make(first, "visit")[first.id]
        return request.redirect(f"/salon/booked/{url.rpartition('/')[2]}")

    def _person(self, branch, choice):
        """What was typed: for the form, for the booking, and what is wrong with it."""
        if self._one("website"):
            # A field that people do not see.
            raise NotReadable("honeypot")
        booking = request.env["salon.online.booking"]
        values = {
            "name": read.line(self._one("name"), 80),
            "phone": read.line(self._one("phone"), 40),
            "email": read.line(self._one("email"), 120),
            "note": read.lines(self._one("note"), 1000),
            "offers": bool(self._one("offers")),
            "whom": read.line(self._one("whom"), 12),
            "guests": [
                read.line(self._one(f"guest{number}"), 80)
                for number in range(2, len(choice.guests) + 1)
            ],
        }
        account = self._who_comes(values)
        number = booking._read_number(branch, values["phone"])
        email = booking._read_email(values["email"])
        errors = {}
        if len(values["name"]) < 2 or not any(map(str.isalpha, values["name"])):
            errors["name"] = request.env._("Please tell us your name.")
        if not number:
            errors["phone"] = request.env._("Please enter a phone number that works.")
        if values["email"] and not email:
            errors["email"] = request.env._("This is no e-mail address.")
        person = {
            "name": values["name"],
            "number": number,
            "email": email,
            "note": values["note"],
            "guests": values["guests"],
            "wants_offers": values["offers"],
            "account": account,
            "is_verified": False,
        }
        return values, person, errors

    def _who_comes(self, values):
        """The client's card, where it is known by the login: hers, or of her family."""
        account, whom = self._account(), values["whom"]
        if not account or whom == SOMEBODY:
            return None
        if not whom:
            return account
        family = request.env["salon.client.area"]._get_family(account)
        member = family.filtered(lambda one: one.id == read.number(whom))
        if not member:
            raise NotReadable("family")
        values["name"] = member.name
        return member

    # --- codes ---

    def _prove(self, branch, number):
        """Whether the phone is the visitor's, and what is wrong with a code."""
        session, now = request.session, fields.Datetime.now().timestamp()
        proven = session.get("salon_proven") or ["", 0]
        if proven[0] == number and proven[1] > now:
            return True, None
        typed, sent = read.line(self._one("code"), 12), session.get("salon_code")
        limits = request.env["salon.limit"]
        if typed and sent and sent[0] == number and sent[2] > now:
            limits._take("code_try", number)
            if consteq(self._seal(number, typed), sent[1]):
                session["salon_proven"] = [number, now + PROVEN_SECONDS]
                session.pop("salon_code", None)
                return True, None
            return False, request.env._("This code is not right.")
        if sent and sent[0] == number and sent[2] > now and not self._one("resend"):
            return False, None
        limits._take("code_address", address())
        limits._take("code_phone", number)
        limits._take("code_branch", f"branch {branch.id}")
        code = f"{secrets.randbelow(10**6):06d}"
        request.env["salon.online.booking"]._send_code(branch, number, code)
        session["salon_code"] = [number, self._seal(number, code), now + CODE_SECONDS]
        return False, None

    def _seal(self, number, code):
        # sudo: ir.config_parameter - the key of the database stays inside
        return hmac(request.env(su=True), "salon.online.code", (number, code))

    # --- waiting ---

    @route("/salon/<string:slug>/wait", sitemap=False, readonly=True, **READ)
    @of_branch
    def salon_wait(self, branch):
        choice, services = self._choice(branch)
        return self._render_wait(branch, choice.without_empty(), services, {})

    def _render_wait(self, branch, choice, services, values, **more):
        if not choice.products or choice.is_party:
            raise NotReadable("waits for one visit")
        today = request.env["salon.online.times"]._today(branch)
        account = self._account()
        return self._render(
            "page_wait",
            branch,
            choice=choice,
            services=services,
            account=account,
            values=values
            or {
                "name": account.name if account else "",
                "phone": account.phone or "" if account else "",
                "email": account.email or "" if account else "",
                "first": today,
                "last": today + timedelta(days=14),
            },
            today=today,
            latest=today + timedelta(days=MOST_DAYS),
            summary=self._summary(branch, choice, services),
            **more,
        )

    @route("/salon/<string:slug>/wait", sitemap=False, captcha=CAPTCHA, **WRITE)
    @of_branch
    def salon_wait_post(self, branch):
        choice, services = self._choice(branch)
        choice = choice.without_empty()
        values, person, errors = self._person(branch, choice)
        today = request.env["salon.online.times"]._today(branch)
        first = max(read.day(self._one("first")) or today, today)
        last = read.day(self._one("last")) or first
        values |= {"first": first, "last": last}
        if not first <= last <= today + timedelta(days=MOST_DAYS):
            errors["last"] = request.env._("Please choose days of the next months.")
        if not errors:
            request.env["salon.limit"]._take("book_address", address())
            request.env["salon.limit"]._take("book_phone", person["number"])
            if branch.online_needs_code and not person["account"]:
                person["is_verified"], error = self._prove(branch, person["number"])
                if not person["is_verified"]:
                    errors["code"] = error or " "
        if errors:
            return self._render_wait(branch, choice, services, values, errors=errors)
        if choice.is_party or not choice.products:
            raise NotReadable("waits for one visit")
        request.env["salon.online.booking"]._wait(
            branch, choice, services, person, first, last
        )
        return self._render("page_waiting", branch, choice=choice)

    # --- afterwards ---

    @route("/salon/booked/<string:token>", sitemap=False, readonly=True, **READ)
    def salon_booked(self, token, **_kw):
        link = request.env["salon.link"]._find(token, "visit")
        if not link:
            return render_gone()
        # A guest with a link of the own is told nothing of the others.
        visits = request.env["salon.own.visit"]._get_party(link.visit_id)
        visits = visits.filtered(lambda visit: visit.state not in states.LOST)
        if not visits:
            # Its time was given back meanwhile: the own page says what it is now.
            return private(request.redirect(f"/salon/visit/{token}"))
        booking = request.env["salon.online.booking"]
        branch = link.branch_id
        response = self._render(
            "page_booked",
            branch,
            visits=[booking._prepare_visit(visit) for visit in visits.sorted("id")],
            token=token,
            when=min(visits.mapped("start")),
        )
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    @route(
        "/salon/booked/<string:token>/visit.ics", sitemap=False, readonly=True, **READ
    )
    def salon_booked_calendar(self, token, **_kw):
        link = request.env["salon.link"]._find(token, "visit")
        if not link:
            return render_gone()
        content = request.env["salon.calendar"]._write_visit(link.visit_id)
        return request.make_response(
            content,
            [
                ("Content-Type", "text/calendar; charset=utf-8"),
                ("Content-Disposition", 'attachment; filename="visit.ics"'),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )

    @route(
        "/salon/<string:slug>/picture/<any(logo,cover,service,person):kind>/<int:number>",
        type="http",
        auth="public",
        methods=["GET"],
        readonly=True,
        save_session=False,
        sitemap=False,
    )
    def salon_picture(self, slug, kind, number, **_kw):
        branch = request.env["salon.branch"]._find_online(slug)
        found = branch and request.env["salon.online.menu"]._find_picture(
            branch, kind, number
        )
        if not found:
            return request.not_found()
        record, field = found
        size = 0 if kind in ("logo", "cover") else 160
        stream = request.env["ir.binary"]._get_image_stream_from(
            record, field, width=size, height=size
        )
        return stream.get_response(max_age=86400)

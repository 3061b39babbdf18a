"""Everything that strangers can reach, and what they may try there.

Each route of the suite is walked as a visitor, as another client and with the client's
own link, with missing, bad, huge, foreign and replayed input; every model is asked over
RPC as a portal user. The answer is a page, a redirect or a clean 4xx: never a 500 or
a traceback, never somebody else's data, and no row of the database changes.

A new route, or a new parameter of one, fails here until it is described in ``ROUTES``.
"""

import inspect
import json
import re
from datetime import timedelta

import requests

from odoo import Command, fields, http
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import config

SECRET = "zyx-secret"
#: Every route of ours and what can be sent to it beside the parts of its path.
ROUTES = {
    "/my/packages": "",
    "/my/salon": "",
    "/my/salon/messages": "",
    "/my/salon/photos": "",
    "/my/salon/photos/<int:photo_id>": "",
    "/my/visits": "page",
    "/my/visits/page/<int:page>": "",
    "/my/visits/<int:visit_id>": "access_token said token view",
    "/my/visits/<int:visit_id>/calendar.ics": "access_token token",
    "/my/visits/<int:visit_id>/cancel": "access_token agreed everybody token",
    "/my/visits/<int:visit_id>/confirm": "access_token coming token",
    "/my/visits/<int:visit_id>/<any(change,rebook):kind>": "access_token booking_key "
    "day everybody first start tag token who",
    "/my/visits/<int:visit_id>/pay": "access_token token",
    "/my/visits/<int:visit_id>/review": "access_token author text token",
    "/my/waitlist/<int:offer_id>": "access_token",
    "/my/waitlist/<int:offer_id>/<any(accept,decline):answer>": "access_token",
    "/s/<string:token>": "",
    "/salon": "",
    "/salon/<string:slug>": "",
    "/salon/<string:slug>/book": "",
    "/salon/<string:slug>/details": "",
    "/salon/<string:slug>/embed": "",
    "/salon/<string:slug>/hold": "",
    "/salon/<string:slug>/picture/<any(logo,cover,service,person):kind>"
    "/<int:number>": "",
    "/salon/<string:slug>/release": "",
    "/salon/<string:slug>/time": "",
    "/salon/<string:slug>/wait": "",
    "/salon/booked/<string:token>": "",
    "/salon/booked/<string:token>/visit.ics": "",
    "/salon/calendar/<string:token>.ics": "",
    "/salon/<any(income,profit):kind>/<int:statement_id>.xlsx": "",
    "/salon/embed.js": "",
    "/salon/sms/<int:company_id>/<string:secret>": "",
    "/salon/telegram/<int:company_id>": "",
    "/salon/review/<string:token>": "access_token author text visit_id",
    "/salon/visit/<string:token>": "access_token said view visit_id",
    "/salon/visit/<string:token>/calendar.ics": "access_token visit_id",
    "/salon/visit/<string:token>/cancel": "access_token agreed everybody visit_id",
    "/salon/visit/<string:token>/confirm": "access_token coming visit_id",
    "/salon/visit/<string:token>/<any(change,rebook):kind>": "access_token booking_key "
    "day everybody first start tag visit_id who",
    "/salon/visit/<string:token>/pay": "access_token visit_id",
    "/salon/visit/<string:token>/review": "access_token author text visit_id",
}
#: Parameters that a method takes by ``**`` and looks for by name.
NAMELESS = (
    "channel_reminders saving stars_0 text_0 wanted_reminders "
    # Of the booking pages.
    "code day email first g key last name note offers p p2 p3 phone resend "
    "since start website who whom"
).split()
#: What strangers send where something sensible is expected.
BAD = (
    "",
    "-1",
    "1.5",
    "1e9",
    "nan",
    "None",
    "2147483648",
    "9" * 40,
    "٣",
    "2031-13-45",
    "0001-01-01",
    "9999-12-31",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "{{7*7}} %s %(x)s ${x}",
    "a\x00b",
    "\ud7ff\uffff",
    "x" * 20000,
)
#: The same for calls with JSON, where anything may come.
BAD_JSON = (None, True, -1, 10**30, 1.5, "", "x" * 20000, "a\x00b", [], {}, [[[]]])
BAD_NUMBERS = ("0", "-1", "2147483648", "9" * 30, "abc", "1.5", "%27%20OR%201=1")
BAD_TOKENS = ("x", "A" * 24, "A" * 5000, "%00%ff", "a%0Ab", "%3Cscript%3E", "..", "%20")
#: Where something is counted that is asked for, or written by the host beside.
LOGS = {"salon_limit"}
HOST_TABLES = (
    "account_move account_move_line account_payment hr_employee mail_mail mail_message "
    "product_template res_company res_partner res_users sale_order sale_order_line"
).split()
CONVERTER = re.compile(r"<(?:(\w+)(?:\(([^)]*)\))?:)?(\w+)>")


def routes_of_suite(env):
    """``{url: (endpoint, parameters)}`` of every route that an addon of ours made."""
    found = {}
    web = env["ir.http"]
    # As the host puts its map together.
    modules = sorted(env.registry._init_modules.union(config["server_wide_modules"]))
    rules = web._generate_routing_rules(modules, converters=web._get_converters())
    for url, endpoint in rules:
        method = endpoint.func
        parts = method.__module__.split(".")
        if parts[:2] != ["odoo", "addons"] or not parts[2].startswith("salon_"):
            continue
        in_path = {name for _kind, _options, name in CONVERTER.findall(url)}
        named = {
            parameter.name
            for parameter in inspect.signature(method).parameters.values()
            if parameter.kind != parameter.VAR_KEYWORD
        }
        endpoints, parameters = found.setdefault(url, ([], set()))
        endpoints.append(endpoint)
        parameters |= named - in_path - {"self"}
    return found


class HostileCase(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine, cls.other = (
            new_test_user(
                cls.env,
                f"hostile_{name}",
                name=f"Hostile {name}",
                groups="base.group_portal",
                email=f"hostile@{SECRET if name == 'other' else name}.example",
            )
            for name in ("mine", "other")
        )
        cls.branch = cls.env["salon.branch"].create(
            {
                "name": "Hostile Branch",
                "is_online": True,
                "online_slug": "hostile-branch",
            }
        )
        cls.service, cls.foreign_service = cls.env["product.product"].create(
            [
                {"name": name, "type": "service", "is_salon_service": True}
                for name in ("Hostile Service", "Hostile Foreign Service")
            ]
        )
        start = fields.Datetime.now().replace(microsecond=0, second=0)
        cls.visit = cls.make_visit(cls.mine, start + timedelta(days=20))
        later = start + timedelta(days=21)
        cls.foreign = cls.make_visit(cls.other, later, cls.foreign_service)
        cls.done = cls.make_visit(cls.mine, start - timedelta(hours=2))
        cls.done._set_state("done")
        cls.token = cls.make_link(cls.visit, "visit")
        cls.expired = cls.make_link(cls.foreign, "visit", "expires_at")
        cls.revoked = cls.make_link(cls.foreign, "visit", "is_revoked")
        cls.visit._portal_ensure_token()
        cls.foreign._portal_ensure_token()

    @classmethod
    def make_visit(cls, user, start, service=None):
        return cls.env["salon.visit"].create(
            {
                "branch_id": cls.branch.id,
                "client_id": user.partner_id.id,
                "note": SECRET,
                "appointment_ids": [
                    Command.create(
                        {
                            "product_id": (service or cls.service).id,
                            "start": start,
                            "duration_minutes": 30,
                        }
                    )
                ],
            }
        )

    @classmethod
    def make_link(cls, visit, purpose, broken=None):
        urls = cls.env["salon.link"]._make(visit, purpose)
        token = next(iter(urls.values())).rpartition("/")[2]
        link = cls.env["salon.link"]._find(token)
        if broken == "expires_at":
            link.expires_at = fields.Datetime.now() - timedelta(minutes=1)
        elif broken:
            link[broken] = True
        return token

    def setUp(self):
        super().setUp()
        # What is answered when nobody counts: else all that follows is "too often".
        limits = self.env.registry["salon.limit"]
        self.patch(limits, "_allows", lambda *_args, **_options: True)

    def snapshot(self):
        """How many rows each table has, and what is in them."""
        self.env.flush_all()
        tables = {
            self.env[name]._table
            for name in self.env.registry
            if name.startswith("salon.")
            and self.env[name]._auto
            and not self.env[name]._abstract
        }
        rows = {}
        for table in sorted((tables | set(HOST_TABLES)) - LOGS):
            self.env.cr.execute(
                "SELECT count(*), coalesce(sum(hashtextextended(row::text, 0)), 0) "
                f'FROM "{table}" row'
            )
            rows[table] = self.env.cr.fetchone()
        return rows

    def assert_unchanged(self, before, what):
        after = self.snapshot()
        changed = {name for name in after if after[name] != before[name]}
        self.assertFalse(changed, what)

    def send(self, url, data=None, csrf=True, **options):
        if data is not None and csrf:
            data = {"csrf_token": http.Request.csrf_token(self), **data}
        return self.url_open(url, data=data, allow_redirects=False, **options)

    def assert_clean(self, answer, what, is_foreign=True):
        """No failure, no insight into the machine, nothing of somebody else."""
        self.assertLess(answer.status_code, 500, what)
        text = answer.text
        self.assertNotIn("Traceback (most recent call last)", text, what)
        for secret in (SECRET, "psycopg2", "odoo/addons/"):
            self.assertNotIn(secret, text.replace("/web/assets/", ""), what)
        if is_foreign:
            for secret in (self.foreign.name, "Hostile other", "Hostile Foreign"):
                self.assertNotIn(secret, text, what)

    def walked(self):
        """Yield the route, its methods, and the names of its parameters."""
        for url, (endpoints, parameters) in sorted(routes_of_suite(self.env).items()):
            methods = set()
            for endpoint in endpoints:
                methods |= set(endpoint.routing["methods"] or ("GET", "POST"))
            kind = endpoints[0].routing["type"]
            yield url, kind, sorted(methods & {"GET", "POST"}), sorted(parameters)

    def bad_paths(self, url):
        """The address with each part of it bad, in turn and all together."""
        choices = []
        for kind, options, name in CONVERTER.findall(url):
            if kind == "int":
                choices.append((name, (str(self.foreign.id), *BAD_NUMBERS)))
            elif kind == "any":
                choices.append((name, options.split(",")))
            else:
                # What fits no route at all is the host's to refuse.
                odd = [
                    one for one in BAD_TOKENS if "%00" not in one or "<int" not in url
                ]
                choices.append((name, (self.expired, self.revoked, *odd)))
        if not choices:
            return {url}
        longest = max(len(values) for _name, values in choices)
        return {
            self.fill(url, {name: values[n % len(values)] for name, values in choices})
            for n in range(longest)
        }

    def fill(self, url, values):
        return CONVERTER.sub(lambda match: values[match.group(3)], url)

    def own_paths(self, url):
        """The address as it opens the client's own visit."""
        values = {
            "visit_id": str(self.visit.id),
            "token": self.token,
            "offer_id": "1",
            "photo_id": "1",
            "statement_id": "1",
            "number": "1",
            "slug": "hostile-branch",
            "page": "1",
        }
        kinds = [
            options.split(",")
            for kind, options, _name in CONVERTER.findall(url)
            if kind == "any"
        ]
        names = [name for kind, _o, name in CONVERTER.findall(url) if kind == "any"]
        for choice in kinds[0] if kinds else [None]:
            filled = {**values, **({names[0]: choice} if names else {})}
            yield self.fill(
                url,
                {
                    name: filled.get(name, "x")
                    for _kind, _options, name in CONVERTER.findall(url)
                },
            )

    def as_user(self, login):
        self.authenticate(login, login)


@tagged("post_install", "-at_install")
class TestHostileRoutes(HostileCase):
    def test_every_route_and_its_parameters_are_described(self):
        found = {
            url: " ".join(sorted(parameters))
            for url, (_endpoints, parameters) in routes_of_suite(self.env).items()
        }
        self.assertEqual(found, ROUTES)

    def test_nothing_is_to_be_had_with_bad_addresses(self):
        before = self.snapshot()
        for login in (None, "hostile_mine"):
            self.as_user(login)
            for url, kind, methods, _parameters in self.walked():
                for path in self.bad_paths(url):
                    for method in methods:
                        what = f"{method} {path[:200]} as {login}"
                        self.assert_clean(self.ask(kind, method, path, {}), what)
            self.assert_unchanged(before, f"as {login}")

    def ask(self, kind, method, path, values):
        if kind == "jsonrpc":
            return self.send_json(path, values)
        if method == "POST":
            return self.send(path, data=values)
        # Longer addresses do not get as far as to us.
        short = {name: value[:2000] for name, value in values.items()}
        return self.get(path, short) if values else self.send(path)

    def get(self, path, values):
        request = self.opener.prepare_request(
            requests.Request("GET", self.base_url() + path, params=values)
        )
        return self.opener.send(request, allow_redirects=False, timeout=30)

    def send_json(self, path, values):
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": values})
        return self.url_open(
            path,
            data=body,
            headers={"Content-Type": "application/json"},
            allow_redirects=False,
        )

    def test_bad_values_do_nothing_even_with_the_own_link(self):
        before = self.snapshot()
        # Half of the values each: what is read is read in the same way.
        for half, login in enumerate((None, "hostile_mine")):
            self.as_user(login)
            for url, kind, methods, parameters in self.walked():
                for path in self.own_paths(url):
                    bad = self.bad_values(kind, [*parameters, *NAMELESS])
                    for values in [*bad][half::2]:
                        for method in methods:
                            what = f"{method} {path[:90]} {str(values)[:90]} {login}"
                            answer = self.ask(kind, method, path, values)
                            self.assert_clean(answer, what)
                self.assert_unchanged(before, f"{url} as {login}")

    def bad_values(self, kind, names):
        """Each bad value for all parameters at once, then all of them missing."""
        for bad in BAD_JSON if kind == "jsonrpc" else BAD:
            yield dict.fromkeys(names, bad)
        yield {}

    def test_a_huge_body_and_odd_encodings_are_refused_politely(self):
        before = self.snapshot()
        self.as_user(None)
        for url, kind, methods, _parameters in self.walked():
            if "POST" not in methods or kind != "http":
                continue
            path = next(iter(self.own_paths(url)))
            for body, content_type in (
                (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
                (b"csrf_token=%ff%fe&start=%80", "application/x-www-form-urlencoded"),
                (b'{"params": {}}', "application/json"),
                (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
                (b"a=" + b"x" * 2_000_000, "application/x-www-form-urlencoded"),
            ):
                answer = self.url_open(
                    path,
                    data=body,
                    headers={"Content-Type": content_type},
                    allow_redirects=False,
                )
                self.assert_clean(answer, f"{path[:90]} {content_type}")
        self.assert_unchanged(before, "odd bodies")

    def test_forms_of_other_sites_do_nothing(self):
        """Without the token of the session a form is not from our page."""
        before = self.snapshot()
        for login in (None, "hostile_mine"):
            self.as_user(login)
            for url, kind, methods, _parameters in self.walked():
                if "POST" not in methods or kind != "http":
                    continue
                for path in self.own_paths(url):
                    answer = self.send(path, {"agreed": "0"}, csrf=False)
                    refused = (303, 400, 401, 403, 404)
                    self.assertIn(answer.status_code, refused, path)
        self.assert_unchanged(before, "without the token of the session")

    def test_another_client_gets_nothing_of_a_visit_by_its_number(self):
        before = self.snapshot()
        self.as_user("hostile_other")
        number = str(self.visit.id)
        for url, kind, methods, _parameters in self.walked():
            if "<int:visit_id>" not in url:
                continue
            for path in self.own_paths(url):
                for method in methods:
                    for values in (
                        {"agreed": "0", "stars_0": "5"},
                        {"access_token": self.foreign.access_token},
                        {"access_token": ""},
                    ):
                        answer = self.ask(kind, method, path, values)
                        self.assertNotEqual(answer.status_code, 200, path)
                        self.assertNotIn(self.visit.name, answer.text)
                        self.assertNotIn(number, answer.headers.get("Location", ""))
        self.assert_unchanged(before, "of a foreign visit")

    def test_a_missing_visit_and_a_foreign_one_look_the_same(self):
        self.as_user("hostile_mine")
        for tail in ("", "/cancel", "/change", "/review", "/calendar.ics"):
            foreign, missing = (
                self.send(f"/my/visits/{number}{tail}")
                for number in (self.foreign.id, 2**31 - 1)
            )
            self.assertEqual(foreign.status_code, missing.status_code)
            self.assertEqual(
                foreign.headers.get("Location"), missing.headers.get("Location")
            )

    def test_links_that_never_were_have_expired_or_were_revoked_look_the_same(self):
        self.as_user(None)
        answers = {
            (answer.status_code, len(answer.text))
            for token in ("A" * 24, self.expired, self.revoked)
            for answer in [self.send(f"/salon/visit/{token}")]
        }
        self.assertEqual(len(answers), 1)
        self.assertEqual(answers.pop()[0], 404)

    def test_what_was_sent_once_does_nothing_when_it_is_sent_again(self):
        self.as_user(None)
        page = f"/salon/visit/{self.token}"
        review = f"/salon/review/{self.make_link(self.done, 'review')}"
        for path, values in (
            (f"{page}/cancel", {"agreed": "0"}),
            (review, {"stars_0": "5"}),
        ):
            if path == review:
                # The first change of a review is allowed.
                self.send(path, values)
            self.send(path, values)
            before = self.snapshot()
            for _replay in range(3):
                self.assert_clean(self.send(path, values), path)
            self.assert_unchanged(before, f"{path} again")
        self.env.invalidate_all()
        self.assertEqual(self.visit.state, "cancelled")
        self.assertEqual(self.env["salon.reviews"]._get_review(self.done).stars, 5)

    def test_other_methods_do_what_the_page_does_or_nothing(self):
        """Nor is a form's method another one because a parameter or header says so."""
        before = self.snapshot()
        self.as_user(None)
        spoofed = {"X-HTTP-Method-Override": "POST", "X-Method-Override": "POST"}
        for url, _kind, methods, _parameters in self.walked():
            path = next(iter(self.own_paths(url)))
            for method in ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE"):
                answer = self.ask_by(method, path)
                self.assert_clean(answer, f"{method} {path[:90]}")
            if "GET" not in methods:
                answer = self.ask_by("GET", path, headers=spoofed)
                self.assertIn(answer.status_code, (303, 400, 403, 404, 405), path)
            answer = self.ask_by(
                "GET", f"{path}?_method=POST&agreed=0&accept=1", headers=spoofed
            )
            self.assert_clean(answer, f"spoofed {path[:90]}")
        self.assert_unchanged(before, "by other methods")

    def ask_by(self, method, path, **options):
        return self.opener.request(
            method,
            self.base_url() + path,
            allow_redirects=False,
            timeout=30,
            **options,
        )

    def test_nobody_is_sent_to_another_site(self):
        """By a parameter or a forged host; links lead to the salon's own address."""
        self.as_user(None)
        for url, _kind, methods, _parameters in self.walked():
            if "GET" not in methods:
                continue
            for path in self.own_paths(url):
                for target in ("https://evil.example/", "//evil.example/"):
                    query = dict.fromkeys(
                        ("redirect", "next", "url", "view", "said", "first"), target
                    )
                    answer = self.get(path, query)
                    self.assertNotIn(
                        "evil.example",
                        answer.headers.get("Location", "").partition("?")[0],
                        path,
                    )
        answer = self.ask_by(
            "GET",
            f"/salon/visit/{self.token}",
            headers={"X-Forwarded-Host": "evil.example"},
        )
        self.assertNotIn("evil.example", answer.text)

    def test_a_link_of_one_visit_does_nothing_to_another(self):
        """Whatever number or token of another visit is sent along with it."""
        self.as_user(None)
        page = f"/salon/visit/{self.token}"
        foreign = {
            "visit_id": str(self.foreign.id),
            "access_token": self.foreign.access_token,
        }
        for tail in ("", "/cancel", "/change", "/rebook", "/review", "/calendar.ics"):
            self.assert_clean(self.get(page + tail, foreign), tail)
        self.send(f"{page}/cancel", {"agreed": "0", "everybody": "1", **foreign})
        self.env.invalidate_all()
        self.assertEqual(self.visit.state, "cancelled")
        self.assertEqual(self.foreign.state, "booked")

    def test_wildcards_are_letters_like_others(self):
        self.as_user(None)
        for slug in ("%25", "hostile_branch", "hostile%25", "_" * 14):
            for tail in ("", "/time", "/details", "/embed"):
                answer = self.send(f"/salon/{slug}{tail}")
                self.assertNotEqual(answer.status_code, 200, slug)
                self.assert_clean(answer, slug)
        for token in ("%25" * 24, "_" * 24, self.token.swapcase(), f"{self.token}%20"):
            answer = self.send(f"/salon/visit/{token}")
            self.assertEqual(answer.status_code, 404, token)

    def test_who_guesses_links_is_stopped_and_learns_no_more_then(self):
        """Also a link that works is of no use to whoever has guessed that often."""
        self.as_user(None)
        limits = self.env.registry["salon.limit"]
        self.patch(limits, "_allows", lambda *_args, **_options: False)
        for path in ("/s/", "/salon/visit/", "/salon/review/"):
            answers = {
                (answer.status_code, len(answer.text))
                for token in ("A" * 24, self.expired, self.revoked)
                for answer in [self.send(path + token)]
            }
            self.assertEqual(len(answers), 1)
            self.assertEqual(answers.pop()[0], 429)

    def test_a_cancelled_visit_is_neither_changed_nor_paid_nor_reviewed(self):
        self.visit._set_state("cancelled")
        self.as_user(None)
        page = f"/salon/visit/{self.token}"
        start = str(int((self.visit.start + timedelta(days=1)).timestamp() // 60))
        before = self.snapshot()
        for tail, values in (
            ("/change", {"start": start, "tag": "x", "who": "any"}),
            ("/cancel", {"agreed": "0"}),
            ("/pay", {}),
            ("/review", {"stars_0": "5"}),
        ):
            self.assert_clean(self.send(page + tail, values), tail)
        self.assert_unchanged(before, "after it was cancelled")

    def test_texts_of_strangers_are_shown_as_texts(self):
        self.as_user(None)
        script = "<script>alert('x')</script>"
        review = f"/salon/review/{self.make_link(self.done, 'review')}"
        self.send(review, {"stars_0": "5", "text": script, "author": script})
        self.assertNotIn(script, self.send(review).text)

    def test_pages_with_a_secret_in_the_address_tell_nobody(self):
        self.as_user(None)
        for tail in ("", "/cancel", "/change", "/review", "/calendar.ics"):
            answer = self.send(f"/salon/visit/{self.token}{tail}")
            self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer", tail)
            self.assertIn("no-store", answer.headers["Cache-Control"], tail)

    def test_the_walk_would_find_a_leak(self):
        """Whose visit it is reads of it, and that is what must not be told others."""
        self.as_user("hostile_other")
        answer = self.send(f"/my/visits/{self.foreign.id}")
        self.assertEqual(answer.status_code, 200)
        with self.assertRaises(AssertionError):
            self.assert_clean(answer, "")


@tagged("post_install", "-at_install")
class TestHostileCalls(HostileCase):
    """Over RPC, by HTTP, as a client who knows the names of our models."""

    #: Services of the host that take any model.
    VERBS = {
        "read": [["id", "display_name"]],
        "search_read": [[], ["id"]],
        "web_search_read": [[], {"id": {}, "display_name": {}}],
        "web_read": [{"id": {}, "display_name": {}}],
        "formatted_read_group": [[], ["id"], ["__count"]],
        "export_data": [["id"]],
        "write": [{"active": False}],
        "create": [[{}]],
        "copy": [],
        "unlink": [],
        "name_search": [""],
        "name_create": ["x"],
        "onchange": [{}, [], {"id": {}}],
        "load": [["id"], [["1"]]],
        "web_save": [{}, {"id": {}}],
        "message_post": [],
        "action_archive": [],
    }
    WITHOUT_RECORDS = set(
        "search_read web_search_read formatted_read_group create name_search "
        "name_create load".split()
    )

    #: The others may answer with nothing in it, as the host has it.
    REFUSED = set(
        "copy create export_data formatted_read_group name_search read search_read "
        "unlink web_save web_search_read write".split()
    )
    POLITE = ("odoo.exceptions.AccessError", "odoo.exceptions.UserError")

    def rpc(self, model, method, arguments):
        body = {
            "jsonrpc": "2.0",
            "params": {
                "model": model,
                "method": method,
                "args": arguments,
                "kwargs": {},
            },
        }
        return self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            data=json.dumps(body),
            headers={"Content-Type": "application/json"},
        )

    def test_a_client_reads_and_changes_nothing_of_any_model(self):
        before = self.snapshot()
        self.as_user("hostile_mine")
        models = [
            name
            for name in sorted(self.env.registry)
            if name.startswith("salon.") and not self.env[name]._abstract
        ]
        for model in models:
            number = self.env[model].with_context(active_test=False).search([], limit=1)
            for verb, arguments in self.VERBS.items():
                if not hasattr(self.env[model], verb):
                    continue
                own = [] if verb in self.WITHOUT_RECORDS else [number.ids or [1]]
                with self.subTest(model=model, verb=verb):
                    answer = self.rpc(model, verb, [*own, *arguments])
                    self.assertEqual(answer.status_code, 200)
                    self.assertNotIn(SECRET, answer.text)
                    result = answer.json()
                    if verb in self.REFUSED:
                        name = result.get("error", {}).get("data", {}).get("name", "")
                        self.assertIn(name, self.POLITE, str(result)[:300])
        self.assert_unchanged(before, "over RPC")

    def test_a_visitor_gets_not_even_to_the_call(self):
        self.as_user(None)
        for model in ("salon.visit", "salon.link", "salon.review", "salon.branch"):
            answer = self.rpc(model, "search_read", [[], ["id"]])
            self.assertIn("error", answer.json())

    def test_private_methods_and_services_are_out_of_reach(self):
        before = self.snapshot()
        self.as_user("hostile_mine")
        for model in sorted(self.env.registry):
            if not model.startswith("salon.") or not self.env[model]._abstract:
                continue
            methods = [
                name
                for name, value in vars(type(self.env[model])).items()
                if callable(value) and not name.startswith("__")
            ]
            for method in {*methods, "_portal_find", "_make", "_find", "_write"}:
                answer = self.rpc(model, method, [])
                self.assertIn("error", answer.json(), f"{model}.{method}")
        self.assert_unchanged(before, "services over RPC")

    def test_pictures_and_files_of_our_models_are_not_served(self):
        """By the host's routes for images and attachments."""
        for login in (None, "hostile_mine"):
            self.as_user(login)
            for model, field in (
                ("salon.photo", "image"),
                ("salon.photo", "image_256"),
                ("salon.visit", "note"),
                ("salon.link", "digest"),
                ("salon.review", "text"),
            ):
                for path in (
                    f"/web/image/{model}/1/{field}",
                    f"/web/content/{model}/1/{field}",
                ):
                    answer = self.send(path)
                    self.assertLess(answer.status_code, 500, path)
                    if answer.status_code == 200:
                        # The host's placeholder instead of a picture.
                        self.assertIn(
                            "placeholder",
                            answer.headers.get("Content-Disposition", "placeholder"),
                            path,
                        )
                    self.assertNotIn(SECRET.encode(), answer.content)

    def test_the_chatter_of_a_visit_keeps_what_the_team_says(self):
        self.foreign._message_log(body=f"Note {SECRET}")
        self.foreign.message_post(
            body=f"Internal {SECRET}", subtype_xmlid="mail.mt_note"
        )
        self.as_user("hostile_mine")
        for token in (None, "x", self.visit.access_token, self.foreign.access_token):
            body = {
                "params": {
                    "thread_model": "salon.visit",
                    "thread_id": self.foreign.id,
                    "fetch_params": {"limit": 30},
                    **({"token": token} if token else {}),
                }
            }
            answer = self.url_open(
                "/mail/chatter_fetch",
                data=json.dumps(body),
                headers={"Content-Type": "application/json"},
            )
            self.assertNotIn(SECRET, answer.text)

"""Visitors of the booking pages, all at once, on a server with two workers.

In a copy of the database. Each visitor has a network address and a phone of the own, as
people at home do, so all limits stay in force.
"""

import os
import re
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path

from harness import Measurement

TESTS = Path(__file__).resolve().parents[1]
VISITORS = int(os.environ.get("SALON_BENCH_VISITORS") or 50)
WORKERS = 2
BRANCH, LOGIN = "bench-web", "bench_portal"
#: Pages that each visitor of the bare host looks at, as many as a booking takes.
PAGES = 5
#: On the menu of the branch.
SERVICES = 40
#: How often somebody whose time is gone takes another one.
TRIES = 5


class Visitor:
    """One browser without scripts, and how long it waited for each page."""

    def __init__(self, address: str, number: int):
        self.address = address
        self.seconds = defaultdict(list)
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(CookieJar()),
        )
        self.opener.addheaders = [
            ("X-Forwarded-For", f"198.18.{number // 250}.{number % 250 + 1}"),
            ("X-Forwarded-Host", urllib.parse.urlsplit(address).netloc),
        ]

    def ask(self, page, path, form=None, **query):
        """Return status, address in the end and text of a page."""
        data = urllib.parse.urlencode(form, doseq=True).encode() if form else None
        url = self.address + path
        if query:
            url += "?" + urllib.parse.urlencode(query)
        start = time.monotonic()
        try:
            with self.opener.open(url, data, timeout=300) as answer:
                found = answer.status, answer.url, answer.read().decode()
        except urllib.error.HTTPError as error:
            found = error.code, url, error.read().decode(errors="replace")
        self.seconds[page].append(time.monotonic() - start)
        return found

    def log_in(self):
        _status, _url, page = self.ask("login", "/web/login")
        form = {**fields_of(page), "login": LOGIN, "password": LOGIN}
        _status, url, _page = self.ask("login", "/web/login", form)
        if not url.endswith("/my"):
            raise AssertionError(f"Nobody was let in: {url}")


def fields_of(page):
    """Return what a form hands on that nobody sees."""
    found = defaultdict(list)
    for tag in re.findall(r'<input[^>]*type="hidden"[^>]*>', page):
        name, value = (
            re.search(rf'\b{key}="([^"]*)"', tag) for key in ("name", "value")
        )
        if name and value:
            found[name[1]].append(value[1])
    return dict(found)


def starts_of(page):
    return re.findall(r'name="start"[^>]*value="(\d+)"', page)


def _book(visitor, number, product):
    """Look, choose, fill in and book, as people do; return how it ended."""
    visitor.ask("services", f"/salon/{BRANCH}")
    _status, _url, page = visitor.ask("times", f"/salon/{BRANCH}/time", p=product)
    starts = starts_of(page)
    if not starts:
        return "nothing free"
    status, _url, page = visitor.ask(
        "details", f"/salon/{BRANCH}/details", p=product, start=starts[0]
    )
    for _try in range(TRIES):
        if status == 409:
            # Gone: one of the times that are offered instead.
            others = starts_of(page)
            if not others:
                return "told that nothing is left"
            form = fields_of(page) | {"start": [others[number % len(others)]]}
            if "key" not in form:
                status, _url, page = visitor.ask(
                    "details", f"/salon/{BRANCH}/details", form
                )
                continue
        else:
            form = fields_of(page)
            visitor.ask("hold", f"/salon/{BRANCH}/hold", form)
        form |= {"name": f"Visitor {number}", "phone": f"+3247{number:07d}"}
        status, url, page = visitor.ask("book", f"/salon/{BRANCH}/book", form)
        if "/salon/booked/" in url:
            return "booked"
        if status != 409:
            return f"status {status}"
    return "offered others to the end"


def _all_at_once(visitors, what):
    with ThreadPoolExecutor(len(visitors)) as pool:
        return list(pool.map(what, visitors, range(len(visitors))))


@contextmanager
def _copied(desk, env):
    """A copy of the database, which is in use and so cannot be a template."""
    name = desk.create(desk.own_name("web"), "template0")
    try:
        dump = subprocess.Popen(
            [desk.programs / "pg_dump", "-Fc", "-Z0", env.cr.dbname],
            stdout=subprocess.PIPE,
        )
        subprocess.run(
            [desk.programs / "pg_restore", "--no-owner", "-d", name],
            stdin=dump.stdout,
            check=True,
        )
        desk.call(name, Path(__file__), "prepare")
        yield name
    finally:
        desk.drop(name)


def prepare(env):
    """Publish a branch of ten people; let somebody in whose portal is empty."""
    from bench_salon import BenchSalon  # noqa: PLC0415

    from odoo import Command  # noqa: PLC0415

    salon = BenchSalon(env)
    categories = env["product.category"].create(
        [{"name": f"Bench {number}"} for number in range(5)]
    )
    services = salon.cut | salon.dry
    for number in range(SERVICES - len(services)):
        services |= salon._service(f"Bench service {number}", 45)
    for number, service in enumerate(services):
        service.categ_id = categories[number % len(categories)]
    env["salon.skill"].create(
        [
            {"staff_id": person.id, "product_tmpl_id": service.product_tmpl_id.id}
            for person in salon.people
            for service in services - salon.cut - salon.dry
        ]
    )
    salon.branch.write({"is_online": True, "online_slug": BRANCH})
    env["res.users"].with_context(no_reset_password=True).create(
        {
            "name": "Bench portal",
            "login": LOGIN,
            "password": LOGIN,
            "group_ids": [Command.set(env.ref("base.group_portal").ids)],
        }
    )


def bench_web(env):
    """Search and book at once; the host shows its portal to who has nothing there."""
    sys.path[:0] = [str(TESTS.parent), str(TESTS), str(TESTS / "concurrency")]
    from desk import OVERLAPS, Desk  # noqa: PLC0415
    from web_client import serving  # noqa: PLC0415

    desk = Desk()
    with (
        _copied(desk, env) as database,
        serving(desk, database, WORKERS, "--proxy-mode") as server,
    ):
        first = Visitor(server.address, VISITORS)
        _status, _url, page = first.ask("services", f"/salon/{BRANCH}")
        product = re.search(r'name="p"[^>]*value="(\d+)"', page)[1]
        first.log_in()
        # Every worker has its caches filled before anybody looks at a clock.
        warm = [Visitor(server.address, VISITORS + 1 + one) for one in range(8)]
        _all_at_once(
            warm,
            lambda visitor, _number: [
                visitor.ask("times", f"/salon/{BRANCH}/time", p=product)
                and visitor.ask("services", f"/salon/{BRANCH}")
                for _page in range(3)
            ],
        )
        visitors = [Visitor(server.address, number) for number in range(VISITORS)]
        ends = _all_at_once(
            visitors, lambda visitor, number: _book(visitor, number, product)
        )
        others = [Visitor(server.address, number) for number in range(VISITORS)]
        _all_at_once(others, lambda visitor, _number: visitor.log_in())
        _all_at_once(
            others,
            lambda visitor, _number: [
                visitor.ask("portal", "/my") for _page in range(PAGES)
            ],
        )
        _check(desk, database, server, ends, OVERLAPS)
    ours, bare = _seconds(visitors), _seconds(others)["portal"]
    whole = [one for seconds in ours.values() for one in seconds]
    against = "bare host, portal page of who has nothing"
    return [
        _measure("web median", statistics.median, whole, bare, against),
        _measure("web p95", _percentile, whole, bare, against),
        *(
            _measure(f"web {page} median", statistics.median, seconds, bare, against)
            for page, seconds in ours.items()
        ),
        Measurement(ends.count("booked"), "booked", name=f"web of {VISITORS}"),
    ]


def _check(desk, database, server, ends, overlaps):
    """Refuse a run in which anything went wrong."""
    counted = Counter(ends)
    broken = [end for end in counted if end.startswith("status")]
    booked = desk.value(
        database,
        f"""SELECT count(*) FROM salon_visit visit
              JOIN salon_branch branch ON branch.id = visit.branch_id
             WHERE branch.online_slug = '{BRANCH}'""",
    )
    doubles, troubles = desk.value(database, overlaps), server.tracebacks()
    if broken or troubles or doubles or booked != counted["booked"]:
        raise AssertionError(
            f"{counted}, {booked} in the database, {doubles} double bookings, "
            f"{len(troubles)} errors in the log"
        )


def _seconds(visitors):
    found = defaultdict(list)
    for visitor in visitors:
        for page, seconds in visitor.seconds.items():
            found[page] += seconds
    return found


def _percentile(seconds):
    return sorted(seconds)[int(len(seconds) * 0.95)]


def _measure(name, count, ours, bare, against):
    return Measurement(count(ours) * 1000, "ms", count(bare) * 1000, against, name)
